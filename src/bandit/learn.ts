import type { Rung } from '../model/experience.ts'
import type { Counts, Weights } from '../model/learning.ts'
import { bestProbabilities } from './best.ts'
import type { Beta } from './beta.ts'
import { covers, floored, toRecord, toShares } from './shares.ts'
import { type LearnerState, type Policy, sumByArm, type Tally } from './state.ts'

/** What decides whether new weights are worth publishing. */
export interface Growth {
  /** Trials counted by now, over all listed arms. */
  readonly exposures: number
  readonly learnedFrom: number
  /** Milliseconds since the current weights were published. */
  readonly sincePublication: number
  readonly armsChanged: boolean
}

interface Arm {
  readonly trials: number
  readonly rewarded: number
}

/** Simulated to a million visitors, a tenth more exposures per version costs no reward. */
const LEAST_GROWTH = 0.1
/** Spares a young experience a version for each of its first visitors. */
const LEAST_EXPOSURES = 10
/** Caches at the edge look no more often. */
const LEAST_INTERVAL_MS = 1000

/** One reward in this many trials is what is expected, and believed as much, at the outset. */
const OUTSET_TRIALS = 30
/** With fewer trials in all, a pooled rate says too little to centre a strong prior on. */
const THIN_TRIALS = 50
/** How far arms of one experience lie apart in logit: measured on thousands of headline tests. */
const LOGIT_DEVIATION = 0.22
/** With this many arms plain sampling explores for too long; evidence then counts double. */
const MANY_ARMS = 10

/**
 * The state with new weights where they are due, from everything counted so far: rows, or sums
 * over rows per arm; `force` publishes them even so. Not delay-corrected: an exposure counts as a failure until it is rewarded.
 */
export function relearn(
  state: LearnerState,
  tallies: Iterable<Tally>,
  now: number,
  { force }: { readonly force: boolean } = { force: false },
): LearnerState | undefined {
  const { arms, policy, weights, learnedFrom } = state
  const counts = sumByArm(tallies, arms)
  const exposures = counts.reduce((sum, count) => sum + count[policy.rung], 0)
  const sincePublication = now - weights.at
  const armsChanged = !covers(weights, arms)
  const due = isDue({ exposures, learnedFrom, sincePublication, armsChanged })
  if (!due && !force) return undefined
  const shares = { '': toRecord(arms, learn(counts, policy)) }
  return { arms, policy, weights: publish(weights, shares, now), learnedFrom: exposures }
}

/** Whether to publish: another tenth was counted, or the arms are others, and a second is over. */
export function isDue(growth: Growth): boolean {
  const { exposures, learnedFrom, sincePublication, armsChanged } = growth
  if (sincePublication < LEAST_INTERVAL_MS) return false
  // Exposures also shrink: when an arm is removed, or another rung is chosen.
  const change = Math.abs(exposures - learnedFrom)
  return armsChanged || change >= Math.max(LEAST_EXPOSURES, LEAST_GROWTH * learnedFrom)
}

/** The next version; what was published before stays as it was. */
export function publish(previous: Weights, shares: Weights['shares'], now: number): Weights {
  return { version: previous.version + 1, at: now, shares }
}

/** Shares in ten-thousandths by each arm's probability of being best, aligned with `counts`. */
export function learn(counts: readonly Counts[], { floor, rung }: Policy): number[] {
  const arms = counts.map((count) => toArm(count, rung))
  return toShares(floored(bestProbabilities(posteriors(arms)).probability, floor))
}

/** Each arm's rate as believed after what was counted, from a prior that all arms share. */
export function posteriors(arms: readonly Arm[]): Beta[] {
  const prior = toPrior(arms)
  const evidence = arms.length >= MANY_ARMS ? 2 : 1
  return arms.map(({ trials, rewarded }) => ({
    a: (prior.a + rewarded) * evidence,
    b: (prior.b + trials - rewarded) * evidence,
  }))
}

/** A reward proves a trial, also where the browser's report of the rung was lost. */
function toArm(counts: Counts, rung: Rung): Arm {
  return { trials: Math.max(counts[rung], counts.rewarded), rewarded: counts.rewarded }
}

/** Centred on the pooled rate: weak while that is uncertain, then empirical Bayes. */
function toPrior(arms: readonly Arm[]): Beta {
  const trials = sumOf(arms, (arm) => arm.trials)
  const pooled = (1 + sumOf(arms, (arm) => arm.rewarded)) / (OUTSET_TRIALS + trials)
  return trials < THIN_TRIALS ? { a: 1, b: 1 / pooled } : empiricalPrior(arms, pooled)
}

/**
 * A prior as wide in logit as arms are known to differ, around a mean to which each arm adds only
 * what it knows beyond that prior: an arm with most of the traffic does not outvote the rest.
 */
function empiricalPrior(arms: readonly Arm[], pooled: number): Beta {
  let mean = pooled
  for (let round = 0; round < 3; round++) {
    const size = priorSize(mean)
    const credit = (arm: Arm) => size / (size + arm.trials)
    const rewarded = sumOf(arms, (arm) => credit(arm) * arm.rewarded)
    const trials = sumOf(arms, (arm) => credit(arm) * arm.trials)
    mean = (1 + rewarded) / (1 / pooled + trials)
  }
  const size = priorSize(mean)
  return { a: mean * size, b: (1 - mean) * size }
}

/** Trials that a Beta prior of this mean is worth: about 1600 at a rate of 1.3 %, 130 at 20 %. */
function priorSize(mean: number): number {
  return 1 / (LOGIT_DEVIATION ** 2 * mean * (1 - mean))
}

function sumOf(arms: readonly Arm[], of: (arm: Arm) => number): number {
  return arms.reduce((sum, arm) => sum + of(arm), 0)
}
