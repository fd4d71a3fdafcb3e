/** Exposures of like age: how many, and between which ages in ms. */
export interface Cohort {
  readonly trials: number
  readonly youngest: number
  readonly oldest: number
}

/** Rewards seen so far, and the sum of their delays after their exposures in ms. */
export interface Observed {
  readonly rewarded: number
  readonly delay: number
}

/** With fewer rewards a mean delay says nothing; every exposure is then taken for decided. */
const LEAST_REWARDS = 5

const ROUNDS = 40
const SHORTEST_MS = 1

/**
 * The mean of an exponential delay from an exposure to its reward in ms, from the mean of those that were
 * seen. Late rewards of recent exposures are yet to come, which the mean of the others hides: so
 * the scale is the one under which such cohorts show, on average, the mean that was seen. That mean
 * grows with the scale, which makes bisection find it. A scale as long as the attribution `window`
 * stands for anything longer, and 0 for rewards that come at once.
 */
export function delayScale(cohorts: readonly Cohort[], seen: Observed, window: number): number {
  if (!(seen.rewarded >= LEAST_REWARDS) || !(seen.delay > 0)) return 0
  const wanted = seen.delay / seen.rewarded
  let [low, high] = [Math.log(SHORTEST_MS), Math.log(window)]
  if (expectedMean(cohorts, Math.exp(high), window) <= wanted) return window
  for (let round = 0; round < ROUNDS; round++) {
    const middle = (low + high) / 2
    if (expectedMean(cohorts, Math.exp(middle), window) < wanted) low = middle
    else high = middle
  }
  return Math.exp(high)
}

/** Mean delay of the rewards that cohorts of these ages have shown by now. */
function expectedMean(cohorts: readonly Cohort[], scale: number, window: number): number {
  let [come, delayed] = [0, 0]
  for (const cohort of cohorts) {
    const trials = Math.max(0, cohort.trials)
    come += trials * average(cohort, window, (age) => arrived(age, scale))
    delayed += trials * average(cohort, window, (age) => delayBefore(age, scale))
  }
  return come > 0 ? delayed / come : 0
}

/** Part of the cohort's rewards, of all that come within the window, that have come by now. */
export function maturity(cohort: Omit<Cohort, 'trials'>, scale: number, window: number): number {
  if (!(scale > 0)) return 1
  return Math.min(1, average(cohort, window, (age) => arrived(age, scale)) / arrived(window, scale))
}

/** Gauss–Legendre with two points over the cohort's ages, of which the window cuts off the rest. */
function average(
  { youngest, oldest }: Omit<Cohort, 'trials'>,
  window: number,
  at: (age: number) => number,
): number {
  const middle = (youngest + oldest) / 2
  const offset = (oldest - youngest) / (2 * Math.sqrt(3))
  const cut = (age: number) => at(Math.min(window, Math.max(0, age)))
  return (cut(middle - offset) + cut(middle + offset)) / 2
}

/** P(delay ≤ age). */
function arrived(age: number, scale: number): number {
  return -Math.expm1(-age / scale)
}

/** E[delay; delay ≤ age]. */
function delayBefore(age: number, scale: number): number {
  const x = age / scale
  return scale * (-Math.expm1(-x) - x * Math.exp(-x))
}
