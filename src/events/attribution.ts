import type { Event, Step } from '../model/event.ts'
import type { Exposure } from '../model/exposure.ts'
import { type Counts, NO_COUNTS } from '../model/learning.ts'

/** An accepted event with what the site's configuration makes of it. */
export interface Item {
  readonly event: Event
  /** The event reports a step of an exposure that a signed token proves. */
  readonly step?: { readonly step: Step; readonly exposure: Exposure; readonly window: number }
  /** Experiences whose goal the event meets. */
  readonly rewards: readonly Reward[]
}

export interface Reward {
  readonly experience: string
  /** Worth of the reward in the goal's own unit; 1 where it names none. */
  readonly value: number
  /** Ms after an exposure in which it counts. */
  readonly window: number
  /** A click rewards only the very variant that was clicked. */
  readonly arm?: string
}

/** What is on record of one visitor's exposure to one arm; a new one begins when its window is over. */
export interface ExposureRecord {
  readonly experience: string
  readonly arm: string
  readonly version: number
  readonly segment: string
  readonly firstAt: number
  readonly lastAt: number
  /** Bits of `STEP_BITS`. */
  readonly steps: number
  readonly rewarded: boolean
}

/** A change to make: the record as it is from now on, and what it adds to the arm's totals. */
export interface Change {
  readonly record: ExposureRecord
  readonly adds: Counts
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

/** An exposure is one person × arm × window: reporting a step again adds nothing. */
export function climb(
  known: ExposureRecord | undefined,
  exposure: Exposure,
  step: Step,
  at: number,
  window: number,
): Change {
  const open = known && at - known.firstAt <= window ? known : undefined
  const steps = open?.steps ?? 0
  const fresh = PROVES[step].filter((proven) => (steps & STEP_BITS[proven]) === 0)
  const adds = { ...NO_COUNTS }
  for (const proven of fresh) adds[proven] = 1
  return {
    adds,
    record: {
      experience: exposure.experience,
      arm: exposure.arm,
      version: open?.version ?? exposure.version,
      segment: open?.segment ?? exposure.segment,
      firstAt: Math.min(open?.firstAt ?? at, at),
      lastAt: Math.max(open?.lastAt ?? at, at),
      steps: fresh.reduce((bits, proven) => bits | STEP_BITS[proven], steps),
      rewarded: open?.rewarded ?? false,
    },
  }
}

/**
 * Last touch, clicked before merely shown: the newest open exposure of the experience takes the
 * reward, once. Nothing when every exposure is rewarded, out of its window, or later than the event.
 */
export function attribute(
  records: readonly ExposureRecord[],
  reward: Reward,
  at: number,
): Change | undefined {
  const [taker] = records
    .filter((r) => !r.rewarded && (reward.arm === undefined || r.arm === reward.arm))
    .filter((r) => r.firstAt <= at + SAME_MOMENT_MS && at - r.lastAt <= reward.window)
    .sort(
      (a, b) =>
        (b.steps & STEP_BITS.clicked) - (a.steps & STEP_BITS.clicked) || b.lastAt - a.lastAt,
    )
  if (!taker) return undefined
  const { value } = reward
  return {
    record: { ...taker, rewarded: true },
    adds: { ...NO_COUNTS, rewarded: 1, value, value2: value * value },
  }
}

/** A page's own goal may be stamped a little before the report that the page's variant arrived. */
const SAME_MOMENT_MS = 5_000
