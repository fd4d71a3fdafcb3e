import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test } from 'vitest'
import { peopleShard } from '../../src/events/people.ts'
import { SiteSchema } from '../../src/model/site.ts'
import { personOf } from '../../src/visitor/person.ts'
import { configurationOf, siteOf } from './configuration.ts'
import { ask, askApi, publishDraft } from './doors.ts'
import { totalsOf } from './objects.ts'
import {
  batch,
  countsOf,
  exposureOf,
  message,
  newVisitor,
  newWriteKey,
  order,
  receipt,
  SITE,
  sendAsServer,
  stepOf,
  tokenOf,
} from './senders.ts'

const DAY = 86_400_000
const site = SiteSchema.parse(siteOf(SITE))
let key: string

beforeAll(async () => {
  const draft = configurationOf({ site: siteOf(SITE) })
  const experiences = draft.experiences.map((one) => ({ ...one, window: 7 * 24 }))
  const published = await publishDraft({ ...draft, experiences })
  if ('code' in published) throw new Error(JSON.stringify(published))
  key = (await newWriteKey()).key
})

type Visitor = Awaited<ReturnType<typeof newVisitor>>

const shardOfPerson = async (user: string) =>
  env.PEOPLE.getByName(peopleShard(SITE, await personOf(site, user)))

/** Lets objects tell each other what they have to, each from a fresh start as after a kill. */
async function settle(user: string, ...visitors: readonly Visitor[]): Promise<void> {
  const shards = visitors.map(({ shard }) => shard)
  for (const shard of [...shards, await shardOfPerson(user), ...shards]) {
    await runInDurableObject(shard, () => undefined)
    await evictDurableObject(shard)
    await runDurableObjectAlarm(shard)
  }
}

const identify = (userId: string) => message({ type: 'identify', userId, event: undefined })

/** A visitor who was shown an arm of its own, and who says who they are. */
async function shown(arm: string, userId?: string, consent = 'all'): Promise<Visitor> {
  const visitor = await newVisitor(consent)
  const token = await tokenOf(visitor.id, { exposures: [exposureOf(arm)] })
  const events = [stepOf(token), ...(userId === undefined ? [] : [identify(userId)])]
  expect(await batch(events, visitor.cookie)).toEqual(receipt(events.length))
  return visitor
}

async function rewardsOf({ shard }: Visitor, arm: string): Promise<[number, number]> {
  const totals = (await totalsOf(shard, 'hero-bandit'))[`0/${arm}`]
  return [totals?.rewarded ?? 0, totals?.value ?? 0]
}

const sale = (userId: string, revenue: number, changes: object = {}) => ({
  ...order(revenue),
  userId,
  ...changes,
})

const sell = async (...sales: readonly object[]) =>
  (await sendAsServer(key, { batch: sales, sentAt: new Date() })).json()

describe('a purchase that another system reports', () => {
  test('rewards what the person was shown, once, however often it is sent', async () => {
    const visitor = await shown('paid', 'ann')
    await settle('ann', visitor)
    const bought = sale('ann', 120)
    expect(await sell(bought)).toEqual(receipt(1))
    expect(await sell(bought)).toEqual(receipt(0, {}, 1))
    await settle('ann', visitor)
    expect(await sell(bought)).toEqual(receipt(0, {}, 1))
    await settle('ann', visitor)
    expect(await rewardsOf(visitor, 'paid')).toEqual([1, 120])
  })

  test('that happened days later by its own clock is taken', async () => {
    const visitor = await newVisitor()
    const at = Date.now() - 3 * DAY
    const seen = { ...stepOf(''), timestamp: new Date(at) }
    const token = await tokenOf(visitor.id, { exposures: [exposureOf('later')] })
    const properties = { token, index: 0, step: 'seen' }
    await batch([{ ...seen, properties }, identify('ben')], visitor.cookie)
    await settle('ben', visitor)
    expect(await sell(sale('ben', 40))).toEqual(receipt(1))
    await settle('ben', visitor)
    expect(await rewardsOf(visitor, 'later')).toEqual([1, 40])
  })

  test('waits for a person who was not seen yet', async () => {
    expect(await sell(sale('cid', 30))).toEqual(receipt(1))
    await settle('cid')
    const visitor = await shown('waited', 'cid')
    await settle('cid', visitor)
    expect(await rewardsOf(visitor, 'waited')).toEqual([1, 30])
  })

  test('goes to the newest browser of theirs with something to reward', async () => {
    const old = await shown('desk', 'dan')
    const plain = await newVisitor()
    await settle('dan', old)
    await batch([identify('dan')], plain.cookie)
    await settle('dan', old, plain)
    await sell(sale('dan', 10))
    await settle('dan', old, plain)
    expect(await rewardsOf(old, 'desk')).toEqual([1, 10])
    const newest = await shown('phone', 'dan')
    await settle('dan', old, plain, newest)
    await sell(sale('dan', 20))
    await settle('dan', old, plain, newest)
    expect(await rewardsOf(newest, 'phone')).toEqual([1, 20])
    expect(await rewardsOf(old, 'desk')).toEqual([1, 10])
  })

  test('goes to who signed in before who says so', async () => {
    const person = await personOf(site, 'eve')
    const proven = await newVisitor('all', { user: person })
    const token = await tokenOf(proven.id, { exposures: [exposureOf('signed-in')] })
    await batch([stepOf(token)], proven.cookie)
    const pretender = await shown('pretended', 'eve')
    await settle('eve', proven, pretender)
    await sell(sale('eve', 50))
    await settle('eve', proven, pretender)
    expect(await rewardsOf(proven, 'signed-in')).toEqual([1, 50])
    expect(await rewardsOf(pretender, 'pretended')).toEqual([0, 0])
  })

  test('that the browser reported too is one', async () => {
    const visitor = await shown('both', 'fay')
    await settle('fay', visitor)
    const bought = sale('fay', 15)
    await batch([bought], visitor.cookie)
    await sell(bought)
    await settle('fay', visitor)
    expect(await rewardsOf(visitor, 'both')).toEqual([1, 15])
  })

  test('is one too when the object dies before it knows that the visitor has it', async () => {
    const visitor = await shown('died', 'gus')
    await settle('gus', visitor)
    await sell(sale('gus', 60))
    const shard = await shardOfPerson('gus')
    const waiting = await runInDurableObject(shard, (_, { storage }) => {
      // What the disk held just before the last write: the event, promised to the visitor.
      storage.sql.exec('UPDATE waiting SET visitor = ?1', visitor.id)
      const person = 'UPDATE waiting SET via = person RETURNING *'
      return storage.sql.exec(person).toArray()
    })
    expect(waiting).toHaveLength(1)
    await settle('gus', visitor)
    await runInDurableObject(shard, (_, { storage }) => {
      const [row] = waiting
      storage.sql.exec(
        'INSERT INTO waiting VALUES (?, ?, ?, ?, ?, ?, ?)',
        ...Object.values(row ?? {}),
      )
      return storage.setAlarm(Date.now())
    })
    const newer = await shown('newer', 'gus')
    await settle('gus', visitor, newer)
    expect(await rewardsOf(visitor, 'died')).toEqual([1, 60])
    expect(await rewardsOf(newer, 'newer')).toEqual([0, 0])
  })

  test('by the visitor’s own id needs no person', async () => {
    const visitor = await shown('known')
    const bought = { ...order(25), anonymousId: visitor.id }
    expect(await sell(bought)).toEqual(receipt(1))
    expect(await sell(bought)).toEqual(receipt(0, {}, 1))
    expect(await rewardsOf(visitor, 'known')).toEqual([1, 25])
  })
})

describe('a link', () => {
  const linksOf = (visitor: Visitor) =>
    runInDurableObject(visitor.shard, (_, { storage }) =>
      storage.sql.exec('SELECT * FROM link WHERE visitor = ?', visitor.id).toArray(),
    )
  const visitorsOf = async (user: string) => {
    const person = await personOf(site, user)
    return runInDurableObject(await shardOfPerson(user), (_, { storage }) =>
      storage.sql.exec('SELECT visitor FROM person WHERE person = ?', person).toArray(),
    )
  }

  test('is made with consent only, and nowhere names the person', async () => {
    const refused = await newVisitor('none')
    await batch([identify('gil@example.org')], refused.cookie)
    expect(await linksOf(refused)).toEqual([])
    const visitor = await shown('g', 'gil@example.org', 'some')
    await settle('gil@example.org', visitor)
    expect(await linksOf(visitor)).toHaveLength(1)
    expect(
      JSON.stringify([await linksOf(visitor), await visitorsOf('gil@example.org')]),
    ).not.toMatch(/gil|example/)
  })

  test('ends with consent: on both sides, and for what waits already', async () => {
    const visitor = await shown('withdrawn', 'hal')
    await settle('hal', visitor)
    expect(await visitorsOf('hal')).toHaveLength(1)
    await sell(sale('hal', 99))
    await visitor.shard.erase(visitor.id)
    await settle('hal', visitor)
    expect([await linksOf(visitor), await visitorsOf('hal')]).toEqual([[], []])
    expect(await rewardsOf(visitor, 'withdrawn')).toEqual([0, 0])
    await runInDurableObject(visitor.shard, (_, { storage }) => {
      const left = storage.sql.exec('SELECT * FROM tail WHERE visitor = ?', visitor.id).toArray()
      expect(left).toEqual([])
    })
  })

  test('does not hold where the visitor’s side took it back and could not say so', async () => {
    const visitor = await shown('stale', 'ida')
    await settle('ida', visitor)
    await runInDurableObject(visitor.shard, (_, { storage }) => {
      storage.sql.exec('DELETE FROM link WHERE visitor = ?', visitor.id)
    })
    await sell(sale('ida', 70))
    await settle('ida', visitor)
    expect(await rewardsOf(visitor, 'stale')).toEqual([0, 0])
    expect(await visitorsOf('ida')).toEqual([])
  })

  test('is one of eight at most', async () => {
    const visitor = await newVisitor()
    for (let n = 0; n < 12; n++) await batch([identify(`crowd-${n}`)], visitor.cookie)
    const kept = (await linksOf(visitor)).filter(({ gone }) => gone === 0)
    expect(kept).toHaveLength(8)
  })
})

describe('an alias', () => {
  const alias = (previousId: string, userId: string) => ({
    ...message({ type: 'alias', event: undefined }),
    ...{ previousId, userId },
  })

  test('gives a person the browsers of who they were, now and later', async () => {
    const before = await shown('before', 'jo-old')
    await settle('jo-old', before)
    expect(await sell(alias('jo-old', 'jo'))).toEqual(receipt(1))
    await sell(sale('jo', 11))
    await settle('jo', before)
    expect(await rewardsOf(before, 'before')).toEqual([1, 11])
    const after = await shown('after', 'jo-old')
    await settle('jo-old', after)
    await sell(sale('jo', 12))
    await settle('jo', before, after)
    expect(await rewardsOf(after, 'after')).toEqual([1, 12])
  })

  test('of two whom the same object knows is as good', async () => {
    const home = peopleShard(SITE, await personOf(site, 'lou'))
    const same = await Array.fromAsync({ length: 400 }, async (_, n) => {
      return peopleShard(SITE, await personOf(site, `lou-${n}`)) === home ? [`lou-${n}`] : []
    })
    const before = same.flat()[0] ?? ''
    expect(before).not.toBe('')
    const visitor = await shown('same-object', before)
    await settle(before, visitor)
    expect(await sell(alias(before, 'lou'))).toEqual(receipt(1))
    await sell(sale('lou', 13))
    await settle('lou', visitor)
    expect(await rewardsOf(visitor, 'same-object')).toEqual([1, 13])
  })

  test('in a circle ends', async () => {
    await sell(alias('kim-1', 'kim-2'), alias('kim-2', 'kim-1'), alias('kim-1', 'kim-1'))
    const visitor = await shown('circle', 'kim-1')
    await settle('kim-1', visitor)
    await sell(sale('kim-2', 5))
    await settle('kim-2', visitor)
    expect(await rewardsOf(visitor, 'circle')).toEqual([1, 5])
    await visitor.shard.erase(visitor.id)
    await settle('kim-1', visitor)
  })

  test('of a visitor is a link; of an unknown one, nothing', async () => {
    const visitor = await shown('aliased')
    expect(await sell(alias(visitor.id, 'lea'))).toEqual(receipt(1))
    expect(await sell(alias(`weur-3-${'A'.repeat(22)}`, 'lea'))).toEqual(
      receipt(0, { unknown_visitor: 1 }),
    )
    await settle('lea', visitor)
    await sell(sale('lea', 8))
    await settle('lea', visitor)
    expect(await rewardsOf(visitor, 'aliased')).toEqual([1, 8])
  })
})

describe('what waits for nobody', () => {
  test('is a hundred events of a person at most', async () => {
    const sales = Array.from({ length: 130 }, () => sale('max', 1))
    expect(await sell(...sales)).toEqual(receipt(100, { unknown_person: 30 }))
  })

  test('is given up after a week, and counted', async () => {
    await sell(sale('ned', 1), sale('ned', 2))
    const before = (await countsOf()).unknown_person ?? 0
    const shard = await shardOfPerson('ned')
    const person = await personOf(site, 'ned')
    await runInDurableObject(shard, (_, { storage }) => {
      const week = Date.now() - 7 * DAY - 1
      storage.sql.exec('UPDATE waiting SET at = ? WHERE person = ?', week, person)
    })
    // What is over is looked for once an hour, and by every new instance.
    await evictDurableObject(shard)
    await runInDurableObject(shard, (object) => object.alarm())
    expect((await countsOf()).unknown_person).toBe(before + 2)
  })
})

test('staff see a visitor’s newest events, and what became of each', async () => {
  const visitor = await shown('tailed')
  const bought = order(33)
  await batch([bought, message({ type: 'nonsense' })], visitor.cookie)
  await batch([bought], visitor.cookie)
  const tail = await askApi(`GET /sites/${SITE}/events/tail?visitor=${visitor.id}`)
  const { deliveries } = await tail.json<{ deliveries: Record<string, unknown>[] }>()
  expect(deliveries).toMatchObject([
    { events: [{ what: 'track Order Completed', outcome: 'duplicate' }], effects: [] },
    {
      events: [
        { messageId: bought.messageId, what: 'track Order Completed', outcome: 'accepted' },
        { outcome: 'unsupported_type' },
      ],
      effects: [{ exposure: 'hero-bandit/tailed', adds: { rewarded: 1, value: 33 } }],
    },
    { events: [{ what: 'seen hero-bandit/tailed', outcome: 'accepted' }] },
  ])
  expect(JSON.stringify(deliveries)).not.toContain('revenue')
  const own = await askApi(`GET /sites/${SITE}/events/tail`, {
    headers: { cookie: visitor.cookie },
  })
  expect(await own.json()).toMatchObject({ visitor: visitor.id, deliveries })
  expect((await askApi(`GET /sites/${SITE}/events/tail?visitor=x`)).status).toBe(404)
  const unknown = await ask(`/_sv/api/v1/sites/${SITE}/events/tail?visitor=${visitor.id}`)
  expect(unknown.status).toBe(401)
})
