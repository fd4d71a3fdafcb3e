import type { ReportRows } from '../db/report.ts'
import type { Experience } from '../model/experience.ts'
import { HOLDOUT_ARM } from '../model/exposure.ts'
import { type Counts, NO_COUNTS, plus, type Total } from '../model/learning.ts'
import type { SegmentRow } from '../model/report.ts'
import { configuredShares, toInterval } from './figures.ts'
import { liftOf } from './lifts.ts'
import { type Outcome, shownOf, toStrata } from './strata.ts'

/** Segments × arms that are told at most. */
const MOST_ROWS = 500

interface Compared {
  readonly measure: Outcome
  readonly control: string | null
  readonly experience: Experience
}

/** Each arm in each segment; nothing where there is but one of them. */
export function toSegmentRows({ totals, versions }: ReportRows, compared: Compared): SegmentRow[] {
  const variants = totals.filter(({ variant }) => variant !== HOLDOUT_ARM)
  const segments = Map.groupBy(variants, ({ segment }) => segment)
  if (segments.size < 2) return []
  const comparisons = new Set(variants.map(({ variant }) => variant)).size * segments.size
  return [...segments]
    .flatMap(([segment, rows]) => {
      const { measure, control, experience } = compared
      const isList = experience.allocation.kind === 'ranked'
      const strata = isList ? [] : toStrata(rows, versions, measure, configuredShares(experience))
      return [...sumByArm(rows)].map(([arm, counts]): SegmentRow => {
        const shown = shownOf(counts)
        const { rewarded } = counts
        const interval = toInterval({ trials: shown, rewarded })
        return {
          ...{ segment, arm, shown, rewarded },
          rate: shown > 0 ? rewarded / shown : null,
          interval: interval && [interval[0], interval[1]],
          lift: control && arm !== control ? liftOf(strata, arm, control, comparisons) : null,
        }
      })
    })
    .toSorted((a, b) => b.shown - a.shown)
    .slice(0, MOST_ROWS)
}

function sumByArm(rows: readonly Total[]): Map<string, Counts> {
  const sums = new Map<string, Counts>()
  for (const { variant, counts } of rows) {
    sums.set(variant, plus(sums.get(variant) ?? NO_COUNTS, counts))
  }
  return sums
}
