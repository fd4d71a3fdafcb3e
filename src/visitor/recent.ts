import { toThousandths } from '../model/learning.ts'
import type { Recent } from '../model/profile.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

interface Level {
  readonly name: keyof Recent
  /** Ms of a bucket. */
  readonly size: number
  /** The longest window, in ms, that is read from these buckets. */
  readonly longest: number
}

/** Finest first: a window is read from the first that reaches as far. */
const FIVES: Level = { name: 'fives', size: 5 * MINUTE_MS, longest: 2 * HOUR_MS }
const HOURS: Level = { name: 'hours', size: HOUR_MS, longest: 2 * DAY_MS }
const DAYS: Level = { name: 'days', size: DAY_MS, longest: 90 * DAY_MS }

export const NOTHING_RECENT: Recent = { fives: {}, hours: {}, days: {} }

/**
 * One amount more, in thousandths at the finest, that fell at `at`. `newest` is the time of the newest
 * amount, this one included: what no window that ends then or later can reach goes. Amounts in
 * whatever order leave the same buckets.
 */
export function record(recent: Recent, at: number, amount: number, newest: number): Recent {
  const add = ({ name, size }: Level) => {
    const bucket = Math.floor(at / size)
    return { ...recent[name], [bucket]: sum(recent[name][bucket], amount) }
  }
  return prune({ fives: add(FIVES), hours: add(HOURS), days: add(DAYS) }, newest)
}

/** The buckets of both, the newest amount of which fell at `newest`. */
export function mergeRecent(one: Recent, other: Recent, newest: number): Recent {
  const add = ({ name }: Level) => {
    const both: Record<string, number> = { ...one[name] }
    for (const [bucket, amount] of Object.entries(other[name])) {
      both[bucket] = sum(both[bucket], amount)
    }
    return both
  }
  return prune({ fives: add(FIVES), hours: add(HOURS), days: add(DAYS) }, newest)
}

function sum(before: number | undefined, amount: number): number {
  return toThousandths((before ?? 0) + toThousandths(amount))
}

function prune(recent: Recent, newest: number): Recent {
  const keep = (level: Level) => {
    const first = firstBucket(level, level.longest, newest)
    const entries = Object.entries(recent[level.name])
    const kept = entries.filter(([bucket]) => Number(bucket) >= first)
    return kept.length === entries.length ? recent[level.name] : Object.fromEntries(kept)
  }
  return { fives: keep(FIVES), hours: keep(HOURS), days: keep(DAYS) }
}

/** The bucket in which a window that ends at `now` begins. */
function firstBucket({ size }: Level, window: number, now: number): number {
  return Math.floor((now - window) / size)
}

function levelOf(window: number): Level {
  return [FIVES, HOURS].find(({ longest }) => window <= longest) ?? DAYS
}

function bucketsWithin(recent: Recent, window: number, now: number): (readonly [number, number])[] {
  const level = levelOf(window)
  const first = firstBucket(level, window, now)
  return Object.entries(recent[level.name])
    .map(([bucket, amount]) => [Number(bucket), amount] as const)
    .filter(([bucket]) => bucket >= first)
}

/**
 * The sum of what fell within the last `window` ms. All that fell within them counts; what fell up to
 * one bucket earlier may count too: five minutes for windows of two hours at most, an hour for those
 * of two days, a day (UTC) for longer ones, of which 90 days is the longest.
 */
export function within(recent: Recent, window: number, now: number): number {
  return bucketsWithin(recent, window, now).reduce((total, [, amount]) => sum(total, amount), 0)
}

/** On how many days (UTC) of the last `window` ms something fell. */
export function daysWithin({ days }: Recent, window: number, now: number): number {
  const first = firstBucket(DAYS, window, now)
  return Object.keys(days).filter((bucket) => Number(bucket) >= first).length
}

/** Epoch ms at which the sum of a window is another if nothing more falls; never where it is empty. */
export function changesAt(recent: Recent, window: number, now: number): number {
  const { size } = levelOf(window)
  const oldest = Math.min(...bucketsWithin(recent, window, now).map(([bucket]) => bucket))
  return (oldest + 1) * size + window
}
