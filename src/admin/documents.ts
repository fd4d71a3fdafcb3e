import { lt, sql } from 'drizzle-orm'
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1'
import { bundles } from '../db/schema.ts'
import { hashOf, PART_LENGTH } from '../site/bundle-store.ts'

/** A document as it is kept: its text in ASCII, by the hash of that. */
export interface Kept {
  readonly hash: string
  readonly body: string
}

export async function toKept(document: object): Promise<Kept> {
  const body = toAsciiJson(document)
  return { hash: await hashOf(body), body }
}

/** The statements that keep a document for good, for the batch of what needs it. */
export function keepForGood(d1: DrizzleD1Database, { hash, body }: Kept) {
  return toParts(body).map((part, place) =>
    d1
      .insert(bundles)
      .values({ hash, part: place, body: part })
      .onConflictDoUpdate({ target: [bundles.hash, bundles.part], set: { until: null } }),
  )
}

/** Keeps a document until then (epoch ms) at least, and lets go of those whose time has come. */
export async function keepUntil(
  { hash, body }: Kept,
  db: D1Database,
  { until, now }: { readonly until: number; readonly now: number },
): Promise<void> {
  const d1 = drizzle(db)
  // What is kept for good stays so: `max` of nothing and a number is nothing.
  const later = sql`max(${bundles.until}, ${until})`
  await d1.batch([
    d1.delete(bundles).where(lt(bundles.until, now)),
    ...toParts(body).map((part, place) =>
      d1
        .insert(bundles)
        .values({ hash, part: place, body: part, until })
        .onConflictDoUpdate({ target: [bundles.hash, bundles.part], set: { until: later } }),
    ),
  ])
}

function toParts(body: string): string[] {
  return [...Array(Math.ceil(body.length / PART_LENGTH)).keys()].map((part) =>
    body.slice(part * PART_LENGTH, (part + 1) * PART_LENGTH),
  )
}

/** JSON in ASCII, so that it can be cut anywhere and a byte is a character. */
function toAsciiJson(document: object): string {
  return JSON.stringify(document).replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
