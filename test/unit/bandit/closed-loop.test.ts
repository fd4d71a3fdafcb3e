import { expect, test } from 'vitest'
import { bucket, pickByShares } from '../../../src/bandit/pick.ts'
import { type Report, type Row, rowKey } from '../../../src/bandit/state.ts'
import { sumCells, type Timeline } from '../../../src/bandit/timeline.ts'
import { type Counts, NO_COUNTS, SHARES, type Weights } from '../../../src/model/learning.ts'
import { newLearner } from '../../bench/learning/learner.ts'
import { type Random, random } from '../../bench/random.ts'
import { POLICY } from './policy.ts'

/** Environment E1 of the reference figures: an even split loses 0.015 rewards per visitor. */
const RATES = { 'arm-1': 0.02, 'arm-2': 0.0275, 'arm-3': 0.035, 'arm-4': 0.0425, 'arm-5': 0.05 }
const ARMS = Object.keys(RATES)
const BEST = 0.05
const EVEN_REGRET = 0.015
const VISITORS = 20_000
/** Reports leave once a second; the site has 100 visitors a second. */
const PER_SECOND = 100
const SOURCES = ['weur-0', 'weur-1', 'enam-0', '__proto__']

/** A visitor shard: cumulative totals per version and arm, sent as they stand. */
function shard(source: string) {
  const totals = new Map<string, Row>()
  let seq = 0
  const count = (version: number, variant: string, rewarded: number) => {
    const blank = { source, version, segment: '', variant, seq, counts: NO_COUNTS }
    const { counts } = totals.get(rowKey(blank)) ?? blank
    const next: Counts = {
      ...counts,
      delivered: counts.delivered + 1,
      rewarded: counts.rewarded + rewarded,
    }
    seq += 1
    totals.set(rowKey(blank), { ...blank, seq, counts: next })
  }
  return { count, report: (): Report => ({ source, totals: [...totals.values()] }) }
}

/** Reports on their way: about one in ten is sent twice, one in ten comes in a second late. */
function network({ uniform }: Random) {
  let late: Report[] = []
  return (sent: readonly Report[]): Report[] => {
    const delayed = sent.filter(() => uniform() < 0.1)
    const arriving = [...sent.filter((report) => !delayed.includes(report)), ...late]
    late = delayed
    return [...arriving, ...arriving.filter(() => uniform() < 0.1)].toReversed()
  }
}

interface Run {
  readonly regret: number
  readonly published: readonly Weights[]
  readonly rows: readonly Row[]
  readonly timeline: Timeline
  readonly rewards: number
}

function run(seed: number): Run {
  const chance = random(seed)
  const shards = SOURCES.map(shard)
  const deliver = network(chance)
  const learner = newLearner(ARMS, { ...POLICY, floor: 0.002 })
  let [regret, rewards] = [0, 0]

  for (let visitor = 0; visitor < VISITORS; visitor++) {
    const weights = learner.weights()
    const shares = Object.entries(weights.shares[''] ?? {})
    const picked = pickByShares(shares, bucket(`e1-${seed}`, `visitor-${visitor}`))
    const [arm, rate] = Object.entries(RATES)[picked?.index ?? -1] ?? ['', Number.NaN]
    const rewarded = chance.uniform() < rate ? 1 : 0
    regret += BEST - rate
    rewards += rewarded
    shards[visitor % shards.length]?.count(weights.version, arm, rewarded)
    if ((visitor + 1) % PER_SECOND > 0) continue
    learner.hear(deliver(shards.map(({ report }) => report())), (visitor + 1) * (1000 / PER_SECOND))
  }
  learner.hear(
    shards.map(({ report }) => report()),
    VISITORS * 1000,
  )
  return { regret, rewards, ...learner.results() }
}

const runs = Array.from({ length: 12 }, (_, index) => run(index + 1))

/** Reference runs of plain Thompson sampling lose about 0.22 of an even split by then; these, 0.21. */
test('loses far less than an even split', () => {
  const mean = runs.reduce((sum, { regret }) => sum + regret, 0) / runs.length
  expect(mean / (EVEN_REGRET * VISITORS)).toBeLessThan(0.3)
})

test('counts every visitor and every reward once', () => {
  for (const { rows, timeline, rewards } of runs) {
    for (const counted of [rows, sumCells(timeline)]) {
      expect(counted.reduce((sum, { counts }) => sum + counts.delivered, 0)).toBe(VISITORS)
      expect(counted.reduce((sum, { counts }) => sum + counts.rewarded, 0)).toBe(rewards)
    }
  }
})

test('publishes whole shares that sum exactly, in versions one by one, a second apart', () => {
  for (const { published } of runs) {
    expect(published.map(({ version }) => version)).toEqual(published.map((_, index) => index + 1))
    for (const [index, { shares, at }] of published.entries()) {
      const values = Object.values(shares[''] ?? {})
      expect(values.every(Number.isInteger)).toBe(true)
      expect(values.reduce((sum, share) => sum + share, 0)).toBe(SHARES)
      expect(Math.min(...values)).toBeGreaterThanOrEqual(20)
      expect(at - (published[index - 1]?.at ?? 0)).toBeGreaterThanOrEqual(1000)
    }
  }
})
