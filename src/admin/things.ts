import { and, asc, eq, gt, isNotNull, or, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import * as z from 'zod'
import type { Change } from '../db/change-log.ts'
import { drafts, sites } from '../db/schema.ts'
import type { Configuration, Kind } from '../model/configuration.ts'
import { err, ok, type Result } from '../model/result.ts'
import { readRevision } from './drafts.ts'
import { holds, type Precondition } from './precondition.ts'
import { type Reference, usesOf } from './references.ts'
import { revise, untilDone } from './revise.ts'

/** A document that editors work on, with what tells one state of it from another. */
export interface Thing {
  readonly doc: unknown
  readonly version: number
  /** Epoch ms. */
  readonly updatedAt: number
  readonly updatedBy: string
}

/** Where things of one kind are; some kinds are a part of another: offers are variants. */
export interface Shelf {
  readonly site: string
  readonly kind: Kind
  /** A property that those of this shelf have. */
  readonly having?: string | undefined
}

export type ThingRefusal =
  | { readonly reason: 'not_found' }
  | { readonly reason: 'precondition_failed'; readonly current: Thing | undefined }
  | { readonly reason: 'in_use'; readonly uses: readonly Reference[] }

interface Doc {
  readonly id: string
  readonly name?: string
}

/** A document that is not there yet. */
export interface NewThing {
  readonly kind: Kind
  readonly doc: { readonly id: string }
}

/** A place in a list: after it, the next page begins. */
export const CursorSchema = z.strictObject({ place: z.int(), id: z.string() })
type Cursor = z.infer<typeof CursorSchema>

/** A page of a shelf in its order, of things whose id or name contains `q`; nothing without the site. */
export async function listThings(
  db: D1Database,
  shelf: Shelf,
  { q = '', after, limit }: { q?: string | undefined; after?: Cursor | undefined; limit: number },
): Promise<{ items: Thing[]; next: Cursor | undefined } | undefined> {
  const d1 = drizzle(db)
  const named = sql`lower(${drafts.id} || ' ' || coalesce(json_extract(${drafts.doc}, '$.name'), ''))`
  const [known, rows] = await d1.batch([
    d1.select({ id: sites.id }).from(sites).where(eq(sites.id, shelf.site)),
    d1
      .select()
      .from(drafts)
      .where(
        and(
          isOn(shelf),
          q === '' ? undefined : sql`instr(${named}, ${q.toLowerCase()}) > 0`,
          after &&
            or(
              gt(drafts.place, after.place),
              and(eq(drafts.place, after.place), gt(drafts.id, after.id)),
            ),
        ),
      )
      .orderBy(asc(drafts.place), asc(drafts.id))
      .limit(limit + 1),
  ])
  if (known.length === 0) return undefined
  const last = rows.length > limit ? rows[limit - 1] : undefined
  const next = last && { place: last.place, id: last.id }
  return { items: rows.slice(0, limit).map(toThing), next }
}

export async function readThing(
  db: D1Database,
  shelf: Shelf,
  id: string,
): Promise<Thing | undefined> {
  const [row] = await drizzle(db)
    .select()
    .from(drafts)
    .where(and(isOn(shelf), eq(drafts.id, id)))
  return row && toThing(row)
}

/** Writes a document where what is there is what was expected; a new one goes to the end of its list. */
export async function saveThing(
  db: D1Database,
  shelf: Shelf,
  doc: Doc,
  expected: Precondition,
  change: Change,
): Promise<Result<Thing, ThingRefusal>> {
  const { site, kind } = shelf
  return untilDone(async () => {
    const { revision, found } = await look(db, site, kind, doc.id)
    if (revision === undefined) return err({ reason: 'not_found' })
    // A variant that is no offer stands in the way of an offer by its name all the same.
    const current = found && toThing(found)
    if (!holds(expected, found?.version)) return err({ reason: 'precondition_failed', current })
    const stamp = { doc: JSON.stringify(doc), updatedAt: change.at, updatedBy: change.by }
    const done = await revise(db, { site, revision }, change, {
      act: actOf(found ? 'change' : 'create', kind, doc),
      writes: (d1, version) => [
        d1
          .insert(drafts)
          .values({ site, kind, id: doc.id, place: nextPlace(site, kind), version, ...stamp })
          .onConflictDoUpdate({
            target: [drafts.site, drafts.kind, drafts.id],
            set: { version, ...stamp },
          }),
      ],
    })
    const { updatedAt, updatedBy } = stamp
    return done ? ok({ doc, version: revision + 1, updatedAt, updatedBy }) : undefined
  })
}

/** Adds new things to a site's draft, all or none, as decided from the draft that they are added to. */
export async function addThings<E>(
  db: D1Database,
  site: string,
  decide: (draft: Configuration) => Result<{ things: readonly NewThing[]; summary: string }, E>,
  change: Change,
): Promise<Result<readonly NewThing[], E | { readonly reason: 'not_found' }>> {
  return untilDone(async () => {
    const draft = await readRevision(db, site)
    if (!draft) return err({ reason: 'not_found' })
    const decided = decide(draft.configuration)
    if (!decided.ok) return decided
    const { things, summary } = decided.value
    const stamp = { updatedAt: change.at, updatedBy: change.by }
    const done = await revise(db, { site, revision: draft.revision }, change, {
      act: { action: 'create', kind: 'configuration', id: site, summary },
      writes: (d1, version) =>
        things.map(({ kind, doc }) =>
          d1.insert(drafts).values({
            ...{ site, kind, id: doc.id, place: nextPlace(site, kind), version, ...stamp },
            doc: JSON.stringify(doc),
          }),
        ),
    })
    return done ? ok(things) : undefined
  })
}

/** Deletes what nothing else names. */
export async function deleteThing(
  db: D1Database,
  shelf: Shelf,
  id: string,
  expected: Precondition,
  change: Change,
): Promise<Result<undefined, ThingRefusal>> {
  const { site, kind } = shelf
  return untilDone(async () => {
    // The draft first: whatever changes after it was read makes this attempt fail.
    const draft = await readRevision(db, site)
    const found = await readThing(db, shelf, id)
    if (!draft || !found) return err({ reason: 'not_found' })
    if (!holds(expected, found.version)) {
      return err({ reason: 'precondition_failed', current: found })
    }
    const uses = usesOf(draft.configuration, kind, id)
    if (uses.length > 0) return err({ reason: 'in_use', uses })
    const done = await revise(db, { site, revision: draft.revision }, change, {
      act: actOf('delete', kind, { id }),
      writes: (d1) => [d1.delete(drafts).where(and(isOn(shelf), eq(drafts.id, id)))],
    })
    return done ? ok(undefined) : undefined
  })
}

async function look(db: D1Database, site: string, kind: Kind, id: string) {
  const d1 = drizzle(db)
  const [[row], [found]] = await d1.batch([
    d1.select({ revision: sites.revision }).from(sites).where(eq(sites.id, site)),
    d1
      .select()
      .from(drafts)
      .where(and(isOn({ site, kind }), eq(drafts.id, id))),
  ])
  return { revision: row?.revision, found }
}

function isOn({ site, kind, having }: Shelf) {
  const part = having && isNotNull(sql`json_extract(${drafts.doc}, ${`$.${having}`})`)
  return and(eq(drafts.site, site), eq(drafts.kind, kind), part || undefined)
}

function nextPlace(site: string, kind: Kind) {
  return sql<number>`(select coalesce(max(place) + 1, 0) from draft where site = ${site} and kind = ${kind})`
}

const VERBS = { create: 'Created', change: 'Changed', delete: 'Deleted' } as const

function actOf(action: keyof typeof VERBS, kind: Kind, { id, name }: Doc) {
  return { action, kind, id, summary: `${VERBS[action]} “${name || id}” among the ${kind}.` }
}

function toThing({ doc, version, updatedAt, updatedBy }: typeof drafts.$inferSelect): Thing {
  return { doc: JSON.parse(doc), version, updatedAt, updatedBy }
}
