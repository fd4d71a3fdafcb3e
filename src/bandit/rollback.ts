import type { Weights } from '../model/learning.ts'
import { toEvidence } from './evidence.ts'
import { learn, publish } from './learn.ts'
import { covers } from './shares.ts'
import { type LearnedFrom, type LearnerState, newState, type VersionRange } from './state.ts'
import { type Cell, subtractCells, sumCells, type Timeline } from './timeline.ts'

/** A published version with everything that had been told by then, for going back to it. */
export interface Kept {
  readonly weights: Weights
  readonly learnedFrom: LearnedFrom
  readonly cells: readonly Cell[]
}

/** How every learner begins: version 0, an even split, nothing told. */
export function outset({ arms, policy }: LearnerState): Kept {
  const { weights, learnedFrom } = newState(arms, policy)
  return { weights, learnedFrom, cells: [] }
}

/**
 * Goes back to an earlier version: its shares are published again, under a new number, and what was
 * told since is left out, as is what the versions in between may still be told.
 */
export function rollBack(
  state: LearnerState,
  timeline: Timeline,
  kept: Kept,
  now: number,
): { state: LearnerState; timeline: Timeline } {
  const { arms, policy, weights, voided } = state
  const past = cut(timeline, kept)
  const shares = covers(kept.weights, arms)
    ? kept.weights.shares
    : learn(toEvidence(past, arms, policy, now), arms, policy)
  const { version } = kept.weights
  const earlier = voided.filter(([, last]) => last < version)
  return {
    timeline: past,
    state: {
      ...state,
      weights: publish(weights, shares, now),
      learnedFrom: kept.learnedFrom,
      voided: [...earlier, [version + 1, weights.version]],
    },
  }
}

/** The timeline as it was then: whole slices, and what is missing from them to the kept sums. */
function cut(timeline: Timeline, { weights: { at }, cells }: Kept): Timeline {
  const whole = timeline.filter(({ until }) => until <= at)
  const rest = subtractCells(cells, sumCells(whole))
  const from = whole.at(-1)?.until ?? timeline[0]?.from ?? at
  return rest.length === 0
    ? whole
    : [...whole, { from: Math.min(from, at), until: at, cells: rest }]
}

/** What of a report counts: a source may still speak of versions that were rolled back. */
export function withoutVoided<T extends { readonly version: number }>(
  told: readonly T[],
  voided: readonly VersionRange[],
): readonly T[] {
  if (voided.length === 0) return told
  return told.filter(({ version }) =>
    voided.every(([first, last]) => version < first || version > last),
  )
}

/** Version with the sums by which it can be gone back to. */
export function keep({ weights, learnedFrom }: LearnerState, timeline: Timeline): Kept {
  return { weights, learnedFrom, cells: sumCells(timeline) }
}
