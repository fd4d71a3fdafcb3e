import { drizzle } from 'drizzle-orm/d1'
import type { Audit } from '../model/audit.ts'
import { COUNTERS, type Counts, type Total, type Weights } from '../model/learning.ts'
import { audits, rollups, totals, weightsVersions } from './schema.ts'

/** What a learner has to report of its experience. */
export interface LearnerReport {
  readonly site: string
  readonly experience: string
  readonly versions: readonly Weights[]
  readonly hours: readonly {
    readonly hour: number
    readonly variant: string
    readonly segment: string
    readonly counts: Counts
  }[]
  readonly totals: readonly Total[]
  /** Nothing where it is not due. */
  readonly audit: Audit | undefined
}

/** Writes absolute figures in one transaction: writing them again changes nothing. */
export async function writeReport(db: D1Database, report: LearnerReport): Promise<void> {
  const { site, experience, versions, hours, audit } = report
  const key = { site, experience }
  const d1 = drizzle(db)
  const found = audit ? [{ at: audit.at, doc: JSON.stringify(audit) }] : []
  const statements = [
    ...found.map((set) =>
      d1
        .insert(audits)
        .values({ site, experience, ...set })
        .onConflictDoUpdate({ target: [audits.site, audits.experience], set }),
    ),
    ...versions.map(({ version, at, shares }) =>
      d1
        .insert(weightsVersions)
        .values({ site, experience, version, at, shares: JSON.stringify(shares) })
        .onConflictDoNothing(),
    ),
    ...hours.map(({ hour, variant, segment, counts }) =>
      d1
        .insert(rollups)
        .values({ site, experience, hour, variant, segment, ...counts })
        .onConflictDoUpdate({
          target: [
            rollups.site,
            rollups.experience,
            rollups.hour,
            rollups.variant,
            rollups.segment,
          ],
          set: { ...counts },
        }),
    ),
    ...report.totals.map(({ counts, ...arm }) =>
      d1
        .insert(totals)
        .values({ ...key, ...arm, ...counts })
        .onConflictDoUpdate({
          target: [totals.site, totals.experience, totals.version, totals.segment, totals.variant],
          set: { ...counts },
        }),
    ),
  ]
  const [first, ...rest] = statements
  if (first) await d1.batch([first, ...rest])
}

const SUMS = COUNTERS.map((name) => `sum(${name})`).join(', ')
const REPLACED = COUNTERS.map((name) => `${name} = excluded.${name}`).join(', ')

/**
 * Makes one row a day (UTC), arm and segment of an experience's hours that ended before a moment (epoch ms). In
 * one transaction, and without effect on days that are folded: it may be done any number of times.
 */
export async function foldHours(
  db: D1Database,
  { site, experience, before }: { site: string; experience: string; before: number },
): Promise<void> {
  const until = 24 * Math.floor(before / 86_400_000)
  const unfolded = `SELECT hour FROM rollup WHERE site = ?1 AND experience = ?2 AND hour % 24 <> 0
    ORDER BY hour LIMIT 1`
  const range = `site = ?1 AND experience = ?2 AND hour < ?3 AND hour >= 24 * ((${unfolded}) / 24)`
  await db.batch([
    db
      .prepare(
        `INSERT INTO rollup (site, experience, variant, segment, hour, ${COUNTERS.join(', ')})
         SELECT site, experience, variant, segment, 24 * (hour / 24) AS day, ${SUMS} FROM rollup
         WHERE ${range} GROUP BY site, experience, variant, segment, day
         ON CONFLICT DO UPDATE SET ${REPLACED}`,
      )
      .bind(site, experience, until),
    db
      .prepare(
        `DELETE FROM rollup
         WHERE site = ?1 AND experience = ?2 AND hour < ?3 AND hour % 24 <> 0`,
      )
      .bind(site, experience, until),
  ])
}
