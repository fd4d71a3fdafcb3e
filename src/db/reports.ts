import { drizzle } from 'drizzle-orm/d1'
import type { Audit } from '../model/audit.ts'
import type { Counts, Weights } from '../model/learning.ts'
import { audits, rollups, weightsVersions } from './schema.ts'

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
  /** Nothing where it is not due. */
  readonly audit: Audit | undefined
}

/** Writes absolute figures in one transaction: writing them again changes nothing. */
export async function writeReport(db: D1Database, report: LearnerReport): Promise<void> {
  const { site, experience, versions, hours, audit } = report
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
  ]
  const [first, ...rest] = statements
  if (first) await d1.batch([first, ...rest])
}
