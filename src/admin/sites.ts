import { eq } from 'drizzle-orm'
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1'
import type { Change } from '../db/change-log.ts'
import { sites } from '../db/schema.ts'
import type { Problem } from '../model/problem.ts'
import { err, ok, type Result } from '../model/result.ts'
import type { Site } from '../model/site.ts'
import type { Role } from '../staff/token.ts'
import { forbiddenTo } from './owners.ts'
import { holds, type Precondition } from './precondition.ts'
import { revise, untilDone } from './revise.ts'
import type { Thing } from './things.ts'

export type SiteRefusal =
  | { readonly reason: 'not_found' }
  | { readonly reason: 'forbidden'; readonly errors: readonly Problem[] }
  | { readonly reason: 'precondition_failed'; readonly current: Thing | undefined }

/** A site's own document, with its version. */
export async function readSite(db: D1Database, id: string): Promise<Thing | undefined> {
  const row = await rowOf(drizzle(db), id)
  return row && toThing(row)
}

/** Writes a site's own document where what is there is what was expected. */
export async function saveSite(
  db: D1Database,
  site: Site,
  expected: Precondition,
  change: Change & { readonly role: Role },
): Promise<Result<Thing, SiteRefusal>> {
  return untilDone(async () => {
    const row = await rowOf(drizzle(db), site.id)
    const current = row && toThing(row)
    if (!current && expected !== 'absent') return err({ reason: 'not_found' })
    if (!holds(expected, current?.version)) return err({ reason: 'precondition_failed', current })
    const errors = forbiddenTo(change.role, row && JSON.parse(row.doc), site)
    if (errors.length > 0) return err({ reason: 'forbidden', errors })
    const revision = row?.revision ?? 0
    const stamp = { doc: JSON.stringify(site), updatedAt: change.at, updatedBy: change.by }
    const done = await revise(db, { site: site.id, revision }, change, {
      act: {
        ...{ action: row ? 'change' : 'create', kind: 'site', id: site.id },
        summary: `${row ? 'Changed' : 'Created'} the site “${site.name}”.`,
      },
      writes: (d1, version) => [
        d1
          .insert(sites)
          .values({ id: site.id, revision: version, version, ...stamp })
          .onConflictDoUpdate({ target: sites.id, set: { version, ...stamp } }),
      ],
    })
    const { updatedAt, updatedBy } = stamp
    return done ? ok({ doc: site, version: revision + 1, updatedAt, updatedBy }) : undefined
  })
}

async function rowOf(d1: DrizzleD1Database, id: string) {
  const [row] = await d1.select().from(sites).where(eq(sites.id, id))
  return row
}

function toThing({ doc, version, updatedAt, updatedBy }: typeof sites.$inferSelect): Thing {
  return { doc: JSON.parse(doc), version, updatedAt, updatedBy }
}
