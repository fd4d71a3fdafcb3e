import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import type { Item } from '../../src/events/attribution.ts'
import { Ledger } from '../../src/events/ledger.ts'
import {
  counts,
  drain,
  eventOf,
  HOUR,
  learnedBy,
  NOW,
  rewardOf,
  stepOf,
  totalsOf,
} from './objects.ts'

let made = 0

/** What a delivery brought; nobody was erased here whose events would not be taken. */
async function received<T>(receipt: Promise<T | undefined>): Promise<T> {
  const known = await receipt
  if (!known) throw new Error('The visitor was erased.')
  return known
}

/** A shard that nobody has used yet, of a site of its own, and that site's learner. */
function newShard() {
  const site = `site-${++made}`
  const shard = env.VISITORS.getByName(`${site}:weur:1`)
  const learner = env.LEARNERS.getByName(`${site}/hero`)
  const accept = (
    items: readonly Item[],
    { visitor = 'v', remember = false, reads = [] as string[] } = {},
  ) => received(shard.accept({ visitor, items, reads, remember }))
  return { site, shard, learner, accept }
}

const delivery = (visitor: string, items: readonly Item[]) => ({
  ...{ visitor, items, remember: false, reads: [] },
})

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
      delay: 0,
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
    expect(refusal).toContain('reward_not_finite')
    expect(await totalsOf(shard)).toEqual({ '0/calm': counts({ delivered: 1 }) })
    for (const [table, rows] of [
      ['message_0', 1],
      ['account', 1],
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

test('a watched goal is counted in a book of its own, and told to a learner of its own', async () => {
  const { site, shard, learner, accept } = newShard()
  const seen = stepOf('calm', 'seen', { messageId: 'one' })
  const step = seen.step && { ...seen.step, watched: ['hero~thanks'] }
  await accept([{ ...seen, ...(step && { step }) }])
  await accept([rewardOf(1, { messageId: 'two' }, 'hero~thanks')])
  await drain(shard)
  const own = counts({ delivered: 1, seen: 1 })
  const watched = counts({ delivered: 1, seen: 1, rewarded: 1, value: 1, value2: 1 })
  expect(await totalsOf(shard)).toEqual({ '0/calm': own })
  expect(await totalsOf(shard, 'hero~thanks')).toEqual({ '0/calm': watched })
  expect(await learnedBy(learner)).toEqual({ calm: own })
  const other = env.LEARNERS.getByName(`${site}/hero~thanks`)
  expect(await learnedBy(other)).toEqual({ calm: watched })
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
      stepOf('a', 'seen', at(HOUR + 6_000), { version: 5 }),
      rewardOf(1, at(HOUR + 6_001)),
    ])
    expect(await totalsOf(shard)).toEqual({
      '3/a': counts({ delivered: 1, seen: 1, rewarded: 1, value: 10, value2: 100, delay: 3600 }),
      '5/a': counts({ delivered: 1, seen: 1, rewarded: 1, value: 1, value2: 1, delay: 0.001 }),
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
    expect(snapshot?.values).toEqual(values)
    expect((await shard.profile('v', ['profile.events.exposure.count'], '')).values).toEqual({
      'profile.events.exposure.count': 0,
    })
    await evictDurableObject(shard)
    expect((await shard.profile('v', reads, '')).values).toEqual(values)
    expect((await shard.profile('other', reads, '')).values).toMatchObject({ 'profile.pages': 0 })
  })

  test('counts a message once', async () => {
    const { accept } = newShard()
    const twice = items()
    await accept(twice, { remember: true })
    const { snapshot } = await accept(twice, { remember: true, reads })
    expect(snapshot?.values).toEqual(values)
  })

  test('is not kept, nor read, where consent ends at measurement', async () => {
    const { shard, accept } = newShard()
    const { snapshot } = await accept(items(), { remember: false })
    expect(snapshot).toBeUndefined()
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
    for (const table of ['profile', 'message_0', 'account']) {
      const visitors = (await rowsOf(shard, table)).map(({ visitor }) => visitor)
      expect([table, new Set(visitors)]).toEqual([table, new Set(['other'])])
    }
    expect((await totalsOf(shard))['0/calm']).toMatchObject({ delivered: 2 })
    expect((await shard.profile('other', reads, '')).values).toEqual(values)
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
      delay: 0,
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
    for (let n = 0; n < arms.length; n += 700) {
      await accept(arms.slice(n, n + 700), { visitor: `v${n}` })
    }
    await drain(shard)
    const learned = Object.values(await learnedBy(learner))
    expect(learned).toEqual(Array(2100).fill(counts({ delivered: 1 })))
  })

  test('also when the alarm was lost, once the shard is called again', async () => {
    const { shard, learner, accept } = newShard()
    await accept([stepOf('calm', 'seen')])
    await runInDurableObject(shard, (_, { storage }) => storage.deleteAlarm())
    await evictDurableObject(shard)
    await shard.profile('v', [], '')
    expect(await runDurableObjectAlarm(shard)).toBe(true)
    expect(await learnedBy(learner)).toEqual({ calm: counts({ delivered: 1, seen: 1 }) })
    await drain(shard)
    await evictDurableObject(shard)
    await shard.profile('v', [], '')
    expect(await runDurableObjectAlarm(shard)).toBe(false)
  })

  test('with what a late exposure takes from another, as totals that go down', async () => {
    const { shard, learner, accept } = newShard()
    const at = (offset: number) => ({ at: NOW - HOUR / 2 + offset })
    await accept([stepOf('early', 'seen', at(0)), rewardOf(8, at(60_000))])
    await drain(shard)
    expect((await learnedBy(learner)).early).toMatchObject({ rewarded: 1, value: 8, delay: 60 })
    await accept([stepOf('late', 'seen', at(30_000))])
    await drain(shard)
    expect(await learnedBy(learner)).toEqual({
      early: counts({ delivered: 1, seen: 1 }),
      late: counts({ delivered: 1, seen: 1, rewarded: 1, value: 8, value2: 64, delay: 30 }),
    })
  })
})

describe('deliveries of several visitors at once', () => {
  test('have a receipt each, and count like as many calls', async () => {
    const { shard, accept } = newShard()
    const again = stepOf('calm', 'seen')
    await accept([again], { visitor: 'v1' })
    const receipts = await shard.acceptAll([
      delivery('v1', [again, rewardOf(2)]),
      delivery('v2', [stepOf('calm', 'delivered'), stepOf('loud', 'clicked')]),
      delivery('v2', [rewardOf(4)]),
      delivery('v3', []),
    ])
    const tallies = receipts.map(({ accepted, duplicates }) => [accepted, duplicates])
    expect(tallies).toEqual([
      [1, 1],
      [2, 0],
      [1, 0],
      [0, 0],
    ])
    const climbed = { delivered: 1, survived: 1, seen: 1, clicked: 1 }
    expect(await totalsOf(shard)).toEqual({
      '0/calm': counts({ delivered: 2, seen: 1, rewarded: 1, value: 2, value2: 4 }),
      '0/loud': counts({ ...climbed, rewarded: 1, value: 4, value2: 16 }),
    })
  })

  test('are one transaction', async () => {
    const { shard } = newShard()
    const call = [delivery('v1', [stepOf('calm', 'seen')]), delivery('v2', [rewardOf(Number.NaN)])]
    expect(await shard.acceptAll(call).then(() => 'taken', String)).toContain('reward_not_finite')
    expect([await totalsOf(shard), await rowsOf(shard, 'message_0')]).toEqual([{}, []])
  })

  test('are refused, none of them taken, while more waits for the disk than may', async () => {
    const { shard } = newShard()
    const batch = (call: number) => {
      const items = Array.from({ length: 1_000 }, () => rewardOf(1))
      return Array.from({ length: 1 }, () => delivery(`v${call}`, items))
    }
    const calls = Array.from({ length: 12 }, (_, call) => shard.acceptAll(batch(call)))
    const outcomes = await Promise.allSettled(calls)
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
    const taken = outcomes.filter((outcome) => outcome.status === 'fulfilled')
    expect(taken.length).toBeGreaterThanOrEqual(5)
    expect(refused.length).toBeGreaterThan(0)
    for (const { reason } of refused) {
      expect(reason).toMatchObject({ overloaded: true })
      expect(String(reason)).toContain('shard_overloaded')
    }
    expect((await rowsOf(shard, 'message_0')).length).toBe(taken.length * 1_000)
    expect(await shard.acceptAll([delivery('later', [rewardOf(1)])])).toMatchObject([
      { accepted: 1 },
    ])
  })
})

const DAY = 24 * HOUR

/** Makes an object's prune run as if it were so much later. */
async function pruneLater(shard: ReturnType<typeof newShard>['shard'], ms: number): Promise<void> {
  await runInDurableObject(shard, (_, { storage }) => {
    new Ledger(storage.sql, NOW).prune(NOW + ms)
  })
  await evictDurableObject(shard)
}

describe('what is remembered', () => {
  test('of messages is their ids, for eight days at least and twice as many at most', async () => {
    const { shard, accept } = newShard()
    const known = async () => {
      const rows = [...(await rowsOf(shard, 'message_0')), ...(await rowsOf(shard, 'message_1'))]
      return rows.map(({ id }) => id).sort()
    }
    const send = async (messageId: string) =>
      (await accept([stepOf('calm', 'seen', { messageId })])).duplicates
    await send('first')
    await pruneLater(shard, 8 * DAY - HOUR)
    expect(await send('second')).toBe(0)
    await pruneLater(shard, 8 * DAY + HOUR)
    expect([await send('third'), await send('first')]).toEqual([0, 1])
    await pruneLater(shard, 16 * DAY)
    expect(await known()).toEqual(['first', 'second', 'third'])
    await pruneLater(shard, 16 * DAY + 2 * HOUR)
    expect(await known()).toEqual(['third'])
    expect(await send('third')).toBe(1)
  })

  test('of an experience lasts until nothing can meet it any more', async () => {
    const { shard, accept } = newShard()
    await accept([stepOf('calm', 'seen', {}, { window: 3 * DAY })])
    const accounts = async () => (await rowsOf(shard, 'account')).length
    await pruneLater(shard, 11 * DAY - HOUR)
    expect(await accounts()).toBe(1)
    await pruneLater(shard, 13 * DAY)
    expect(await accounts()).toBe(0)
    expect(await totalsOf(shard)).toEqual({ '0/calm': counts({ delivered: 1, seen: 1 }) })
  })

  test('in the tables of before there were accounts is carried on', async () => {
    const { site, shard, learner } = newShard()
    await runInDurableObject(shard, (_, { storage }) => {
      for (const table of ['message_0', 'message_1', 'message_half', 'account', 'total']) {
        storage.sql.exec(`DROP TABLE ${table}`)
      }
      storage.sql.exec(FORMER)
      const total = [0, '', 'calm', 4, 3, 2, 1, 1, 5, 25, 9, 7]
      const marks = total.map(() => '?').join(', ')
      storage.sql.exec(`INSERT INTO total VALUES ('hero', ${marks})`, ...total)
      storage.sql.exec(`INSERT INTO message VALUES ('v', 'old', ?)`, NOW - HOUR)
      for (const visitor of ['v', 'other']) {
        const record = [visitor, 'hero', 'calm', 0, '', NOW - HOUR / 2, NOW - HOUR / 4, 5, 0]
        const places = record.map(() => '?').join(', ')
        storage.sql.exec(`INSERT INTO exposure VALUES (${places})`, ...record)
      }
    })
    await evictDurableObject(shard)
    const again = env.VISITORS.getByName(`${site}:weur:1`)
    const items = [
      stepOf('calm', 'seen', { messageId: 'old' }),
      stepOf('calm', 'seen'),
      rewardOf(2),
    ]
    const receipt = await again.accept(delivery('v', items))
    expect(receipt).toMatchObject({ accepted: 2, duplicates: 1 })
    const total = {
      delivered: 4,
      survived: 3,
      seen: 2,
      clicked: 1,
      rewarded: 2,
      value: 7,
      value2: 29,
    }
    expect(await totalsOf(again)).toEqual({ '0/calm': { ...total, delay: 1800 } })
    expect((await rowsOf(again, 'exposure')).map(({ visitor }) => visitor)).toEqual(['other'])
    await drain(again)
    expect(await learnedBy(learner)).toEqual({ calm: { ...total, delay: 1800 } })
    await again.erase('other')
    await pruneLater(again, 0)
    await expect(rowsOf(again, 'exposure')).rejects.toThrow('no such table')
  })
})

/** The layout of a shard's tables before there were accounts. */
const FORMER = `
  CREATE TABLE message (
    visitor TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (visitor, id)) WITHOUT ROWID;
  CREATE INDEX message_at ON message (at);
  CREATE TABLE exposure (
    visitor TEXT NOT NULL, experience TEXT NOT NULL, arm TEXT NOT NULL,
    version INTEGER NOT NULL, segment TEXT NOT NULL, first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL, steps INTEGER NOT NULL, rewarded INTEGER NOT NULL,
    PRIMARY KEY (visitor, experience, arm)) WITHOUT ROWID;
  CREATE INDEX exposure_last ON exposure (last_at);
  CREATE TABLE total (
    experience TEXT NOT NULL, version INTEGER NOT NULL, segment TEXT NOT NULL, arm TEXT NOT NULL,
    delivered REAL NOT NULL, survived REAL NOT NULL, seen REAL NOT NULL, clicked REAL NOT NULL,
    rewarded REAL NOT NULL, value REAL NOT NULL, value2 REAL NOT NULL,
    seq INTEGER NOT NULL, sent INTEGER NOT NULL,
    PRIMARY KEY (experience, version, segment, arm)) WITHOUT ROWID;
`
