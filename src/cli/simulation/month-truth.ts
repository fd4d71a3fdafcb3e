import { uniform } from '../../bandit/pick.ts'
import type { Configuration } from '../../model/configuration.ts'
import type { Experience } from '../../model/experience.ts'
import { HOLDOUT_ARM } from '../../model/exposure.ts'
import { segmentNames } from '../../model/segment.ts'
import type { MonthTruth } from './month.ts'

/** How often visitors do what an experience wants, before any of its variants matters. */
const LOWEST_BASE = 0.03
const HIGHEST_BASE = 0.07
/** The best variant brings so much more than the worst. */
const APPEAL = 0.4
/** Left alone, people do it as often as with the worst variant, less this. */
const LEFT_ALONE = 0.95
/** Segments differ by up to so much either way, all variants alike. */
const SEGMENT = 0.4
/** In each segment one variant is liked so much more than it is elsewhere. */
const TASTE = 0.25

/** What visitors of a month really do, drawn by the seed. */
export function drawMonthTruth(
  experience: Experience,
  { goals }: Configuration,
  seed: string,
): MonthTruth {
  const { id, allocation, variants } = experience
  const goal = goals.find((known) => known.id === experience.goal)
  const draw = (what: string) => uniform(`${seed}/truth/${id}`, what)
  const base = LOWEST_BASE + (HIGHEST_BASE - LOWEST_BASE) * draw('base')
  const names = allocation.kind === 'split' ? [] : segmentNames(allocation.segments)
  const order = variants
    .map(({ variant }) => variant)
    .toSorted((a, b) => draw(`order/${a}`) - draw(`order/${b}`))
  const rate = (arm: string, segment: string) => {
    const crowd = 1 + SEGMENT * (2 * draw(`segment/${segment}`) - 1)
    if (arm === HOLDOUT_ARM) return goal?.kind === 'click' ? 0 : base * crowd * LEFT_ALONE
    const place = order.indexOf(arm) / Math.max(1, order.length - 1)
    const liked = order[Math.floor(draw(`taste/${segment}`) * order.length)]
    return base * crowd * (1 + APPEAL * place) * (arm === liked && segment !== '' ? 1 + TASTE : 1)
  }
  return { segments: partsOf(names, draw), rate, isWorth: goal !== undefined && 'value' in goal }
}

/** Each further segment has half as many visitors, and all others have the rest. */
function partsOf(names: readonly string[], draw: (what: string) => number): Map<string, number> {
  if (names.length === 0) return new Map([['', 1]])
  const order = names.toSorted((a, b) => draw(`part/${a}`) - draw(`part/${b}`))
  const weights = order.map((_, place) => 0.5 ** place)
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  return new Map(order.map((name, place) => [name, (weights[place] ?? 0) / all]))
}

/** What an arm brings per visitor over all segments. */
export function meanRate({ segments, rate }: MonthTruth, arm: string): number {
  return [...segments].reduce((sum, [segment, part]) => sum + part * rate(arm, segment), 0)
}
