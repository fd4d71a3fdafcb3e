import { and, asc, eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { drafts, sites } from '../db/schema.ts'
import { type Configuration, ConfigurationSchema, KINDS } from '../model/configuration.ts'

/** Who changes something, and when (epoch ms). */
export interface Change {
  readonly by: string
  readonly at: number
}

/** A site's draft as one document; nothing for a site that was never drafted. */
export async function readDraft(db: D1Database, site: string): Promise<Configuration | undefined> {
  const d1 = drizzle(db)
  const [[row], rows] = await d1.batch([
    d1.select().from(sites).where(eq(sites.id, site)),
    d1.select().from(drafts).where(eq(drafts.site, site)).orderBy(asc(drafts.place)),
  ])
  if (!row) return undefined
  const byKind = Map.groupBy(rows, ({ kind }) => kind)
  const lists = KINDS.map((kind) => [
    kind,
    (byKind.get(kind) ?? []).map(({ doc }) => JSON.parse(doc)),
  ])
  return ConfigurationSchema.parse({ site: JSON.parse(row.doc), ...Object.fromEntries(lists) })
}

/** Replaces a site's draft: all of it or, when D1 fails, nothing of it. */
export async function writeDraft(
  db: D1Database,
  configuration: Configuration,
  { by, at }: Change,
): Promise<void> {
  const d1 = drizzle(db)
  const { site } = configuration
  const stamp = { updatedAt: at, updatedBy: by }
  const doc = JSON.stringify(site)
  const rows = KINDS.flatMap((kind) =>
    configuration[kind].map((thing, place) => ({
      site: site.id,
      kind,
      id: thing.id,
      place,
      doc: JSON.stringify(thing),
      ...stamp,
    })),
  )
  await d1.batch([
    d1
      .insert(sites)
      .values({ id: site.id, doc, ...stamp })
      .onConflictDoUpdate({ target: sites.id, set: { doc, ...stamp } }),
    d1.delete(drafts).where(and(eq(drafts.site, site.id))),
    ...chunks(rows, ROWS_PER_STATEMENT).map((part) => d1.insert(drafts).values(part)),
  ])
}

/** D1 takes 100 bound parameters a statement; a draft row has seven. */
const ROWS_PER_STATEMENT = 14

function chunks<T>(list: readonly T[], size: number): T[][] {
  const count = Math.ceil(list.length / size)
  return Array.from({ length: count }, (_, n) => list.slice(n * size, (n + 1) * size))
}
