import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
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

const POLICY = { kind: 'bandit', floor: 0.01, rung: 'delivered' } as const

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

describe('a board', () => {
  const weightsOf = (version: number): Weights => ({
    ...{ version, at: version, shares: { '': { a: SHARES - version, b: version } } },
  })

  test('answers only what the caller does not have', async () => {
    const board = env.BOARD.getByName('board-1')
    const none = await board.read(undefined)
    expect(none).toEqual({ revision: 0, bundle: undefined, off: false, weights: {} })
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
