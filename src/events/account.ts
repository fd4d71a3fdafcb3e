import {
  COUNTERS,
  type Counter,
  type Counts,
  NO_COUNTS,
  plus,
  toThousandths,
} from '../model/learning.ts'
import {
  attribute,
  type Change,
  type Credit,
  climb,
  type ExposureRecord,
  SAME_MOMENT_MS,
  STEP_BITS,
  type Touch,
} from './attribution.ts'

/**
 * All that is on record of one visitor and one experience. Touches and credits are kept until nothing
 * earlier can come in any more, as whoever comes late may change what became of the rest.
 */
export interface Account {
  /** Exposures as they were before the first of the touches and credits, the newest of each arm. */
  readonly settled: readonly ExposureRecord[]
  /** In order, each once. */
  readonly touches: readonly Touch[]
  /** In order, each once. */
  readonly credits: readonly Credit[]
}

export const NEW_ACCOUNT: Account = { settled: [], touches: [], credits: [] }

/** What one visitor adds to the totals of an experience, by version, arm and segment. */
export type Tally = ReadonlyMap<string, Counted>

export interface Counted {
  readonly version: number
  readonly segment: string
  readonly arm: string
  readonly counts: Counts
}

/** Counts what an account adds to what was settled in it: the same whatever order it came in. */
export function tally(account: Account): Tally {
  return play(account).counted
}

/** What changed from one tally to another, without what did not. */
export function difference(before: Tally, after: Tally): Counted[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const counted = after.get(key) ?? before.get(key)
    if (!counted) return []
    const was = before.get(key)?.counts ?? NO_COUNTS
    const counts = plus(after.get(key)?.counts ?? NO_COUNTS, was, -1)
    return Object.values(counts).some((count) => count !== 0) ? [{ ...counted, counts }] : []
  })
}

interface Play {
  /** Arm → its newest exposure. */
  readonly records: Map<string, ExposureRecord>
  readonly counted: Map<string, Counting>
}

interface Counting extends Counted {
  readonly counts: Record<Counter, number>
}

/** Plays through what happened in the order in which it happened. */
function play({ settled, touches, credits }: Account): Play {
  const records = new Map(settled.map((record) => [record.arm, record]))
  const counted = new Map<string, Counting>()
  const apply = ({ record, adds }: Change) => {
    records.set(record.arm, record)
    const { version, segment, arm } = record
    for (const counter of COUNTERS) {
      const added = adds[counter]
      if (added === undefined) continue
      const key = `${version}\n${arm}\n${segment}`
      const counting = counted.get(key) ?? { version, segment, arm, counts: { ...NO_COUNTS } }
      counted.set(key, counting)
      counting.counts[counter] = toThousandths(counting.counts[counter] + added)
    }
  }
  let touched = 0
  const climbUntil = (at: number) => {
    for (let touch = touches[touched]; touch && touch.at <= at; touch = touches[++touched]) {
      apply(climb(records.get(touch.arm), touch))
    }
  }
  for (const credit of credits) {
    climbUntil(credit.at + SAME_MOMENT_MS)
    for (const change of attribute(records.values(), credit)) apply(change)
  }
  climbUntil(Number.POSITIVE_INFINITY)
  return { records, counted }
}

/** Takes more touches and credits in; those it has already, and those beyond its bounds, change nothing. */
export function enter(
  account: Account,
  touches: readonly Touch[],
  credits: readonly Credit[],
): Account {
  return {
    ...account,
    touches: touches.length > 0 ? thinTouches([...account.touches, ...touches]) : account.touches,
    credits: credits.length > 0 ? thinCredits([...account.credits, ...credits]) : account.credits,
  }
}

/** Ms that are told apart no further; less than a day, so that none is entered once it settles. */
const LONGEST_BUCKET_MS = 6 * 3_600_000

function bucketOf(window: number): number {
  return Math.min(LONGEST_BUCKET_MS, Math.max(1, window / 4))
}

/**
 * Bounds of one account. Who looks at a page all day, and who feeds a bandit, count alike: an account
 * holds so many buckets of touches, and so many credits in each bucket and in all; what is earlier
 * goes first. Both may grow again as older ones settle.
 */
export const BOUNDS = { buckets: 2_000, creditsInBucket: 16, credits: 500 } as const

/**
 * Of one arm's reports of one step within a bucket the first and the last tell all that counts but
 * for rewards between them. What is kept is a function of all that ever came, whatever was left out
 * on the way: of a bucket the least and the greatest, of buckets the least.
 */
function thinTouches(touches: readonly Touch[]): Touch[] {
  const buckets = new Map<string, Touch[]>()
  for (const touch of touches.toSorted(compareTouches)) {
    const key = bucketKey(touch)
    const [first] = buckets.get(key) ?? []
    buckets.set(key, first && compareTouches(first, touch) !== 0 ? [first, touch] : [touch])
  }
  const kept =
    buckets.size > BOUNDS.buckets
      ? [...buckets].sort(compareBuckets).slice(0, BOUNDS.buckets)
      : [...buckets]
  return kept.flatMap(([, own]) => own).sort(compareTouches)
}

function bucketKey(touch: Touch): string {
  return `${startOfBucket(touch)} ${touch.step} ${touch.window} ${touch.arm}`
}

function startOfBucket({ at, window }: Touch): number {
  return at - (at % bucketOf(window))
}

/** By nothing that one more touch in a bucket could change. */
function compareBuckets([a, [left]]: Bucket, [b, [right]]: Bucket): number {
  const apart = left && right ? startOfBucket(left) - startOfBucket(right) : 0
  return apart || compareText(a, b)
}

type Bucket = readonly [key: string, touches: readonly Touch[]]

function thinCredits(credits: readonly Credit[]): Credit[] {
  const inBucket = new Map<string, number>()
  const sorted = credits.toSorted((a, b) => a.at - b.at || compareText(a.id, b.id))
  const kept = sorted.filter((credit, place) => {
    if (sorted[place - 1]?.id === credit.id) return false
    const bucket = bucketOf(credit.window)
    const key = `${Math.floor(credit.at / bucket)} ${bucket} ${credit.arm ?? ''}`
    const before = inBucket.get(key) ?? 0
    inBucket.set(key, before + 1)
    return before < BOUNDS.creditsInBucket
  })
  return kept.slice(0, BOUNDS.credits)
}

/** By time; the rest only so that equal ones are the same. */
function compareTouches(a: Touch, b: Touch): number {
  return (
    a.at - b.at ||
    a.version - b.version ||
    STEP_BITS[a.step] - STEP_BITS[b.step] ||
    compareText(a.arm, b.arm) ||
    compareText(a.segment, b.segment) ||
    a.window - b.window
  )
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}

/**
 * Brings to an end what nobody can change any more, given that nothing from before a day after `until`
 * comes in from now on. Counts nothing: a tally before and one after differ by what was settled.
 */
export function settle(account: Account, until: number): Account {
  const isEarly = (touch: Touch) => touch.at < until
  const isEarlyCredit = (credit: Credit) => credit.at + SAME_MOMENT_MS < until
  const { touches, credits } = account
  if (!touches.some(isEarly) && !credits.some(isEarlyCredit)) return account
  const { records } = play({
    settled: account.settled,
    touches: touches.filter(isEarly),
    credits: credits.filter(isEarlyCredit),
  })
  return {
    settled: [...records.values()].filter(({ lastAt, window }) => {
      return lastAt + window >= until - SAME_MOMENT_MS
    }),
    touches: touches.filter((touch) => !isEarly(touch)),
    credits: credits.filter((credit) => !isEarlyCredit(credit)),
  }
}

/** When the account can be forgotten: nothing that comes in from then on meets anything in it. */
export function endOf({ settled, touches, credits }: Account): number {
  return Math.max(
    0,
    ...settled.map(({ lastAt, window }) => lastAt + window),
    ...touches.map(({ at, window }) => at + window),
    ...credits.map(({ at }) => at),
  )
}
