import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import type { Policy } from '../../src/bandit/state.ts'
import type { Item } from '../../src/events/attribution.ts'
import { HOLDOUT_ARM } from '../../src/model/exposure.ts'
import { type Counts, NO_COUNTS, SHARES, type Weights } from '../../src/model/learning.ts'
import { createVisitorId, shardOf } from '../../src/visitor/visitor-id.ts'
import { counts, drain, learnedBy, rewardOf, rolledUp, stepOf, totalsOf } from './objects.ts'

let made = 0

/** A learner that nobody has used yet, with its site's board. */
function newLearner() {
  const site = `lab-${++made}`
  const learner = env.LEARNERS.getByName(`${site}/hero`)
  const board = env.BOARD.getByName(site)
  const tell = (
    seq: number,
    variant: string,
    changes: Partial<Counts>,
    source = `${site}:weur:1`,
  ) => {
    const total = { version: 0, segment: '', variant, seq, counts: counts(changes) }
    return learner.report({ source, totals: [total] })
  }
  const published = async () => (await board.read(undefined))?.weights.hero
  return { site, learner, board, tell, published }
}

const POLICY: Policy = {
  ...{ kind: 'bandit', floor: 0.01, rung: 'delivered', window: 86_400_000 },
  ...{ aim: 'rewards', pace: 'auto', segments: [] },
}

/** The versions that the database has of an experience, oldest first. */
async function versionsOf(site: string): Promise<Weights[]> {
  const query = 'SELECT version, at, shares FROM weights_version WHERE site = ? ORDER BY version'
  const { results } = await env.DB.prepare(query).bind(site).all()
  return results.map(({ version, at, shares }) => ({
    ...{ version: Number(version), at: Number(at), shares: JSON.parse(String(shares)) },
  }))
}

describe('a learner', () => {
  test('keeps the newest totals of each source and sums them; old and equal ones change nothing', async () => {
    const { site, learner, tell } = newLearner()
    await tell(2, 'a', { delivered: 10, rewarded: 2 })
    await tell(1, 'a', { delivered: 7, rewarded: 1 })
    await tell(2, 'a', { delivered: 10, rewarded: 2 })
    await tell(1, 'a', { delivered: 5 }, 'other')
    await tell(1, 'b', { delivered: 3 })
    await evictDurableObject(learner)
    await tell(2, 'a', { delivered: 10, rewarded: 2 })
    const sums = { a: counts({ delivered: 15, rewarded: 2 }), b: counts({ delivered: 3 }) }
    expect(await learnedBy(learner)).toEqual(sums)
    await drain(learner)
    expect(await rolledUp(site, 'hero')).toEqual(sums)
    await tell(3, 'a', { delivered: 11, rewarded: 2 })
    await tell(2, 'a', { delivered: 10, rewarded: 2 })
    await drain(learner)
    expect(await rolledUp(site, 'hero')).toEqual({
      ...sums,
      a: counts({ delivered: 16, rewarded: 2 }),
    })
  })

  test('publishes growing versions to the board and the database, each of shares that sum up', async () => {
    const { site, learner, tell, published } = newLearner()
    await learner.configure(['a', 'b', 'c'], POLICY)
    const learnt: (Weights | undefined)[] = []
    for (let round = 1; round <= 4; round++) {
      await tell(round, 'a', { delivered: 100 * round, rewarded: 5 * round })
      await tell(round, 'b', { delivered: 100 * round, rewarded: 20 * round })
      expect(await learner.learnNow()).toBe(round)
      learnt.push(await published())
    }
    expect(learnt.map((weights) => weights?.version)).toEqual([1, 2, 3, 4])
    for (const weights of learnt) {
      const shares = weights?.shares[''] ?? {}
      expect(Object.keys(shares)).toEqual(['a', 'b', 'c'])
      expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBe(SHARES)
      expect(Math.min(...Object.values(shares))).toBeGreaterThanOrEqual(100)
    }
    const [, , , last] = learnt
    expect(last?.shares['']?.b).toBeGreaterThan(5000)
    await drain(learner)
    const kept = await versionsOf(site)
    expect(kept).toEqual(learnt)
    await runInDurableObject(learner, (instance) => instance.alarm())
    expect(await versionsOf(site)).toEqual(kept)
  })

  test('learns by itself, by its alarm, and from then on only when there is more to learn from', async () => {
    const { learner, tell, published } = newLearner()
    await learner.configure(['a', 'b'], POLICY)
    await tell(1, 'a', { delivered: 50, rewarded: 1 })
    await tell(1, 'b', { delivered: 50, rewarded: 25 })
    await runInDurableObject(learner, (instance) => instance.alarm())
    const first = await published()
    expect(first?.version).toBe(1)
    expect(first?.shares['']?.b).toBeGreaterThan(first?.shares['']?.a ?? SHARES)
    await tell(2, 'a', { delivered: 51, rewarded: 1 })
    await drain(learner)
    expect((await published())?.version).toBe(1)
  })

  test('of which nothing is configured counts, and publishes nothing', async () => {
    const { site, learner, tell, published } = newLearner()
    await tell(1, 'a', { delivered: 50 })
    expect(await learner.learnNow()).toBe(0)
    await drain(learner)
    expect(await published()).toBeUndefined()
    expect(await rolledUp(site, 'hero')).toEqual({ a: counts({ delivered: 50 }) })
  })

  test('takes other arms from a publish, keeps what it knows of the rest, and covers them soon', async () => {
    const { learner, tell, published } = newLearner()
    await learner.configure(['a', 'b'], POLICY)
    await tell(1, 'a', { delivered: 1000, rewarded: 10 })
    await tell(1, 'b', { delivered: 1000, rewarded: 200 })
    await learner.learnNow()
    await learner.configure(['b', 'c'], POLICY)
    // A second must have passed since the last version, and passes more quickly here.
    await runInDurableObject(learner, (_, { storage }) => {
      const { doc } = storage.sql.exec('SELECT doc FROM learner').one()
      const state = JSON.parse(String(doc))
      state.weights.at -= 2000
      storage.sql.exec('UPDATE learner SET doc = ?', JSON.stringify(state))
    })
    await drain(learner)
    const weights = await published()
    expect(weights?.version).toBe(2)
    expect(Object.keys(weights?.shares[''] ?? {})).toEqual(['b', 'c'])
    expect(weights?.shares['']?.b).toBeGreaterThan(5000)
  })

  test('tries again when the board or the database could not be reached', async () => {
    const { site, learner, tell, published } = newLearner()
    await learner.configure(['a'], POLICY)
    await env.DB.exec('ALTER TABLE rollup RENAME TO gone')
    await tell(1, 'a', { delivered: 20 })
    await evictDurableObject(learner)
    await runDurableObjectAlarm(learner)
    const retry = await runInDurableObject(learner, (_, { storage }) => storage.getAlarm())
    await env.DB.exec('ALTER TABLE gone RENAME TO rollup')
    expect(retry).toBeGreaterThan(Date.now())
    expect((await published())?.version).toBe(1)
    await drain(learner)
    expect(await rolledUp(site, 'hero')).toEqual({ a: counts({ delivered: 20 }) })
    expect((await versionsOf(site)).map(({ version }) => version)).toEqual([1])
  })

  test('brings every hour of every arm to the database, however many they are', async () => {
    const { site, learner } = newLearner()
    const totals = Array.from({ length: 620 }, (_, n) => ({
      ...{ version: 0, segment: '', variant: `arm${n}`, seq: 1, counts: counts({ delivered: 1 }) },
    }))
    await learner.report({ source: 's', totals })
    await drain(learner)
    expect(Object.values(await rolledUp(site, 'hero'))).toEqual(
      Array(620).fill(counts({ delivered: 1 })),
    )
  })
})

/** What a learner knows by time, summed up. */
function inSlices(
  learner: ReturnType<typeof newLearner>['learner'],
): Promise<Record<string, number>> {
  return runInDurableObject(learner, (_, { storage }) => {
    const sums: Record<string, number> = {}
    for (const row of storage.sql.exec('SELECT doc FROM slice').toArray()) {
      for (const { variant, counts: known } of JSON.parse(String(row.doc)).cells) {
        sums[variant] = (sums[variant] ?? 0) + known.delivered
      }
    }
    return sums
  })
}

describe('a learner that something happens to', () => {
  test('knows after a restart what it knew before, and publishes the same from it', async () => {
    const { learner, tell, published } = newLearner()
    await learner.configure(['a', 'b'], POLICY)
    for (let seq = 1; seq <= 5; seq++) {
      await tell(seq, 'a', { delivered: 100 * seq, rewarded: 4 * seq })
      await tell(seq, 'b', { delivered: 90 * seq, rewarded: 9 * seq }, 'other')
    }
    await learner.learnNow()
    const before = await published()
    await evictDurableObject(learner)
    expect(await inSlices(learner)).toEqual({ a: 500, b: 450 })
    await learner.learnNow()
    expect((await published())?.version).toBe(2)
    expect((await published())?.shares).toEqual(before?.shares)
  })

  test('from before evidence was kept by time goes on from all it was told', async () => {
    const { learner, tell, published } = newLearner()
    await learner.configure(['a', 'b'], POLICY)
    await tell(1, 'a', { delivered: 500, rewarded: 5 })
    await tell(1, 'b', { delivered: 500, rewarded: 60 })
    await runInDurableObject(learner, (_, { storage }) => {
      const { arms, weights } = JSON.parse(
        String(storage.sql.exec('SELECT doc FROM learner').one().doc),
      )
      const policy = { kind: 'bandit', floor: 0.01, rung: 'delivered' }
      const former = JSON.stringify({ arms, weights, policy, learnedFrom: 0 })
      storage.sql.exec('UPDATE learner SET doc = ?', former)
      storage.sql.exec('DELETE FROM slice')
    })
    await evictDurableObject(learner)
    expect(await learner.learnNow()).toBe(1)
    expect((await published())?.shares['']?.b).toBeGreaterThan(9000)
    expect(await inSlices(learner)).toEqual({ a: 500, b: 500 })
    await evictDurableObject(learner)
    await tell(2, 'b', { delivered: 600, rewarded: 70 })
    expect(await inSlices(learner)).toEqual({ a: 500, b: 600 })
  })

  test('started from an older snapshot gives no number to other weights again', async () => {
    const { site, learner, tell, published } = newLearner()
    await learner.configure(['a', 'b'], POLICY)
    const readDoc = () =>
      runInDurableObject(learner, (_, { storage }) =>
        String(storage.sql.exec('SELECT doc FROM learner').one().doc),
      )
    await tell(1, 'a', { delivered: 200, rewarded: 30 })
    await learner.learnNow()
    const old = await readDoc()
    for (const seq of [2, 3]) {
      await tell(seq, 'b', { delivered: 200 * seq, rewarded: 60 * seq })
      await learner.learnNow()
    }
    await drain(learner)
    await runInDurableObject(learner, (_, { storage }) => {
      storage.sql.exec('UPDATE learner SET doc = ?', old)
    })
    await evictDurableObject(learner)
    await tell(9, 'a', { delivered: 5000, rewarded: 2000 })
    expect(await learner.learnNow()).toBe(4)
    expect((await published())?.version).toBe(4)
    await drain(learner)
    const kept = await versionsOf(site)
    expect(kept.map(({ version }) => version)).toEqual([1, 2, 3, 4])
    expect(kept.at(-1)?.shares).toEqual((await published())?.shares)
  })

  test('takes back what a source that was restored no longer counts, and leaves the others alone', async () => {
    const { site, learner, tell } = newLearner()
    await tell(5, 'a', { delivered: 100, rewarded: 10 })
    await tell(5, 'a', { delivered: 40, rewarded: 4 }, 'other')
    await tell(6, 'a', { delivered: 80, rewarded: 9 })
    expect(await learnedBy(learner)).toEqual({ a: counts({ delivered: 120, rewarded: 13 }) })
    expect(await inSlices(learner)).toEqual({ a: 120 })
    await drain(learner)
    expect(await rolledUp(site, 'hero')).toEqual({ a: counts({ delivered: 120, rewarded: 13 }) })
  })

  test('goes on learning when its clock was ahead for a while', async () => {
    const { learner, tell, published } = newLearner()
    await learner.configure(['a', 'b'], POLICY)
    await tell(1, 'a', { delivered: 500, rewarded: 5 })
    await learner.learnNow()
    await runInDurableObject(learner, (_, { storage }) => {
      const year = 365 * 86_400_000
      const state = JSON.parse(String(storage.sql.exec('SELECT doc FROM learner').one().doc))
      state.weights.at += year
      storage.sql.exec('UPDATE learner SET doc = ?', JSON.stringify(state))
      const slice = JSON.parse(String(storage.sql.exec('SELECT doc FROM slice').one().doc))
      const ahead = { ...slice, from: slice.from + year, until: slice.until + year }
      storage.sql.exec('UPDATE slice SET since = ?, doc = ?', ahead.from, JSON.stringify(ahead))
    })
    await evictDurableObject(learner)
    await tell(1, 'b', { delivered: 500, rewarded: 60 })
    await drain(learner)
    expect((await published())?.version).toBe(2)
    expect((await published())?.shares['']?.b).toBeGreaterThan(9000)
    expect(await inSlices(learner)).toEqual({ a: 500, b: 500 })
  })
})

describe('a roll-back', () => {
  async function poisoned() {
    const lab = newLearner()
    const { site, learner, tell } = lab
    await learner.configure(['a', 'b'], POLICY)
    await tell(1, 'a', { delivered: 1000, rewarded: 10 })
    await tell(1, 'b', { delivered: 1000, rewarded: 60 })
    await learner.learnNow()
    const good = await lab.published()
    const bad = (seq: number, rewarded: number) => {
      const total = { version: 1, segment: '', variant: 'a', seq }
      const told = counts({ delivered: 3000, rewarded })
      return learner.report({
        source: `${site}:weur:9`,
        totals: [{ ...total, version: 2, counts: told }],
      })
    }
    await bad(1, 2500)
    await learner.learnNow()
    return { ...lab, good, bad }
  }

  test('brings earlier shares back under a new number, on the board and in the database', async () => {
    const { site, learner, published, good, bad } = await poisoned()
    expect((await published())?.shares['']?.a).toBeGreaterThan(9000)
    expect(await learner.rollBack(1)).toBe(3)
    expect(await published()).toMatchObject({ version: 3, shares: good?.shares })
    // What the discarded version goes on being told counts in reports, and teaches nothing.
    await bad(2, 2900)
    await evictDurableObject(learner)
    expect(await inSlices(learner)).toEqual({ a: 1000, b: 1000 })
    expect(await learner.learnNow()).toBe(4)
    expect((await published())?.shares['']?.b).toBeGreaterThan(9000)
    await drain(learner)
    expect((await versionsOf(site)).map(({ version }) => version)).toEqual([1, 2, 3, 4])
    expect((await rolledUp(site, 'hero')).a).toEqual(counts({ delivered: 4000, rewarded: 2910 }))
  })

  test('to version 0 begins anew', async () => {
    const { learner, published } = await poisoned()
    expect(await learner.rollBack(0)).toBe(3)
    expect((await published())?.shares).toEqual({ '': { a: 5000, b: 5000 } })
    expect(await inSlices(learner)).toEqual({})
  })

  test('to a version that nobody knows changes nothing', async () => {
    const { learner, published } = await poisoned()
    const before = await published()
    expect(await learner.rollBack(77)).toBeUndefined()
    expect(await published()).toEqual(before)
    expect(await newLearner().learner.rollBack(0)).toBeUndefined()
  })
})

describe('what a learner is told', () => {
  test('by segment is published by segment, with shares for everybody else', async () => {
    const { learner, published } = newLearner()
    const segments = ['phone', 'tablet', 'desktop']
    await learner.configure(['a', 'b'], { ...POLICY, segments })
    const total = (segment: string, variant: string, rewarded: number) => ({
      ...{ version: 0, segment, variant, seq: 1, counts: counts({ delivered: 4000, rewarded }) },
    })
    const totals = [
      ...[total('phone', 'a', 80), total('phone', 'b', 240)],
      ...[total('desktop', 'a', 240), total('desktop', 'b', 80)],
    ]
    await learner.report({ source: 's', totals })
    await learner.learnNow()
    const shares = (await published())?.shares ?? {}
    expect(Object.keys(shares)).toEqual(['', 'phone', 'desktop'])
    expect(shares.phone?.b).toBeGreaterThan(9000)
    expect(shares.desktop?.a).toBeGreaterThan(9000)
    for (const each of Object.values(shares)) {
      expect(Object.values(each).reduce((sum, share) => sum + share, 0)).toBe(SHARES)
    }
  })

  test('is audited: a source that does not fit in, and arms shown too often, are on record', async () => {
    const { site, learner, tell } = newLearner()
    await learner.configure(['a', 'b'], POLICY)
    await learner.learnNow()
    for (const source of ['s1', 's2', 's3', 's4', 's5']) {
      const totals = ['a', 'b'].map((variant) => ({
        ...{ version: 1, segment: '', variant, seq: 1 },
        counts: counts({ delivered: variant === 'a' ? 3000 : 2000, rewarded: 90 }),
      }))
      await learner.report({ source, totals })
    }
    await tell(1, 'a', { delivered: 3000, rewarded: 900 }, 'bad')
    await drain(learner)
    const query = 'SELECT doc FROM audit WHERE site = ? AND experience = ?'
    const row = await env.DB.prepare(query).bind(site, 'hero').first()
    const audit = JSON.parse(String(row?.doc))
    expect(audit.oddSources.map(({ source }: { source: string }) => source)).toEqual(['bad'])
    expect(audit.sampleRatio).toMatchObject({ shown: 25_000, alarm: true })
    expect(audit.sampleRatio.excess).toBeCloseTo(0.1, 6)
  })
})

describe('a board', () => {
  const weightsOf = (version: number): Weights => ({
    ...{ version, at: version, shares: { '': { a: SHARES - version, b: version } } },
  })

  test('answers only what the caller does not have', async () => {
    const board = env.BOARD.getByName('board-1')
    const none = await board.read(undefined)
    expect(none).toEqual({
      revision: 0,
      bundle: undefined,
      off: false,
      weights: {},
      revoked: new Map(),
    })
    expect(await board.read(0)).toBeUndefined()
    await board.publish('hash-1')
    const first = await board.read(0)
    expect(first).toMatchObject({ revision: 1, bundle: 'hash-1' })
    expect(await board.read(1)).toBeUndefined()
    await board.switchOff(true)
    await board.setWeights('hero', weightsOf(1))
    await evictDurableObject(board)
    expect(await board.read(1)).toEqual({
      ...{ revision: 3, bundle: 'hash-1', off: true, weights: { hero: weightsOf(1) } },
      revoked: new Map(),
    })
    await board.switchOff(false)
    expect(await board.read(3)).toMatchObject({ revision: 4, off: false })
  })

  test('takes no version of weights that is older than what it has, or the same', async () => {
    const board = env.BOARD.getByName('board-2')
    await board.setWeights('hero', weightsOf(5))
    const { revision } = (await board.read(undefined)) ?? {}
    for (const version of [4, 5, 1])
      await board.setWeights('hero', { ...weightsOf(version), at: 99 })
    expect(await board.read(revision)).toBeUndefined()
    expect((await board.read(undefined))?.weights).toEqual({ hero: weightsOf(5) })
    await board.setWeights('other', weightsOf(1))
    await board.setWeights('hero', weightsOf(6))
    expect((await board.read(revision))?.weights).toEqual({
      hero: weightsOf(6),
      other: weightsOf(1),
    })
  })

  test('of one site knows nothing of another', async () => {
    await env.BOARD.getByName('board-3').publish('mine')
    expect(await env.BOARD.getByName('board-4').read(undefined)).toMatchObject({
      bundle: undefined,
    })
  })
})

const ARMS = ['calm', 'loud', HOLDOUT_ARM]
const STEPS = ['delivered', 'survived', 'seen', 'clicked'] as const

/** Park–Miller: whole numbers below `bound`, the same in every run. */
function dice(seed: number) {
  let state = seed
  return (bound: number) => {
    state = (state * 48_271) % 2_147_483_647
    return state % bound
  }
}

/** What one visitor did, and what of it must be counted whatever way it travels. */
function visitorOf(roll: (bound: number) => number) {
  const random = Uint8Array.from({ length: 16 }, () => roll(256))
  const continent = ['EU', 'NA'][roll(2)] ?? ''
  const id = createVisitorId(continent, 3, random)
  const arm = ARMS[roll(3)] ?? ''
  const steps = STEPS.slice(0, 1 + roll(4))
  const reached = (...proofs: string[]) => (steps.some((step) => proofs.includes(step)) ? 1 : 0)
  const value = 1 + roll(50)
  const rewarded = roll(3) === 0 ? 1 : 0
  const items: Item[] = [
    ...steps.map((step) => stepOf(arm, step, {}, { version: 2 })),
    // Steps reported once more, under ids of their own.
    ...steps.slice(0, roll(2)).map((step) => stepOf(arm, step, {}, { version: 2 })),
  ]
  const rewards = rewarded ? [rewardOf(value), rewardOf(value)] : []
  const adds: Counts = {
    delivered: 1,
    survived: reached('survived', 'clicked'),
    seen: reached('seen', 'clicked'),
    clicked: reached('clicked'),
    rewarded,
    value: rewarded * value,
    value2: rewarded * value * value,
    delay: 0,
  }
  return { id, arm, items, rewards, adds }
}

function plus(left: Counts, right: Counts): Counts {
  const sum: Record<string, number> = {}
  for (const [name, count] of Object.entries(right)) sum[name] = count + Reflect.get(left, name)
  return { ...NO_COUNTS, ...sum }
}

test('of 200 visitors, delivered in pieces and repeatedly, shards, learner and database count the same', async () => {
  const roll = dice(20_261_117)
  const visitors = Array.from({ length: 200 }, () => visitorOf(roll))
  const stubOf = (visitor: string) => env.VISITORS.getByName(shardOf('e2e', visitor)?.name ?? '')
  const deliver = (visitor: string, items: readonly Item[]) =>
    stubOf(visitor).accept({ visitor, items, reads: [], remember: true })

  const learner = env.LEARNERS.getByName('e2e/hero')
  await learner.configure(['calm', 'loud'], POLICY)
  await Promise.all(
    visitors.map(async ({ id, items, rewards }) => {
      const cut = 1 + (items.length >> 1)
      await Promise.all([
        deliver(id, items.slice(0, cut)),
        deliver(id, items.slice(cut).toReversed()),
      ])
      await deliver(id, items.slice(1))
      await deliver(id, rewards)
      await deliver(id, [...items, ...rewards])
    }),
  )

  const names = new Set(visitors.map(({ id }) => shardOf('e2e', id)?.name ?? ''))
  expect(names.size).toBe(6)
  const shards = [...names].map((name) => env.VISITORS.getByName(name))
  const tellAll = async () => {
    for (const shard of shards) await drain(shard)
    await drain(learner)
  }
  await tellAll()

  const expected: Record<string, Counts> = {}
  for (const { arm, adds } of visitors) expected[arm] = plus(expected[arm] ?? NO_COUNTS, adds)
  const inShards: Record<string, Counts> = {}
  for (const shard of shards) {
    for (const [key, total] of Object.entries(await totalsOf(shard))) {
      const arm = key.replace('2/', '')
      inShards[arm] = plus(inShards[arm] ?? NO_COUNTS, total)
    }
  }
  expect(inShards).toEqual(expected)
  expect(await learnedBy(learner)).toEqual(expected)
  expect(await rolledUp('e2e', 'hero')).toEqual(expected)

  // Everything once more, from the browsers and from the shards.
  await Promise.all(visitors.map(({ id, items, rewards }) => deliver(id, [...rewards, ...items])))
  for (const shard of shards) {
    await runInDurableObject(shard, async (instance, { storage }) => {
      storage.sql.exec('UPDATE total SET sent = 0')
      await instance.alarm()
    })
  }
  await tellAll()
  expect(await learnedBy(learner)).toEqual(expected)
  expect(await rolledUp('e2e', 'hero')).toEqual(expected)
  expect(await runDurableObjectAlarm(learner)).toBe(false)
})
