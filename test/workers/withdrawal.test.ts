import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { writeCustomers } from '../../src/db/customers.ts'
import { peopleShard } from '../../src/events/people.ts'
import { SiteSchema } from '../../src/model/site.ts'
import { markOf } from '../../src/visitor/erased.ts'
import { personOf } from '../../src/visitor/person.ts'
import { open } from '../../src/visitor/sealed-cookie.ts'
import { configurationOf, siteOf } from './configuration.ts'
import { ask, askApi, keys, problemOf, publishDraft } from './doors.ts'
import { drain } from './objects.ts'
import { originPage, until } from './pages.ts'
import { searchStores } from './search-stores.ts'
import {
  batch,
  message,
  newVisitor,
  newWriteKey,
  receipt,
  SITE,
  send,
  sendAsServer,
  stepOf,
  tokenOf,
} from './senders.ts'

const site = SiteSchema.parse(siteOf(SITE))
const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(originPage)
afterAll(() => fetched.mockRestore())
afterEach(() => {
  vi.mocked(fetched).mockImplementation(originPage)
})

let key: string

beforeAll(async () => {
  const published = await publishDraft(configurationOf())
  if ('code' in published) throw new Error(JSON.stringify(published))
  key = (await newWriteKey()).key
})

type Visitor = Awaited<ReturnType<typeof newVisitor>>

/** A visitor of tier 2 who did something, under traces that nobody else leaves. */
async function busy(user: string, changes: object = {}): Promise<Visitor> {
  const person = await personOf(site, user)
  const visitor = await newVisitor('all', { tier: 2, user: person, ...changes })
  const traits = message({
    ...{ type: 'identify', userId: user, event: undefined },
    traits: { nick: `nick-of-${user}` },
  })
  const events = [
    stepOf(await tokenOf(visitor.id)),
    message({ event: `Looked ${user}`, messageId: `message-of-${user}` }),
    traits,
  ]
  expect(await batch(events, visitor.cookie)).toEqual(receipt(3))
  const suppression = {
    policy: 'p',
    version: `wording-${user}`,
    experience: 'hero',
    variant: 'calm',
  }
  await visitor.shard.noteSuppressions(visitor.id, [{ ...suppression, reason: 'under_age' }])
  const wish = { desk: 'edge', reports: [], holder: visitor.id, most: 100 }
  expect(await quota.take(wish)).toMatchObject({ granted: true })
  await drain(visitor.shard)
  return visitor
}

const quota = env.QUOTAS.getByName(`${SITE}/stock/hero`)

const shardOfPerson = async (user: string) =>
  env.PEOPLE.getByName(peopleShard(SITE, await personOf(site, user)))

/** Everything by which a person could be found again. */
async function traces(user: string, ...visitors: readonly Visitor[]): Promise<string[]> {
  const person = await personOf(site, user)
  const needles = [person, user, ...visitors.map(({ id }) => id)]
  return (await Promise.all(needles.map(searchStores))).flat()
}

/** Says by the page's own call what its visitor allows. */
const say = (tier: unknown, cookie = '', headers: Record<string, string> = {}) =>
  ask('/_sv/v1/consent', {
    method: 'POST',
    headers: { 'sec-fetch-site': 'same-origin', ...(cookie && { cookie }), ...headers },
    body: JSON.stringify({ tier }),
  })

const look = (cookie: string, headers: Record<string, string> = {}) =>
  ask('https://shop.test/', {
    headers: {
      ...{ accept: 'text/html', 'sec-fetch-dest': 'document', cookie },
      ...{ 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' },
      ...headers,
    },
  })

/** Value of a cookie that a response sets; `''` where it removes it. */
function cookieOf(response: Response, name: string): string | undefined {
  const found = response.headers.getSetCookie().find((one) => one.startsWith(`__Host-${name}=`))
  return found?.split(';')[0]?.slice(`__Host-${name}=`.length)
}

const stateOf = async (response: Response) =>
  open(cookieOf(response, 'sv') ?? '', SITE, keys.cookie)

/** What an object would write first fails, as when its machine goes: a trigger refuses. */
async function failing(shard: Shard | typeof quota, table: string) {
  const run = (query: string) =>
    runInDurableObject(shard, (_, { storage }) => {
      storage.sql.exec(query)
    })
  await run(
    `CREATE TRIGGER broken BEFORE DELETE ON ${table} BEGIN SELECT RAISE(ABORT, 'gone'); END`,
  )
  return () => run('DROP TRIGGER broken')
}

type Shard = Parameters<typeof drain>[0]

describe('a page that says what its visitor allows', () => {
  test('is believed from then on', async () => {
    const { cookie } = await newVisitor('all', { tier: 2 })
    for (const tier of [2, 1, 0]) {
      const said = await say(tier, cookie)
      expect([said.status, await said.json()]).toEqual([200, { tier }])
      expect(cookieOf(said, 'sv-consent')).toBe(String(tier))
      expect(said.headers.getSetCookie()[0]).toMatch(/HttpOnly; SameSite=Lax; Secure$/)
    }
    const none = await look(`${cookie}; __Host-sv-consent=0`)
    expect(cookieOf(none, 'sv')).toBe('')
  })

  test('cannot allow more than the site’s own cookie or Global Privacy Control', async () => {
    expect(await (await say(2, 'consent=some')).json()).toEqual({ tier: 1 })
    expect(await (await say(2, 'consent=all', { 'sec-gpc': '1' })).json()).toEqual({ tier: 0 })
  })

  test.each([
    ['no JSON', '{"tier":', 400, undefined],
    ['nothing', '', 400, undefined],
    ['another tier', '{"tier":3}', 422, '/tier'],
    ['text for a number', '{"tier":"2"}', 422, '/tier'],
    ['no tier', '{}', 422, '/tier'],
    ['something more', '{"tier":2,"visitor":"x"}', 422, ''],
    ['a list', '[2]', 422, ''],
    ['more than fits', JSON.stringify({ tier: 2, more: 'x'.repeat(2000) }), 413, undefined],
  ])('is refused with %s', async (_, body, status, pointer) => {
    const headers = { 'sec-fetch-site': 'same-origin' }
    const answer = await ask('/_sv/v1/consent', { method: 'POST', headers, body })
    expect(answer.headers.getSetCookie()).toEqual([])
    const { errors, ...told } = await problemOf(answer)
    expect([told.status, errors?.[0]?.pointer]).toEqual([status, pointer])
  })

  test('is refused from another site, and with another cookie’s visitor untouched', async () => {
    const visitor = await busy('cross')
    const forged = await say(0, visitor.cookie, { 'sec-fetch-site': 'cross-site' })
    expect((await problemOf(forged)).code).toBe('cross_site')
    const garbled = visitor.cookie.replace('__Host-sv=', '__Host-sv=x')
    expect((await say(0, garbled)).status).toBe(200)
    expect(await traces('cross', visitor)).not.toEqual([])
  })
})

describe('a withdrawal', () => {
  test('to measurement erases the profile and the person before it is answered', async () => {
    const visitor = await busy('ada')
    expect(await searchStores('nick-of-ada')).not.toEqual([])
    const said = await say(1, visitor.cookie)
    expect(said.status).toBe(200)
    expect(await searchStores('nick-of-ada')).toEqual([])
    expect(await searchStores(await personOf(site, 'ada'))).toEqual([])
    expect(await stateOf(said)).toMatchObject({ id: visitor.id, tier: 1 })
    const { profile, links, accounts, messages } = await visitor.shard.export(visitor.id)
    expect([profile, links]).toEqual([undefined, []])
    expect([accounts.length, messages.length]).toEqual([1, 3])
  })

  test('of everything leaves no trace, in any store, and removes the cookie', async () => {
    const visitor = await busy('beata')
    expect(await traces('beata', visitor)).not.toEqual([])
    const said = await say(0, visitor.cookie)
    expect([said.status, cookieOf(said, 'sv')]).toEqual([200, ''])
    expect(await traces('beata', visitor)).toEqual([])
  })

  test('leaves the unit of a stock taken, by nobody', async () => {
    const visitor = await busy('bo')
    const { taken } = await quota.use()
    await say(0, visitor.cookie)
    expect(await quota.holdsAny([visitor.id])).toBe(false)
    expect(await quota.use()).toMatchObject({ taken })
  })

  test('is not undone by what comes late with the old cookie', async () => {
    const visitor = await busy('cyd')
    await say(0, visitor.cookie)
    const late = await send({ batch: [message()], sentAt: new Date() }, visitor.cookie)
    expect(await late.json()).toEqual(receipt(0, { unknown_visitor: 1 }))
    expect(cookieOf(late, 'sv')).toBe('')
    expect(await traces('cyd', visitor)).toEqual([])
  })

  test('that reaches no object is kept, and does not claim to be done', async () => {
    const visitor = await busy('dag')
    const repair = await failing(visitor.shard, 'account')
    const said = await say(0, visitor.cookie)
    await repair()
    expect((await problemOf(said)).code).toBe('unavailable')
    expect(cookieOf(said, 'sv-consent')).toBe('0')
    expect(cookieOf(said, 'sv')).toBeUndefined()
    expect(await traces('dag', visitor)).not.toEqual([])
    const again = await say(0, visitor.cookie)
    expect([again.status, await traces('dag', visitor)]).toEqual([200, []])
  })

  test('that does not reach a stock they have a unit of does not claim to be done', async () => {
    const visitor = await busy('dora')
    const repair = await failing(quota, 'place')
    const said = await say(0, visitor.cookie)
    await repair()
    expect((await problemOf(said)).code).toBe('unavailable')
    expect(await quota.holdsAny([visitor.id])).toBe(true)
    const again = await say(0, visitor.cookie)
    expect([again.status, await traces('dora', visitor)]).toEqual([200, []])
  })

  test.each([
    ['the site’s cookie', (cookie: string) => look(cookie.replace('=all', '=none'))],
    ['Global Privacy Control', (cookie: string) => look(cookie, { 'sec-gpc': '1' })],
    ['our own cookie', (cookie: string) => look(`${cookie}; __Host-sv-consent=0`)],
  ])('that a page view reads from %s erases behind it', async (name, lookAgain) => {
    const user = `eve-${name.length}`
    const visitor = await busy(user)
    expect(cookieOf(await lookAgain(visitor.cookie), 'sv')).toBe('')
    await until(
      () => traces(user, visitor),
      (found) => found.length === 0,
    )
  })

  test('to measurement that a page view reads erases the profile and keeps the visitor', async () => {
    const visitor = await busy('fia', { user: '' })
    const seen = await look(visitor.cookie.replace('=all', '=some'))
    expect(await stateOf(seen)).toMatchObject({ id: visitor.id, tier: 1 })
    await until(
      () => searchStores('nick-of-fia'),
      (found) => found.length === 0,
    )
    expect((await visitor.shard.export(visitor.id)).accounts).toHaveLength(1)
  })
})

const exported = async (whom: object) =>
  (await askApi(`POST /sites/${SITE}/people/export`, { body: whom })).text()
const erase = (whom: object) => askApi(`POST /sites/${SITE}/people/erase`, { body: whom })

describe('a person who asks', () => {
  test('gets all that is kept, from every browser and of every id', async () => {
    const phone = await busy('gro')
    const desk = await busy('gro2', { user: await personOf(site, 'gro') })
    await sendAsServer(key, {
      batch: [
        message({ type: 'alias', userId: 'gro', previousId: 'gro-before', event: undefined }),
      ],
      sentAt: new Date(),
    })
    await sendAsServer(key, {
      batch: [message({ userId: 'gro-before', event: 'Sold', messageId: 'sale-of-gro' })],
      sentAt: new Date(),
    })
    const person = await personOf(site, 'gro')
    const row = { person, attribute: 'score', value: 'score-of-gro', at: 1 }
    await writeCustomers(env.DB, SITE, 'crm-of-gro', [row])
    const text = await exported({ userId: 'gro' })
    const [{ visitors }] = JSON.parse(text).people
    expect(visitors.map((one: { profile?: object }) => typeof one.profile)).toEqual(
      Array(2).fill('object'),
    )
    for (const needle of [
      ...[phone.id, desk.id, 'nick-of-gro', 'nick-of-gro2', 'wording-gro', 'message-of-gro2'],
      ...[
        'hero-bandit',
        'sale-of-gro',
        'score-of-gro',
        'crm-of-gro',
        await personOf(site, 'gro-before'),
      ],
    ]) {
      expect.soft(text, needle).toContain(needle)
    }
    const erased = await erase({ userId: 'gro' })
    expect(erased.status).toBe(200)
    expect(await traces('gro', phone, desk)).toEqual([])
    expect(await searchStores(await personOf(site, 'gro-before'))).toEqual([])
    expect(await searchStores('sale-of-gro')).toEqual([])
    expect(await erased.json()).toMatchObject({
      erased: { profiles: 2, contributions: 2, attributes: 1, deliveries: 2, suppressions: 2 },
    })
  })

  test('is erased with a receipt that names nobody and can be checked', async () => {
    const visitor = await busy('hal')
    const receiptOf = async () => (await erase({ userId: 'hal' })).json<Record<string, unknown>>()
    const first = await receiptOf()
    expect(first).toMatchObject({ left: 0, by: 'a-owner', erased: { profiles: 1, accounts: 1 } })
    expect(JSON.stringify(first)).not.toMatch(/hal\b/)
    expect(await traces('hal', visitor)).toEqual([])

    const again = await receiptOf()
    expect(again).toMatchObject({
      left: 0,
      fingerprint: first.fingerprint,
      erased: { profiles: 0 },
    })
    const one = await askApi(`GET /sites/${SITE}/erasures/${first.id}`)
    expect(await one.json()).toEqual(first)
    const check = (userId: string) =>
      askApi(`POST /sites/${SITE}/erasures/check`, { body: { userId } }).then((all) => all.json())
    const { erasures } = (await check('hal')) as { erasures: object[] }
    expect(erasures).toHaveLength(2)
    expect(await check('nobody')).toEqual({ erasures: [] })
    const list = await askApi(`GET /sites/${SITE}/erasures`)
    expect(await list.json()).toMatchObject({ erasures: expect.arrayContaining([first]) })
    expect((await askApi(`GET /sites/${SITE}/erasures/none`)).status).toBe(404)
  })

  test('is erased without a name, as one browser whose cookie is void within 5 s', async () => {
    const visitor = await busy('ida')
    expect((await erase({ visitor: visitor.id })).status).toBe(200)
    expect(await traces('ida', visitor)).toEqual([])
    const newcomer = await until(
      async () => stateOf(await look(visitor.cookie)),
      (state) => state !== undefined && state.id !== visitor.id,
    )
    expect(newcomer).toMatchObject({ visits: 1, tier: 2 })
  })

  test.each([
    ['a browser’s object', 'jon', async ({ shard }: Visitor) => failing(shard, 'account')],
    ['the person’s object', 'joe', async () => failing(await shardOfPerson('joe'), 'person')],
  ])(
    'is told that it is not done where %s fails, and erased by the next call',
    async (_, user, breakOne) => {
      const visitor = await busy(user)
      const repair = await breakOne(visitor)
      const answer = await erase({ userId: user })
      await repair()
      expect((await problemOf(answer)).code).toBe('unavailable')
      expect(await traces(user, visitor)).not.toEqual([])
      const check = await askApi(`POST /sites/${SITE}/erasures/check`, { body: { userId: user } })
      expect(await check.json()).toEqual({ erasures: [] })
      expect((await erase({ userId: user })).status).toBe(200)
      expect(await traces(user, visitor)).toEqual([])
    },
  )

  test.each([
    ['nobody named', {}, ''],
    ['two named', { userId: 'a', visitor: `weur-3-${'A'.repeat(22)}` }, ''],
    ['no text', { userId: 7 }, '/userId'],
    ['an empty id', { userId: '' }, '/userId'],
    ['an id that is none of ours', { visitor: '../other:weur:1' }, '/visitor'],
    ['something more', { userId: 'a', site: 'bank' }, ''],
  ])('is refused with %s', async (_, body, pointer) => {
    const { status, errors } = await problemOf(await erase(body))
    expect([status, errors?.[0]?.pointer]).toEqual([422, pointer])
  })
})

describe('what somebody told the business', () => {
  test('lowers all their browsers, which keep it, and can be raised again by the page', async () => {
    const visitor = await busy('kim', { user: '' })
    const tell = (tier: number) =>
      askApi(`POST /sites/${SITE}/people/consent`, { body: { userId: 'kim', tier } })
    expect(await (await tell(1)).json()).toEqual({ tier: 1, browsers: 1 })
    expect(await searchStores('nick-of-kim')).toEqual([])
    const lowered = await until(
      () => look(visitor.cookie),
      (seen) => cookieOf(seen, 'sv-consent') === '1',
    )
    expect(await stateOf(lowered)).toMatchObject({ id: visitor.id, tier: 1 })
    expect(await (await say(2, visitor.cookie)).json()).toEqual({ tier: 2 })
    await until(
      async () => stateOf(await look(`${visitor.cookie}; __Host-sv-consent=2`)),
      (state) => state === undefined || state.tier === 2,
    )
    expect(
      (await env.BOARD.getByName(SITE).read(undefined))?.revoked.get(await markOf(visitor.id)),
    ).toBeUndefined()
  })

  test('of allowing nothing erases their browsers and stays with them', async () => {
    const visitor = await busy('livia')
    const body = { visitor: visitor.id, tier: 0 }
    expect((await askApi(`POST /sites/${SITE}/people/consent`, { body })).status).toBe(200)
    expect(await traces('livia', visitor)).toEqual([])
    const seen = await until(
      () => look(visitor.cookie),
      (one) => cookieOf(one, 'sv-consent') === '0',
    )
    expect(cookieOf(seen, 'sv')).toBe('')
  })
})

test('waiting events of somebody who was never seen are erased too', async () => {
  const sold = message({ userId: 'unseen', event: 'Sold', messageId: 'sale-of-unseen' })
  await sendAsServer(key, { batch: [sold], sentAt: new Date() })
  expect(await searchStores('sale-of-unseen')).not.toEqual([])
  expect(await (await erase({ userId: 'unseen' })).json()).toMatchObject({ erased: { waiting: 1 } })
  expect(await searchStores('sale-of-unseen')).toEqual([])
  await drain(await shardOfPerson('unseen'))
})
