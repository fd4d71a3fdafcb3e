/** What is counted per arm. Every count is of persons × attribution window, never of raw hits. */
export const COUNTERS = [
  'delivered',
  'survived',
  'seen',
  'clicked',
  'rewarded',
  'value',
  'value2',
  'delay',
] as const

export type Counter = (typeof COUNTERS)[number]

/**
 * `value` is the sum of rewards' worth, `value2` the sum of its squares, and `delay` the sum of the
 * seconds from each rewarded exposure's first step to its reward.
 */
export type Counts = Readonly<Record<Counter, number>>

export const NO_COUNTS: Counts = {
  delivered: 0,
  survived: 0,
  seen: 0,
  clicked: 0,
  rewarded: 0,
  value: 0,
  value2: 0,
  delay: 0,
}

/**
 * The nearest whole thousandth, which is what counts are: a sum rounded to them is the same in
 * whatever order it was added up. Above 2^42 numbers are too far apart for that, and stay as they are.
 */
export function toThousandths(count: number): number {
  return Math.abs(count) < 2 ** 42 ? Math.round(count * 1000) / 1000 : count
}

/** `counts + sign · more`, of whole thousandths. */
export function plus(counts: Counts, more: Partial<Counts>, sign: 1 | -1 = 1): Counts {
  const sum: Record<Counter, number> = { ...counts }
  for (const counter of COUNTERS) {
    const added = more[counter]
    if (added) sum[counter] = toThousandths(sum[counter] + sign * added)
  }
  return sum
}

/** Counts as a table's row holds them, one column each. */
export function readCounts(row: Readonly<Record<string, unknown>>): Counts {
  const counts: Record<Counter, number> = { ...NO_COUNTS }
  for (const counter of COUNTERS) counts[counter] = Number(row[counter])
  return counts
}

/** Cumulative counts of one arm as one source saw it under one weights version. */
export interface Total {
  readonly version: number
  /** `''` is everybody; contextual allocation names its segments. */
  readonly segment: string
  readonly variant: string
  readonly counts: Counts
}

/** Shares are whole ten-thousandths, so that a hashed pick meets them exactly. */
export const SHARES = 10_000

/** Published selection probabilities of one experience; immutable once published. */
export interface Weights {
  /** 0 is the even split before anything was learned. */
  readonly version: number
  /** Epoch ms of publication. */
  readonly at: number
  /** Segment → variant → share in ten-thousandths; each segment's shares sum to `SHARES`. */
  readonly shares: Readonly<Record<string, Readonly<Record<string, number>>>>
}

/** Experience → its published weights; an experience without an entry splits evenly. */
export type WeightsByExperience = Readonly<Record<string, Weights>>
