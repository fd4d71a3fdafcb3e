import { SHARES, type Weights } from '../model/learning.ts'

/** A variant and its share in ten-thousandths. */
export type Share = readonly [variant: string, share: number]

/** At most this much of the traffic goes to floors, so that what is learned still steers. */
const MOST_FLOORED = 0.8

/** One share, less the rounding noise that a share of exactly one may carry. */
const ALMOST_ONE = 1 - 1e-9

/**
 * Lifts every arm to at least `floor`: w ← f + (1 − K·f)·w, for weights that sum to 1. Where there
 * are too many arms for the floor asked for, the floor is lowered.
 */
export function floored(weights: readonly number[], floor: number): number[] {
  const least = Math.min(floor, MOST_FLOORED / weights.length)
  return weights.map((weight) => least + (1 - weights.length * least) * weight)
}

/**
 * Weights of any scale as whole ten-thousandths that sum to `SHARES`, by largest remainder; a
 * positive weight keeps at least one. What is not a positive number counts as 0, and weights that
 * are all 0 as equal.
 */
export function toShares(weights: readonly number[]): number[] {
  const largest = Math.max(0, ...weights.filter(isPositive))
  if (largest === 0) return evenShares(weights.length)
  const relative = weights.map((weight) =>
    isPositive(weight) ? Math.max(weight / largest, Number.MIN_VALUE) : 0,
  )
  return toWhole(toQuotas(relative))
}

/** The even split, in which as few arms as possible differ, and those by one. */
export function evenShares(count: number): number[] {
  return toWhole(Array<number>(count).fill(SHARES / count))
}

/** Shares by variant. `fromEntries` makes any name an own property, `__proto__` too. */
export function toRecord(
  arms: readonly string[],
  shares: readonly number[],
): Readonly<Record<string, number>> {
  return Object.fromEntries(arms.map((arm, index) => [arm, shares[index] ?? 0]))
}

/** The shares that hold for a segment: its own, or everybody's where it has none. */
export function sharesOf(
  { shares }: Weights,
  segment: string,
): Readonly<Record<string, number>> | undefined {
  return Object.hasOwn(shares, segment) ? shares[segment] : shares['']
}

/** Whether the weights were made for exactly these arms. */
export function covers(weights: Weights, arms: readonly string[]): boolean {
  const published = weights.shares[''] ?? {}
  const known = arms.filter((arm) => Object.hasOwn(published, arm))
  return known.length === Object.keys(published).length && known.length === arms.length
}

/** Whether these are the same arms with the same shares. */
export function isSame(
  left: Readonly<Record<string, number>>,
  right: Readonly<Record<string, number>>,
): boolean {
  const names = Object.keys(left)
  return (
    names.length === Object.keys(right).length && names.every((name) => left[name] === right[name])
  )
}

function isPositive(weight: number): boolean {
  return weight > 0 && weight < Number.POSITIVE_INFINITY
}

/** Scales weights to sum to `SHARES`, lifting those that are positive but below 1 to 1. */
function toQuotas(weights: readonly number[]): number[] {
  const positive = weights.filter((weight) => weight > 0)
  const fits = positive.length <= SHARES
  const scale = fits ? liftingScale(positive, SHARES) : SHARES / sum(positive)
  return weights.map((weight) =>
    weight > 0 && fits ? Math.max(1, weight * scale) : weight * scale,
  )
}

/** What lifted weights take beyond their due lowers the others, which may bring more below 1. */
function liftingScale(weights: readonly number[], total: number): number {
  const scale = total / sum(weights)
  const rich = weights.filter((weight) => weight * scale >= ALMOST_ONE)
  const poor = weights.length - rich.length
  return poor === 0 ? scale : liftingScale(rich, total - poor)
}

/** Rounds numbers that sum to `SHARES` to whole ones that do, by largest remainder. */
function toWhole(quotas: readonly number[]): number[] {
  const whole = quotas.map((quota) => Math.floor(quota))
  const remainders = quotas.map((quota, index) => ({ index, remainder: quota % 1 }))
  const missing = SHARES - sum(whole)
  const up = remainders.toSorted((left, right) => right.remainder - left.remainder)
  const lifted = new Set(up.slice(0, missing).map(({ index }) => index))
  return whole.map((share, index) => (lifted.has(index) ? share + 1 : share))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
