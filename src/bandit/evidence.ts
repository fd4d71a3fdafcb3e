import type { Rung } from '../model/experience.ts'
import type { Counts } from '../model/learning.ts'
import { delayScale, maturity, type Observed } from './delay.ts'
import type { Policy } from './state.ts'
import type { Slice, Timeline } from './timeline.ts'

/**
 * What speaks for and against an arm: exposures that have had the time to be rewarded, and rewards,
 * both worth less the longer they are past. Never negative, never more rewards than trials.
 */
export interface Evidence {
  readonly trials: number
  readonly rewarded: number
  /** Sum of the rewards' worth, and of its squares. */
  readonly value: number
  readonly value2: number
}

export const NO_EVIDENCE: Evidence = { trials: 0, rewarded: 0, value: 0, value2: 0 }

/** Segment → evidence of each arm, aligned with the list of arms. */
export type EvidenceBySegment = ReadonlyMap<string, readonly Evidence[]>

/** What was told by `now`, of the listed arms; segments that are not declared are in `''`. */
export function toEvidence(
  timeline: Timeline,
  arms: readonly string[],
  policy: Policy,
  now: number,
): EvidenceBySegment {
  const places = new Map(arms.map((arm, place) => [arm, place]))
  const segments = new Map(['', ...policy.segments].map((name) => [name, arms.map(newSum)]))
  const kept = keptOf(timeline, policy, now)
  const matured = maturedOf(timeline, policy, now)
  for (const [place, { cells }] of timeline.entries()) {
    const rewards = kept[place] ?? 1
    const trials = rewards * (matured[place] ?? 1)
    for (const { segment, variant, counts } of cells) {
      const sums = segments.get(segment) ?? segments.get('')
      const sum = sums?.[places.get(variant) ?? -1]
      if (sum) add(sum, counts, { trials, rewards, rung: policy.rung })
    }
  }
  return new Map([...segments].map(([segment, sums]) => [segment, sums.map(settle)]))
}

interface Sum {
  trials: number
  rewarded: number
  value: number
  value2: number
}

const newSum = (): Sum => ({ ...NO_EVIDENCE })

function add(
  sum: Sum,
  counts: Counts,
  worth: { readonly trials: number; readonly rewards: number; readonly rung: Rung },
): void {
  sum.trials += counts[worth.rung] * worth.trials
  sum.rewarded += counts.rewarded * worth.rewards
  sum.value += counts.value * worth.rewards
  sum.value2 += counts.value2 * worth.rewards
}

/** A reward proves a trial, also where the report of the rung was lost or is still under way. */
function settle({ trials, rewarded, value, value2 }: Sum): Evidence {
  const proven = positive(rewarded)
  return {
    trials: Math.max(positive(trials), proven),
    rewarded: proven,
    value: Number.isFinite(value) ? value : 0,
    value2: positive(value2),
  }
}

function positive(value: number): number {
  return value > 0 && value < Number.POSITIVE_INFINITY ? value : 0
}

/** How much of its rewards each slice's exposures have shown by now. */
function maturedOf(timeline: Timeline, { rung, window }: Policy, now: number): number[] {
  const cohorts = timeline.map((slice) => ({
    ...agesOf(slice, now),
    trials: trialsIn(slice, rung),
  }))
  const scale = delayScale(cohorts, observe(timeline), window)
  return cohorts.map((cohort) => maturity(cohort, scale, window))
}

function observe(timeline: Timeline): Observed {
  let [rewarded, seconds] = [0, 0]
  for (const { cells } of timeline) {
    for (const { counts } of cells) {
      rewarded += counts.rewarded
      seconds += counts.delay
    }
  }
  return { rewarded, delay: seconds * 1000 }
}

const HOUR_MS = 3_600_000

/**
 * What each slice's counts are still worth: the mean of 2^−age over the slice, in half-lives by the
 * clock or by the visitors since, whichever makes it younger: a quiet week wipes nothing out.
 */
export function keptOf(timeline: Timeline, { halfLife, rung }: Policy, now: number): number[] {
  if (!halfLife) return timeline.map(() => 1)
  const hours = (ms: number) => ms / (halfLife.hours * HOUR_MS)
  let visitors = 0
  const kept = timeline.toReversed().map((slice) => {
    const { youngest, oldest } = agesOf(slice, now)
    const after = visitors / halfLife.visitors
    visitors += Math.max(0, trialsIn(slice, rung))
    const before = visitors / halfLife.visitors
    return meanDecay(Math.min(hours(youngest), after), Math.min(hours(oldest), before))
  })
  return kept.toReversed()
}

/** Mean of 2^−age between two ages. */
function meanDecay(young: number, old: number): number {
  const span = (old - young) * Math.LN2
  return span > 1e-9 ? (2 ** -young * -Math.expm1(-span)) / span : 2 ** -young
}

function agesOf({ from, until }: Slice, now: number): { youngest: number; oldest: number } {
  return { youngest: Math.max(0, now - until), oldest: Math.max(0, now - from) }
}

function trialsIn({ cells }: Slice, rung: Rung): number {
  let sum = 0
  for (const { counts } of cells) sum += counts[rung]
  return sum
}
