import { bucket, pickByShares } from '../../../src/bandit/pick.ts'
import { type Share, sharesOf } from '../../../src/bandit/shares.ts'
import type { Policy, Row } from '../../../src/bandit/state.ts'
import { type Counter, type Counts, NO_COUNTS, type Weights } from '../../../src/model/learning.ts'
import { type Random, random } from '../random.ts'
import type { Environment } from './environments.ts'
import { newLearner } from './learner.ts'

export const POLICY: Policy = {
  ...{ kind: 'bandit', floor: 0.002, rung: 'delivered', window: 24 * 3_600_000 },
  ...{ aim: 'rewards', pace: 'auto', segments: [] },
}

/** Visitor shards that share the counting. */
const SHARDS = 2

export interface Trial {
  readonly environment: Environment
  readonly policy: Partial<Policy>
  /** Seconds between an edge's looks at the published weights; every second unless given. */
  readonly staleness?: number
  readonly seed: number
}

export interface Outcome {
  /** Σ (best rate − rate of the arm shown). */
  readonly regret: number
  /** The same for an even split. */
  readonly even: number
  readonly published: readonly Weights[]
  /** Shown by version, segment and arm. */
  readonly rows: readonly Row[]
}

/**
 * The closed loop of the product over simulated visitors: hashed picks from published shares,
 * cumulative totals that shards send once a second, and the learner's own folding and learning.
 */
export function run({ environment, policy, staleness = 1, seed }: Trial): Outcome {
  const { arms, visitors, perSecond, segments, delay } = environment
  const chance = random(seed)
  const names = Array.from({ length: arms }, (_, arm) => `arm-${arm}`)
  const segmentNames = segments.length > 1 ? segments.map((_, g) => `segment-${g}`) : ['']
  const learner = newLearner(names, {
    ...POLICY,
    segments: policy.segments ?? [],
    ...policy,
  })
  const shards = Array.from({ length: SHARDS }, (_, n) => newShard(`shard-${n}`))
  const late = newQueue()
  let served = serve(learner.weights())
  let [regret, even] = [0, 0]

  for (let visitor = 0; visitor < visitors; visitor++) {
    const group = segments.length > 1 ? choose(segments, chance) : 0
    const segment = segmentNames[group] ?? ''
    const rates = environment.rates(visitor, group)
    const best = Math.max(...rates)
    const index = pickByShares(served.shares(segment), bucket(`run-${seed}`, `v${visitor}`))?.index
    const rate = rates[index ?? -1] ?? Number.NaN
    const shard = shards[visitor % SHARDS]
    const arm = { version: served.version, segment, variant: names[index ?? -1] ?? '' }
    regret += best - rate
    even += best - rates.reduce((sum, value) => sum + value, 0) / arms
    shard?.count(arm, { delivered: 1 })
    if (chance.uniform() < rate) {
      const wait =
        delay > 0 ? Math.max(1, Math.ceil(-Math.log(chance.uniform()) * delay * perSecond)) : 0
      const reward = () => shard?.count(arm, { rewarded: 1, delay: wait / perSecond })
      if (wait > 0) late.add(visitor + wait, reward)
      else reward()
    }
    late.release(visitor)
    if ((visitor + 1) % perSecond > 0) continue
    const second = (visitor + 1) / perSecond
    learner.hear(
      shards.map(({ report }) => report()),
      second * 1000,
    )
    if (second % staleness === 0) served = serve(learner.weights())
  }
  learner.hear(
    shards.map(({ report }) => report()),
    (visitors / perSecond) * 1000,
  )
  return { regret, even, ...learner.results() }
}

function choose(weights: readonly number[], { uniform }: Random): number {
  let rest = uniform()
  for (const [place, weight] of weights.entries()) {
    rest -= weight
    if (rest < 0) return place
  }
  return weights.length - 1
}

/** Published weights in the form in which an edge picks from them. */
function serve(weights: Weights) {
  const ready = new Map<string, readonly Share[]>()
  const shares = (segment: string) => {
    const known = ready.get(segment)
    if (known) return known
    const made = Object.entries(sharesOf(weights, segment) ?? {})
    ready.set(segment, made)
    return made
  }
  return { version: weights.version, shares }
}

type Arm = Pick<Row, 'version' | 'segment' | 'variant'>

/** A visitor shard: cumulative totals, of which those that changed are sent as they stand. */
function newShard(source: string) {
  const totals = new Map<string, { arm: Arm; counts: Record<Counter, number>; seq: number }>()
  let changed = new Set<string>()
  const count = (arm: Arm, adds: Partial<Counts>) => {
    const key = `${arm.version}/${arm.segment}/${arm.variant}`
    const total = totals.get(key) ?? { arm, counts: { ...NO_COUNTS }, seq: 0 }
    total.counts.delivered += adds.delivered ?? 0
    total.counts.rewarded += adds.rewarded ?? 0
    total.counts.delay += adds.delay ?? 0
    total.seq += 1
    totals.set(key, total)
    changed.add(key)
  }
  const report = () => {
    const sent = [...changed].flatMap((key) => {
      const total = totals.get(key)
      return total ? [{ ...total.arm, counts: { ...total.counts }, seq: total.seq }] : []
    })
    changed = new Set()
    return { source, totals: sent }
  }
  return { count, report }
}

/** What is to happen at a later visitor. */
function newQueue() {
  const due = new Map<number, (() => void)[]>()
  return {
    add(at: number, work: () => void) {
      const others = due.get(at)
      if (others) others.push(work)
      else due.set(at, [work])
    },
    release(at: number) {
      for (const work of due.get(at) ?? []) work()
      due.delete(at)
    },
  }
}
