import type { Event, Step } from '../model/event.ts'
import type { Attribution, Rung } from '../model/experience.ts'
import { type Exposure, HOLDOUT_ARM } from '../model/exposure.ts'
import { type Counts, toThousandths } from '../model/learning.ts'

/** An accepted event with what the site's configuration makes of it. */
export interface Item {
  readonly event: Event
  /** The event reports a step of an exposure that a signed token proves. */
  readonly step?: {
    readonly step: Step
    readonly exposure: Exposure
    readonly window: number
    /** Names of the experience's books for watched goals. */
    readonly watched?: readonly string[]
  }
  /** Experiences whose goal the event meets. */
  readonly rewards: readonly Reward[]
  /** The site's counters that count it; `amount` is what it adds to their sums. */
  readonly counted?: readonly { readonly counter: string; readonly amount?: number }[]
}

export interface Reward {
  /** Name of the book that it is counted in: an experience's, or that of a goal watched in one. */
  readonly experience: string
  /** Worth of the reward in the goal's own unit; 1 where it names none. */
  readonly value: number
  /** Ms after an exposure in which it counts. */
  readonly window: number
  /** Ms after an exposure's first step before which it does not count yet. */
  readonly after: number
  readonly attribution: Attribution
  /** How far an exposure must have come to take it. */
  readonly rung: Rung
  /** A click rewards only the very variant that was clicked. */
  readonly arm?: string
}

/** One report that a visitor came to a step of an exposure. */
export interface Touch {
  readonly arm: string
  readonly version: number
  readonly segment: string
  readonly step: Step
  readonly at: number
  /** Ms for which the exposure that it begins, if it begins one, lasts. */
  readonly window: number
}

/** A reward that looks for an exposure to take it. */
export interface Credit extends Omit<Reward, 'experience'> {
  /** The event's message id. */
  readonly id: string
  readonly at: number
}

/** What is on record of one visitor's exposure to one arm; a new one begins when its window is over. */
export interface ExposureRecord {
  readonly arm: string
  readonly version: number
  readonly segment: string
  readonly window: number
  readonly firstAt: number
  readonly lastAt: number
  /** Bits of `STEP_BITS`. */
  readonly steps: number
  readonly rewarded: boolean
}

/** A change to make: the record as it is from now on, and what it adds to the arm's totals. */
export interface Change {
  readonly record: ExposureRecord
  readonly adds: Partial<Counts>
}

/**
 * What each step proves. Reports come out of order and the lower ones may never come, so a step
 * counts for the ones it cannot have happened without.
 */
const PROVES: Readonly<Record<Step, readonly Step[]>> = {
  delivered: ['delivered'],
  survived: ['delivered', 'survived'],
  seen: ['delivered', 'seen'],
  clicked: ['delivered', 'survived', 'seen', 'clicked'],
}

export const STEP_BITS: Readonly<Record<Step, number>> = {
  delivered: 1,
  survived: 2,
  seen: 4,
  clicked: 8,
}

/** What is counted of exposures, by the bits of steps that are new. */
const ADDS: readonly Partial<Counts>[] = Array.from({ length: 16 }, (_, bits) =>
  Object.fromEntries(
    Object.entries(STEP_BITS).flatMap(([step, bit]) => (bits & bit ? [[step, 1]] : [])),
  ),
)

const PROVEN_BITS = Object.fromEntries(
  Object.entries(PROVES).map(([step, proven]) => [
    step,
    proven.reduce((bits, one) => bits | STEP_BITS[one], 0),
  ]),
)

/** A page's own goal may be stamped a little before the report that the page's variant arrived. */
export const SAME_MOMENT_MS = 5_000

/** An exposure is one person × arm × window: reporting a step again adds nothing. */
export function climb(known: ExposureRecord | undefined, touch: Touch): Change {
  const { arm, version, segment, window, at } = touch
  const open = known && at - known.firstAt <= window ? known : undefined
  const steps = open?.steps ?? 0
  const proven = PROVEN_BITS[touch.step] ?? 0
  return {
    adds: ADDS[proven & ~steps] ?? {},
    record: {
      arm,
      version: open?.version ?? version,
      segment: open?.segment ?? segment,
      window: Math.max(open?.window ?? 0, window),
      firstAt: Math.min(open?.firstAt ?? at, at),
      lastAt: Math.max(open?.lastAt ?? at, at),
      steps: steps | proven,
      rewarded: open?.rewarded ?? false,
    },
  }
}

/**
 * Who takes a reward, given the exposures begun until then: each that is open, or the one touched
 * last, clicked before merely shown. Nobody when all are rewarded or none came far enough in time.
 */
export function attribute(records: Iterable<ExposureRecord>, credit: Credit): Change[] {
  const takers = [...records].filter((record) => mayTake(record, credit))
  if (credit.attribution === 'all') return takers.map((taker) => reward(taker, credit))
  const last = lastTouched(takers, credit)
  return last ? [reward(last, credit)] : []
}

function lastTouched(
  takers: readonly ExposureRecord[],
  credit: Credit,
): ExposureRecord | undefined {
  const clicked = takers.filter(({ steps }) => (steps & STEP_BITS.clicked) !== 0)
  const nearest = clicked.length > 0 ? clicked : takers
  const at = nearest.reduce((latest, { lastAt }) => Math.max(latest, lastAt), 0)
  const [first, ...others] = nearest.filter(({ lastAt }) => lastAt === at)
  if (!first || others.length === 0) return first
  return [first, ...others]
    .map((record) => ({ record, lot: lotOf(record.arm, credit.id) }))
    .reduce((best, one) => {
      const first = one.lot === best.lot ? one.record.arm < best.record.arm : one.lot < best.lot
      return first ? one : best
    }).record
}

function mayTake(record: ExposureRecord, { arm, at, window, after, rung }: Credit): boolean {
  if (record.rewarded || (arm !== undefined && record.arm !== arm)) return false
  // Who was left alone has nothing to see.
  const lowest = record.arm === HOLDOUT_ARM ? 'delivered' : rung
  if ((record.steps & STEP_BITS[lowest]) === 0) return false
  return at - record.lastAt <= window && (after === 0 || at - record.firstAt >= after)
}

function reward(record: ExposureRecord, { at, ...credit }: Credit): Change {
  const value = toThousandths(credit.value)
  const value2 = toThousandths(value * value)
  const delay = toThousandths(Math.max(0, at - record.firstAt) / 1000)
  return { record: { ...record, rewarded: true }, adds: { rewarded: 1, value, value2, delay } }
}

/**
 * Offers of one list arrive in the same moment: lots decide, the same ones each time. FNV-1a with the
 * end of MurmurHash3, as ids that differ in their last character only would have their lots in order.
 */
function lotOf(arm: string, id: string): number {
  let hash = 0x811c9dc5
  for (const text of [id, arm]) {
    for (let place = 0; place < text.length; place++) {
      hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193)
    }
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
