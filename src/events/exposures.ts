import type { Decision } from '../model/decision.ts'
import { type Exposure, HOLDOUT_ARM } from '../model/exposure.ts'
import type { Fragment } from '../model/fragment.ts'

/** What a page's token will prove, and the mark by which the beacon finds each exposure's element. */
export interface PageExposures {
  readonly exposures: readonly Exposure[]
  readonly marks: readonly string[]
}

/** Exposures of what was rendered, and of being left alone; a decision without either is none. */
export function toExposures(
  decisions: readonly Decision[],
  fragments: readonly Fragment[],
): PageExposures {
  const marksOf = new Map(fragments.map(({ experience, marks }) => [experience, marks]))
  const rows = decisions.flatMap((decision) => {
    const { experience, version, segment } = decision
    if (decision.reason === 'holdout') {
      const exposure = { experience, version, segment, arm: HOLDOUT_ARM, rank: 0, propensity: 1 }
      return [{ exposure, mark: '' }]
    }
    const marks = marksOf.get(experience)
    if (!marks) return []
    return decision.picks.map(({ variant, propensity }, rank) => ({
      exposure: { experience, version, segment, arm: variant, rank, propensity },
      mark: marks[rank] ?? '',
    }))
  })
  return { exposures: rows.map((row) => row.exposure), marks: rows.map((row) => row.mark) }
}
