import { and, asc, eq, inArray } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import type { Audit } from '../model/audit.ts'
import { watchedName } from '../model/bundle.ts'
import type { Experience } from '../model/experience.ts'
import { COUNTERS, type Counts, readCounts, type Total, type Weights } from '../model/learning.ts'
import { audits, totals, weightsVersions } from './schema.ts'

/** A day's hours since the epoch: `until` is not part of it. */
export interface DayHours {
  readonly day: string
  readonly from: number
  readonly until: number
}

/** All that a report of one experience is made from. */
export interface ReportRows {
  readonly totals: readonly Total[]
  /** Watched goal → what was counted of it. */
  readonly watched: ReadonlyMap<string, readonly Total[]>
  /** Published weights of all segments, oldest first. */
  readonly versions: readonly Weights[]
  readonly days: readonly { readonly day: string; readonly arm: string; readonly counts: Counts }[]
  /** The weights in use; nothing where the board has none. */
  readonly current: Weights | undefined
  readonly audit: Audit | undefined
}

export async function readReport(
  env: Pick<Env, 'DB' | 'BOARD'>,
  site: string,
  { id: experience, watched = [] }: Pick<Experience, 'id' | 'watched'>,
  { days, segment }: { readonly days: readonly DayHours[]; readonly segment?: string | undefined },
): Promise<ReportRows> {
  const d1 = drizzle(env.DB)
  const books = [experience, ...watched.map(({ goal }) => watchedName(experience, goal))]
  const [counted, versions, found, daily, board] = await Promise.all([
    d1
      .select()
      .from(totals)
      .where(and(eq(totals.site, site), inArray(totals.experience, books))),
    d1
      .select()
      .from(weightsVersions)
      .where(and(eq(weightsVersions.site, site), eq(weightsVersions.experience, experience)))
      .orderBy(asc(weightsVersions.version)),
    d1
      .select()
      .from(audits)
      .where(and(eq(audits.site, site), eq(audits.experience, experience))),
    readDays(env.DB, [site, experience], days, segment),
    env.BOARD.getByName(site).read(undefined),
  ])
  const byBook = Map.groupBy(counted, (row) => row.experience)
  const totalsOf = (book: string) => (byBook.get(book) ?? []).map(toTotal)
  return {
    totals: totalsOf(experience),
    watched: new Map(watched.map(({ goal }) => [goal, totalsOf(watchedName(experience, goal))])),
    versions: versions.map(toWeights),
    days: daily,
    current: board?.weights[experience],
    audit: found[0] && JSON.parse(found[0].doc),
  }
}

export function toTotal({
  version,
  segment,
  variant,
  ...counts
}: typeof totals.$inferSelect): Total {
  return { version, segment, variant, counts: readCounts(counts) }
}

export function toWeights({ version, at, shares }: typeof weightsVersions.$inferSelect): Weights {
  return { version, at, shares: JSON.parse(shares) }
}

const SUMS = COUNTERS.map((name) => `sum(rollup.${name}) AS ${name}`).join(', ')

/** Sums by day and arm, of one segment or all: each day is one range of the table's own order. */
async function readDays(
  db: D1Database,
  [site, experience]: readonly [site: string, experience: string],
  days: readonly DayHours[],
  segment: string | undefined,
): Promise<ReportRows['days']> {
  const query = `SELECT day.value ->> 0 AS day, variant AS arm, ${SUMS}
    FROM json_each(?3) AS day CROSS JOIN rollup
    WHERE site = ?1 AND experience = ?2
      AND hour >= CAST(day.value ->> 1 AS INTEGER) AND hour < CAST(day.value ->> 2 AS INTEGER)
      AND (?4 IS NULL OR segment = ?4)
    GROUP BY 1, 2 ORDER BY 1, 2`
  const list = JSON.stringify(days.map(({ day, from, until }) => [day, from, until]))
  const { results } = await db
    .prepare(query)
    .bind(site, experience, list, segment ?? null)
    .all()
  return results.map((row) => ({
    day: String(row.day),
    arm: String(row.arm),
    counts: readCounts(row),
  }))
}
