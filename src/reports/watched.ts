import type { ReportRows } from '../db/report.ts'
import type { Configuration } from '../model/configuration.ts'
import type { Experience, Watched } from '../model/experience.ts'
import { HOLDOUT_ARM } from '../model/exposure.ts'
import { NO_COUNTS, plus, type Total } from '../model/learning.ts'
import type { Lift, WatchedGoal } from '../model/report.ts'
import { configuredShares } from './figures.ts'
import { liftOf } from './lifts.ts'
import { shownOf, toStrata } from './strata.ts'

interface Compared {
  readonly control: string | null
  /** Visitors of this segment only. */
  readonly segment: string | undefined
}

/** What became of the goals that are counted beside an experience's own. */
export function toWatched(
  experience: Experience,
  { goals }: Configuration,
  { watched, versions }: Pick<ReportRows, 'watched' | 'versions'>,
  { control, segment }: Compared,
): WatchedGoal[] {
  const list = experience.watched ?? []
  const comparisons = list.length * Math.max(1, experience.variants.length - 1)
  return list.map((one) => {
    const totals = (watched.get(one.goal) ?? []).filter((total) => {
      return segment === undefined || total.segment === segment
    })
    const isList = experience.allocation.kind === 'ranked'
    const strata = isList ? [] : toStrata(totals, versions, 'rewards', configuredShares(experience))
    const arms = experience.variants.map(({ variant }) => ({
      ...toRate(totals, variant),
      lift:
        control === null || variant === control
          ? null
          : liftOf(strata, variant, control, comparisons),
    }))
    const name = goals.find(({ id }) => id === one.goal)?.name || one.goal
    const harmed = arms.filter(({ lift }) => isHarm(one, lift)).map(({ arm }) => arm)
    return { goal: one.goal, name, harm: one.harm ?? null, arms, harmed }
  })
}

/** Out of those delivered, like the comparison. */
function toRate(totals: readonly Total[], arm: string) {
  const counts = totals
    .filter(({ variant }) => variant === arm && variant !== HOLDOUT_ARM)
    .reduce((sum, total) => plus(sum, total.counts), NO_COUNTS)
  const shown = shownOf(counts)
  return { arm, shown, rewarded: counts.rewarded, rate: shown > 0 ? counts.rewarded / shown : null }
}

/** A change for the worse that is clear, all watched comparisons taken together. */
function isHarm({ harm }: Watched, lift: Lift | null): boolean {
  if (!lift?.clear || !harm) return false
  return lift.clear === (harm === 'less' ? 'below' : 'above')
}
