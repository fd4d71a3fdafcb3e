import type { Weights } from '../model/learning.ts'
import { bestProbabilities } from './best.ts'
import type { Beta } from './beta.ts'
import {
  type Evidence,
  type EvidenceBySegment,
  keptOf,
  NO_EVIDENCE,
  toEvidence,
} from './evidence.ts'
import { bestBySegment } from './hierarchy.ts'
import { posteriors } from './prior.ts'
import { covers, floored, isSame, toRecord, toShares } from './shares.ts'
import type { LearnedFrom, LearnerState, Policy } from './state.ts'
import type { Timeline } from './timeline.ts'
import { toWorths, toYields } from './worth.ts'

/** What decides whether new weights are worth publishing. */
export interface Growth {
  /** Told by now of the listed arms, and when the current weights were made. */
  readonly told: LearnedFrom
  readonly learnedFrom: LearnedFrom
  /** Trials that still count; as many as were told unless evidence ages. */
  readonly counting: number
  /** Evidence gets less with age. */
  readonly ages: boolean
  /** Milliseconds since the current weights were published. */
  readonly sincePublication: number
  readonly armsChanged: boolean
}

/** Simulated to a million visitors, a tenth more exposures per version costs no reward. */
const LEAST_GROWTH = 0.1
/** Where favourites change, a new one is found out later by as much. */
const LEAST_GROWTH_AGEING = 0.05
/** Spares a young experience a version for each of its first visitors. */
const LEAST_TRIALS = 10
/** Rewards alone are news where they come long after the last exposure. */
const LEAST_REWARDS = 5
/** Caches at the edge look no more often. */
const LEAST_INTERVAL_MS = 1000

/**
 * The state with new weights where they are due, from everything told by now; `force` publishes
 * them even so.
 */
export function relearn(
  state: LearnerState,
  timeline: Timeline,
  now: number,
  { force }: { readonly force: boolean } = { force: false },
): LearnerState | undefined {
  const { arms, policy, weights, learnedFrom } = state
  if (policy.fixed) return fix(state, policy.fixed, now)
  const { told, counting } = countTold(timeline, arms, policy, now)
  const sincePublication = now - weights.at
  const armsChanged = !covers(weights, arms)
  const ages = policy.halfLife !== undefined
  const due = isDue({ told, learnedFrom, counting, ages, sincePublication, armsChanged })
  if (!due && !force) return undefined
  const shares = learn(toEvidence(timeline, arms, policy, now), arms, policy)
  return { ...state, weights: publish(weights, shares, now), learnedFrom: told }
}

/** Fixed shares are a version of their own wherever they change, so that figures compare like with like. */
function fix(
  state: LearnerState,
  fixed: NonNullable<Policy['fixed']>,
  now: number,
): LearnerState | undefined {
  const { weights } = state
  if (weights.version > 0 && isSame(weights.shares[''] ?? {}, fixed)) return undefined
  return { ...state, weights: publish(weights, { '': fixed }, now) }
}

/** Whether to publish: another tenth was counted, or the arms are others, and a second is over. */
export function isDue(growth: Growth): boolean {
  const { told, learnedFrom, counting, ages, sincePublication, armsChanged } = growth
  // A clock that was set back does not stop learning until it has caught up.
  if (Math.abs(sincePublication) < LEAST_INTERVAL_MS) return false
  // Counts also shrink: when an arm is removed, another rung is chosen, or a source corrects itself.
  const trials = Math.abs(told.trials - learnedFrom.trials)
  const rewarded = Math.abs(told.rewarded - learnedFrom.rewarded)
  const least = ages ? LEAST_GROWTH_AGEING : LEAST_GROWTH
  return (
    armsChanged ||
    trials >= Math.max(LEAST_TRIALS, least * (counting - trials)) ||
    rewarded >= Math.max(LEAST_REWARDS, least * learnedFrom.rewarded)
  )
}

function countTold(
  timeline: Timeline,
  arms: readonly string[],
  policy: Policy,
  now: number,
): Pick<Growth, 'told' | 'counting'> {
  const listed = new Set(arms)
  const kept = keptOf(timeline, policy, now)
  let [trials, rewarded, counting] = [0, 0, 0]
  for (const [place, { cells }] of timeline.entries()) {
    for (const { variant, counts } of cells) {
      if (!listed.has(variant)) continue
      trials += counts[policy.rung]
      rewarded += counts.rewarded
      counting += counts[policy.rung] * (kept[place] ?? 1)
    }
  }
  return { told: { trials, rewarded }, counting }
}

/** The next version; what was published before stays as it was. */
export function publish(previous: Weights, shares: Weights['shares'], now: number): Weights {
  return { version: previous.version + 1, at: now, shares }
}

/** Shares in ten-thousandths by each arm's probability of being best, for every segment seen. */
export function learn(
  evidence: EvidenceBySegment,
  arms: readonly string[],
  policy: Policy,
): Weights['shares'] {
  const worths = policy.aim === 'value' ? toWorths(pool(evidence, arms)) : undefined
  const toYield = (rates: readonly Beta[]) =>
    sharpened(worths ? toYields(rates, worths) : rates, policy)
  const seen = [...evidence].filter(([segment, cells]) => segment === '' || isSeen(cells))
  const best =
    policy.segments.length > 0
      ? bestBySegment(
          seen.map(([, cells]) => cells),
          toYield,
        )
      : seen.map(([, cells]) => bestProbabilities(toYield(posteriors(cells))).probability)
  return Object.fromEntries(
    seen.map(([segment], place) => {
      const shares = toShares(floored(best[place] ?? [], policy.floor))
      return [segment, toRecord(arms, shares)]
    }),
  )
}

function isSeen(cells: readonly Evidence[]): boolean {
  return cells.some(({ trials }) => trials > 0)
}

/** Every arm's evidence over all segments. */
function pool(evidence: EvidenceBySegment, arms: readonly string[]): Evidence[] {
  return arms.map((_, place) =>
    [...evidence.values()].reduce((sum, cells) => plus(sum, cells[place]), NO_EVIDENCE),
  )
}

function plus(left: Evidence, right: Evidence = NO_EVIDENCE): Evidence {
  return {
    trials: left.trials + right.trials,
    rewarded: left.rewarded + right.rewarded,
    value: left.value + right.value,
    value2: left.value2 + right.value2,
  }
}

/** With this many arms plain sampling explores for too long. */
const MANY_ARMS = 10

/** A fast pace counts evidence twice. */
function sharpened(rates: readonly Beta[], { pace }: Policy): readonly Beta[] {
  const fast = pace === 'fast' || (pace === 'auto' && rates.length >= MANY_ARMS)
  return fast ? rates.map(({ a, b }) => ({ a: 2 * a, b: 2 * b })) : rates
}
