import type { Aim, HalfLife, Pace, Rung } from '../model/experience.ts'
import {
  COUNTERS,
  type Counter,
  type Counts,
  NO_COUNTS,
  type Total,
  type Weights,
} from '../model/learning.ts'
import { evenShares, toRecord } from './shares.ts'

/** How an experience comes to its shares. */
export interface Policy {
  /** All publish shares: the probabilities of the one pick, or of the first place in the list. */
  readonly kind: 'bandit' | 'ranked' | 'split'
  /** The shares of a split, in ten-thousandths: nothing is learned, and each change of them is a version. */
  readonly fixed?: Readonly<Record<string, number>>
  /** Least share of each arm. */
  readonly floor: number
  /** The rung of the exposure ladder that counts as a trial. */
  readonly rung: Rung
  /** Ms after an exposure in which its goal counts. */
  readonly window: number
  readonly aim: Aim
  readonly pace: Pace
  readonly halfLife?: HalfLife
  /** The segments that have weights of their own; everybody else is in `''`. */
  readonly segments: readonly string[]
}

/** What a learner knows beside its rows; plain JSON. */
export interface LearnerState {
  /** The experience's variants as configured now, distinct. */
  readonly arms: readonly string[]
  readonly policy: Policy
  readonly weights: Weights
  /** What had been told when these weights were made. */
  readonly learnedFrom: LearnedFrom
  /** Weights versions whose counts are left out, because a roll-back discarded them. */
  readonly voided: readonly VersionRange[]
}

export interface LearnedFrom {
  readonly trials: number
  readonly rewarded: number
}

/** Both ends belong to it. */
export type VersionRange = readonly [first: number, last: number]

/** One row of a learner's storage: what a source reported last; `seq` grows with every report. */
export interface Row extends Total {
  /** The visitor shard that counts. */
  readonly source: string
  readonly seq: number
}

/** What one source sends: absolute cumulative totals, so that it may be sent any number of times. */
export interface Report {
  readonly source: string
  readonly totals: readonly (Total & { readonly seq: number })[]
}

/** A row to store, and what it adds to the row that it replaces. */
export interface Merge {
  readonly row: Row
  readonly delta: Total
}

/** A learner that knows nothing yet: everybody is split evenly. */
export function newState(arms: readonly string[], policy: Policy): LearnerState {
  const shares = { '': toRecord(arms, evenShares(arms.length)) }
  return {
    arms,
    policy,
    weights: { version: 0, at: 0, shares },
    learnedFrom: { trials: 0, rewarded: 0 },
    voided: [],
  }
}

/** The row's identity as one string; two rows that differ in any part never share it. */
export function rowKey({ source, version, segment, variant }: Omit<Row, 'seq' | 'counts'>): string {
  return JSON.stringify([source, version, segment, variant])
}

/**
 * The newer of two states of one row with what it adds, or nothing where the incoming one is not
 * newer. All deltas of a row ever merged add up to its newest counts, in whatever order and however
 * often reports came (exactly, for whole numbers).
 */
export function merge(stored: Row | undefined, incoming: Row): Merge | undefined {
  if (stored && stored.seq >= incoming.seq) return undefined
  const { version, segment, variant, counts } = incoming
  const added = combine(counts, stored?.counts ?? NO_COUNTS, minus)
  return { row: incoming, delta: { version, segment, variant, counts: added } }
}

/** The rows that a report changes, given the stored ones; to be written in this order. */
export function absorb(report: Report, find: (row: Row) => Row | undefined): Merge[] {
  const written = new Map<string, Row>()
  return report.totals.flatMap((total) => {
    const incoming = { ...total, source: report.source }
    const key = rowKey(incoming)
    const merged = merge(written.get(key) ?? find(incoming), incoming)
    if (!merged) return []
    written.set(key, merged.row)
    return [merged]
  })
}

export const plus = (left: number, right: number) => left + right
export const minus = (left: number, right: number) => left - right

/** Two arms' counts, counter by counter. */
export function combine(
  left: Counts,
  right: Counts,
  by: (left: number, right: number) => number,
): Counts {
  const counts: Record<Counter, number> = { ...NO_COUNTS }
  for (const counter of COUNTERS) counts[counter] = by(left[counter], right[counter])
  return counts
}
