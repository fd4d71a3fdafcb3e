import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import type { Item } from '../../src/events/attribution.ts'
import { counts, drain, eventOf, HOUR, learnedBy, rewardOf, stepOf, totalsOf } from './objects.ts'

const NOW = Date.now()

let made = 0

/** A shard that nobody has used yet, of a site of its own, and that site's learner. */
function newShard() {
  const site = `site-${++made}`
  const shard = env.VISITORS.getByName(`${site}:weur:1`)
  const learner = env.LEARNERS.getByName(`${site}/hero`)
  const accept = (
    items: readonly Item[],
    { visitor = 'v', remember = false, reads = [] as string[] } = {},
  ) => shard.accept({ visitor, items, reads, remember })
  return { shard, learner, accept }
}

const rowsOf = (shard: ReturnType<typeof newShard>['shard'], table: string) =>
  runInDurableObject(shard, (_, { storage }) =>
    storage.sql.exec(`SELECT * FROM ${table}`).toArray(),
  )

describe('a delivery', () => {
  test('counts each message once, in it and after it', async () => {
    const { shard, accept } = newShard()
    const seen = stepOf('calm', 'seen', { messageId: 'one' })
    const order = rewardOf(20, { messageId: 'two' })
    expect(await accept([seen, order, seen])).toMatchObject({ accepted: 2, duplicates: 1 })
    expect(await accept([order, seen])).toMatchObject({ accepted: 0, duplicates: 2 })
    expect(await totalsOf(shard)).toEqual({
      '0/calm': counts({ delivered: 1, seen: 1, rewarded: 1, value: 20, value2: 400 }),
    })
  })

  test('of another visitor may use the same message ids', async () => {
    const { shard, accept } = newShard()
    const seen = stepOf('calm', 'seen', { messageId: 'one' })
    await accept([seen], { visitor: 'v1' })
    expect(await accept([seen], { visitor: 'v2' })).toMatchObject({ accepted: 1, duplicates: 0 })
    expect(await totalsOf(shard)).toEqual({ '0/calm': counts({ delivered: 2, seen: 2 }) })
  })

  test('that comes twice at once counts once', async () => {
    const { shard, accept } = newShard()
    const items = [stepOf('calm', 'clicked'), rewardOf(5)]
    const receipts = await Promise.all(Array.from({ length: 8 }, () => accept(items)))
    expect(receipts.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(2)
    const total = {
      delivered: 1,
      survived: 1,
      seen: 1,
      clicked: 1,
      rewarded: 1,
      value: 5,
      value2: 25,
    }
    expect(await totalsOf(shard)).toEqual({ '0/calm': total })
  })

  test('may be empty', async () => {
    const { accept } = newShard()
    expect(await accept([])).toMatchObject({ accepted: 0, duplicates: 0 })
  })

  test('with something wrong in it leaves nothing behind, and is taken once it is right', async () => {
    const { shard, accept } = newShard()
    await accept([stepOf('calm', 'delivered')])
    const items = [stepOf('loud', 'clicked'), rewardOf(Number.NaN), stepOf('third', 'seen')]
    const refusal = await accept(items, { remember: true }).then(() => 'taken', String)
    expect(refusal).toContain('NOT NULL')
    expect(await totalsOf(shard)).toEqual({ '0/calm': counts({ delivered: 1 }) })
    for (const [table, rows] of [
      ['message', 1],
      ['exposure', 1],
      ['profile', 0],
    ] as const) {
      expect([table, (await rowsOf(shard, table)).length]).toEqual([table, rows])
    }
    const [loud, , third] = items
    const right = [loud, rewardOf(7), third].filter((item) => item !== undefined)
    expect(await accept(right)).toMatchObject({ accepted: 3, duplicates: 0 })
    expect((await totalsOf(shard))['0/loud']).toMatchObject({ clicked: 1, rewarded: 1, value: 7 })
  })
})

describe('exposures and rewards', () => {
  test('are booked in whatever order the steps come', async () => {
    const { shard, accept } = newShard()
    await accept([stepOf('a', 'seen'), stepOf('a', 'delivered')], { visitor: 'v1' })
    await accept([stepOf('a', 'delivered')], { visitor: 'v2' })
    await accept([stepOf('a', 'clicked')], { visitor: 'v2' })
    await accept([stepOf('b', 'survived'), stepOf('a', 'delivered')], { visitor: 'v3' })
    expect(await totalsOf(shard)).toEqual({
      '0/a': counts({ delivered: 3, survived: 1, seen: 2, clicked: 1 }),
      '0/b': counts({ delivered: 1, survived: 1 }),
    })
  })

  test('count for the version under which the exposure began, and begin anew after its window', async () => {
    const { shard, accept } = newShard()
    const at = (offset: number) => ({ at: NOW - 5 * HOUR + offset })
    await accept([
      stepOf('a', 'delivered', at(0), { version: 3 }),
      stepOf('a', 'seen', at(HOUR), { version: 4 }),
      rewardOf(10, at(HOUR)),
      rewardOf(99, at(HOUR + 1)),
      stepOf('a', 'seen', at(HOUR + 2), { version: 5 }),
      rewardOf(1, at(HOUR + 3)),
    ])
    expect(await totalsOf(shard)).toEqual({
      '3/a': counts({ delivered: 1, seen: 1, rewarded: 1, value: 10, value2: 100 }),
      '5/a': counts({ delivered: 1, seen: 1, rewarded: 1, value: 1, value2: 1 }),
    })
  })

  test('go to the variant that was clicked, then to the one shown last', async () => {
    const { shard, accept } = newShard()
    const at = (offset: number) => ({ at: NOW - HOUR / 2 + offset })
    await accept([
      stepOf('clicked', 'clicked', at(0)),
      stepOf('shown', 'seen', at(10_000)),
      rewardOf(1, at(20_000)),
      rewardOf(2, at(20_001)),
      rewardOf(4, at(20_002)),
    ])
    const totals = await totalsOf(shard)
    expect([totals['0/clicked']?.value, totals['0/shown']?.value]).toEqual([1, 2])
  })

  test('of one visitor and experience are nothing to another', async () => {
    const { shard, accept } = newShard()
    await accept([stepOf('a', 'seen')], { visitor: 'v1' })
    await accept([rewardOf(5)], { visitor: 'v2' })
    await accept([rewardOf(5, {}, 'other')], { visitor: 'v1' })
    expect(await totalsOf(shard)).toEqual({ '0/a': counts({ delivered: 1, seen: 1 }) })
    expect(await totalsOf(shard, 'other')).toEqual({})
  })
})

describe('a profile', () => {
  const reads = [
    'profile.pages',
    'profile.events.looked.count',
    'profile.traits.plan',
    'profile.topInterest',
  ]
  const page = () => ({
    event: eventOf({ kind: 'page', name: '/', properties: { category: 'boots' } }),
    rewards: [],
  })
  const values = {
    ...{ 'profile.pages': 1, 'profile.events.looked.count': 2 },
    ...{ 'profile.traits.plan': 'gold', 'profile.topInterest': 'boots' },
  }
  const items = () => [
    page(),
    rewardOf(1),
    rewardOf(2),
    stepOf('calm', 'seen'),
    { event: eventOf({ kind: 'identify', properties: { plan: 'gold' } }), rewards: [] },
  ]

  test('folds what the visitor did, not what pages report of themselves', async () => {
    const { shard, accept } = newShard()
    const { snapshot } = await accept(items(), { remember: true, reads })
    expect(snapshot.values).toEqual(values)
    expect((await shard.profile('v', ['profile.events.exposure.count'])).values).toEqual({})
    await evictDurableObject(shard)
    expect((await shard.profile('v', reads)).values).toEqual(values)
    expect((await shard.profile('other', reads)).values).toMatchObject({ 'profile.pages': 0 })
  })

  test('counts a message once', async () => {
    const { accept } = newShard()
    const twice = items()
    await accept(twice, { remember: true })
    const { snapshot } = await accept(twice, { remember: true, reads })
    expect(snapshot.values).toEqual(values)
  })

  test('is not kept, nor read, where consent ends at measurement', async () => {
    const { shard, accept } = newShard()
    const { snapshot } = await accept(items(), { remember: false })
    expect(snapshot.values).toEqual({})
    expect(await rowsOf(shard, 'profile')).toEqual([])
    expect((await totalsOf(shard))['0/calm']).toMatchObject({ seen: 1 })
  })

  test('is forgotten with everything else that names the visitor; totals stay', async () => {
    const { shard, accept } = newShard()
    const once = items()
    await accept(once, { remember: true })
    await accept(items(), { visitor: 'other', remember: true, reads })
    await shard.erase('v')
    await shard.erase('nobody')
    for (const table of ['profile', 'message', 'exposure']) {
      const visitors = (await rowsOf(shard, table)).map(({ visitor }) => visitor)
      expect([table, new Set(visitors)]).toEqual([table, new Set(['other'])])
    }
    expect((await totalsOf(shard))['0/calm']).toMatchObject({ delivered: 2 })
    expect((await shard.profile('other', reads)).values).toEqual(values)
  })
})

describe('totals reach the learner', () => {
  test('on an alarm that survives eviction, and once however often it runs', async () => {
    const { shard, learner, accept } = newShard()
    await accept([stepOf('calm', 'seen'), rewardOf(3)])
    await evictDurableObject(shard)
    await runDurableObjectAlarm(shard)
    const expected = { calm: counts({ delivered: 1, seen: 1, rewarded: 1, value: 3, value2: 9 }) }
    expect(await learnedBy(learner)).toEqual(expected)
    // A duplicate sets the alarm again: there is nothing new to tell then.
    await runInDurableObject(shard, async (instance) => {
      await instance.alarm()
      await instance.alarm()
    })
    await drain(shard)
    expect(await learnedBy(learner)).toEqual(expected)
  })

  test('when it failed, by the retry, also on a fresh instance', async () => {
    const { shard, learner, accept } = newShard()
    const rename = (from: string, to: string) =>
      runInDurableObject(learner, (_, { storage }) => {
        storage.sql.exec(`ALTER TABLE ${from} RENAME TO ${to}`)
      })
    await rename('source_total', 'gone')
    await accept([stepOf('calm', 'clicked'), stepOf('loud', 'seen', {}, { experience: 'other' })])
    await runDurableObjectAlarm(shard)
    const other = env.LEARNERS.getByName(`site-${made}/other`)
    expect(await learnedBy(other)).toEqual({ loud: counts({ delivered: 1, seen: 1 }) })
    const retry = await runInDurableObject(shard, (_, { storage }) => storage.getAlarm())
    expect(retry).toBeGreaterThan(Date.now())
    await rename('gone', 'source_total')
    await accept([rewardOf(2)])
    await drain(shard)
    const once = {
      delivered: 1,
      survived: 1,
      seen: 1,
      clicked: 1,
      rewarded: 1,
      value: 2,
      value2: 4,
    }
    expect(await learnedBy(learner)).toEqual({ calm: once })
    expect(await learnedBy(other)).toEqual({ loud: counts({ delivered: 1, seen: 1 }) })
  })

  test('also when it has heard them but its answer was lost', async () => {
    const { shard, learner, accept } = newShard()
    await accept([stepOf('calm', 'seen')])
    await drain(shard)
    await runInDurableObject(shard, async (instance, { storage }) => {
      storage.sql.exec('UPDATE total SET sent = 0')
      await instance.alarm()
    })
    expect(await learnedBy(learner)).toEqual({ calm: counts({ delivered: 1, seen: 1 }) })
  })

  test('in several goes where there are many', async () => {
    const { shard, learner, accept } = newShard()
    const arms = Array.from({ length: 2100 }, (_, n) => stepOf(`arm${n}`, 'delivered'))
    for (let n = 0; n < arms.length; n += 700) await accept(arms.slice(n, n + 700))
    await drain(shard)
    const learned = Object.values(await learnedBy(learner))
    expect(learned).toEqual(Array(2100).fill(counts({ delivered: 1 })))
  })

  test('and ids of messages too old to come again are forgotten then', async () => {
    const { shard, accept } = newShard()
    await accept([
      stepOf('calm', 'seen', { messageId: 'old' }),
      stepOf('calm', 'seen', { messageId: 'new' }),
    ])
    await runInDurableObject(shard, (_, { storage }) => {
      storage.sql.exec(`UPDATE message SET at = at - ${8 * 24 * HOUR + 60_000} WHERE id = 'old'`)
      storage.sql.exec(`UPDATE message SET at = at - ${7 * 24 * HOUR + 60_000} WHERE id = 'new'`)
    })
    await evictDurableObject(shard)
    await runInDurableObject(shard, (instance) => instance.alarm())
    expect((await rowsOf(shard, 'message')).map(({ id }) => id)).toEqual(['new'])
  })
})
