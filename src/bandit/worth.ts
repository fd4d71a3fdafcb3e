import { type Beta, mean } from './beta.ts'
import type { Evidence } from './evidence.ts'
import { LOGIT_DEVIATION } from './prior.ts'

/** What a reward of an arm is worth on average, and how uncertain that is. */
export interface Worth {
  readonly mean: number
  /** Variance of the mean over its square. */
  readonly spread: number
}

/** An arm's rewards are never believed to be worth less than this part of the usual worth. */
const LEAST_PART = 1e-3
/** The most worth per exposure stands here on a Beta's axis: so low that the Beta is like a Gamma. */
const AXIS = 1e-3

/**
 * Mean worth of each arm's rewards, nothing where rewards have no worth on the whole. Arms share a
 * prior at the common mean, as wide as rates are known to differ between arms; how many rewards it
 * stands for follows from how much single ones vary. One huge order therefore makes means less
 * certain rather than its arm a winner.
 */
export function toWorths(arms: readonly Evidence[]): Worth[] | undefined {
  const rewarded = sumOf(arms, (arm) => arm.rewarded)
  const usual = sumOf(arms, (arm) => arm.value) / rewarded
  if (!(usual > 0) || !Number.isFinite(usual)) return undefined
  const variation = Math.max(0, sumOf(arms, (arm) => arm.value2) / rewarded / usual ** 2 - 1)
  const credit = variation / LOGIT_DEVIATION ** 2
  if (!Number.isFinite(credit)) return undefined
  return arms.map(({ rewarded: count, value }) => {
    const seen = credit + count
    const part = seen > 0 ? (credit + value / usual) / seen : 1
    const mean = usual * Math.max(LEAST_PART, part)
    return { mean, spread: seen > 0 ? variation / seen : 0 }
  })
}

/**
 * Worth per exposure: a rate times a mean worth (a hurdle model), as a Beta with the product's mean
 * and variance on a scale that all arms share. Only comparisons between the arms mean anything.
 */
export function toYields(rates: readonly Beta[], worths: readonly Worth[]): Beta[] {
  const means = rates.map((rate, arm) => mean(rate) * (worths[arm]?.mean ?? 0))
  const scale = AXIS / Math.max(...means)
  return rates.map(({ a, b }, arm) => {
    const rateSpread = b / (a * (a + b + 1))
    const spread = (1 + rateSpread) * (1 + (worths[arm]?.spread ?? 0)) - 1
    const place = (means[arm] ?? 0) * scale
    const size = Math.max((1 - place) / (place * spread) - 1, Number.MIN_VALUE)
    return { a: place * size, b: (1 - place) * size }
  })
}

function sumOf(arms: readonly Evidence[], of: (arm: Evidence) => number): number {
  return arms.reduce((sum, arm) => sum + of(arm), 0)
}
