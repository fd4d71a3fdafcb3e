import { chiSquareTail } from '../bandit/chi-square.ts'
import type { Contrast, Spread } from './contrast.ts'

/** Lower and upper end. */
export type Interval = readonly [low: number, high: number]

/** Visitors for whom a sequence is tightest. Any number is valid, as long as it is chosen beforehand. */
const PLANNED_VISITORS = 30_000

/** The sequence is asymptotic: with fewer visitors it promises too much. */
export const LEAST_VISITORS = 2_000

/** Two-sided error of all intervals unless another is given. */
export const ALPHA = 0.05

/** How many standard deviations of one visitor's score an interval reaches to either side. */
export type Reach = (visitors: number) => number

/** For one look at a time that was settled beforehand: z/√n. */
export function onceReach(alpha = ALPHA): Reach {
  const z = normalQuantile(1 - alpha / 2)
  return (visitors) => z / Math.sqrt(visitors)
}

/**
 * For looking as often and stopping whenever one likes: the asymptotic confidence sequence of
 * Waudby-Smith et al. (arXiv 2103.06476, theorem 2.2), ρ chosen to be tightest at the planned number.
 */
export function alwaysReach(alpha = ALPHA, planned = PLANNED_VISITORS): Reach {
  const rho2 = (-2 * Math.log(alpha) + Math.log(1 - 2 * Math.log(alpha))) / planned
  return (visitors) => {
    const spread = visitors * rho2 + 1
    return Math.sqrt(((2 * spread) / (visitors ** 2 * rho2)) * Math.log(Math.sqrt(spread) / alpha))
  }
}

/** The difference of two arms' means per visitor. */
export function differenceOf({ means, visitors, ...contrast }: Contrast, reach: Reach): Interval {
  const half = reach(visitors) * Math.sqrt(differenceVariance(contrast))
  const difference = means[0] - means[1]
  return [difference - half, difference + half]
}

/** Per visitor: the larger of what the scores show and of what the probabilities imply. */
export function differenceVariance({
  empirical,
  plugIn,
}: Pick<Contrast, 'empirical' | 'plugIn'>): number {
  const of = ({ arm, against, both }: Spread) => arm + against - 2 * both
  return Math.max(of(empirical), of(plugIn))
}

/**
 * One arm's mean over the other's, less 1: all ratios r for which arm − r · against may be 0 (Fieller
 * 1954). As valid as the intervals that it turns round; nothing where the denominator may be 0.
 */
export function ratioOf({ means, visitors, ...spreads }: Contrast, reach: Reach): Interval | null {
  const square = reach(visitors) ** 2
  const roots = [spreads.empirical, spreads.plugIn].map((spread) => {
    const quadratic = means[1] ** 2 - square * spread.against
    const linear = means[0] * means[1] - square * spread.both
    const constant = means[0] ** 2 - square * spread.arm
    if (quadratic <= 0 || means[1] <= 0) return null
    const root = Math.sqrt(Math.max(0, linear ** 2 - quadratic * constant))
    return [(linear - root) / quadratic - 1, (linear + root) / quadratic - 1] as const
  })
  const [first, second] = roots
  if (!first || !second) return null
  return [Math.min(first[0], second[0]), Math.max(first[1], second[1])]
}

/** More visitors than anybody waits for. */
const MOST_VISITORS = 1e9

/**
 * About how many visitors more it takes until an interval of the difference leaves out 0, if what was
 * seen so far is the truth: 0 where it does, nothing where nobody can wait for that.
 */
export function visitorsUntilClear(contrast: Contrast, reach: Reach): number | null {
  const difference = Math.abs(contrast.means[0] - contrast.means[1])
  const deviation = Math.sqrt(differenceVariance(contrast))
  const isClear = (visitors: number) => reach(visitors) * deviation < difference
  const { visitors } = contrast
  if (isClear(visitors)) return 0
  let [low, high] = [visitors, 2 * visitors]
  for (; !isClear(high); high *= 2) {
    if (high > MOST_VISITORS) return null
    low = high
  }
  while (high - low > Math.max(1, 0.01 * high)) {
    const middle = (low + high) / 2
    if (isClear(middle)) high = middle
    else low = middle
  }
  return Math.ceil(high - visitors)
}

/**
 * The standard normal quantile, by Newton's method on the distribution function; absolute error below
 * 1e-9 for p from 1e-9 to 1 − 1e-9.
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) return p <= 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  if (p > 0.5) return -normalQuantile(1 - p)
  // Below 0 the function is convex: the first step leads above the root, and all others down to it.
  let z = -Math.sqrt(-2 * Math.log(p))
  for (let round = 0; round < 60; round++) {
    const step = (normalBelow(z) - p) / (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI))
    z = Math.min(0, z - step)
    if (Math.abs(step) < 1e-12) break
  }
  return z
}

/** P(Z ≤ z) for z ≤ 0: half the tail of χ² with one degree of freedom. */
function normalBelow(z: number): number {
  return chiSquareTail(z * z, 1) / 2
}
