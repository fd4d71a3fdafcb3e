import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test } from 'vitest'
import { open, seal } from '../../src/visitor/sealed-cookie.ts'
import { configurationOf, siteOf } from './configuration.ts'
import { ask, HOST, keys, problemOf, publishDraft } from './doors.ts'
import { counts, drain, rolledUp, totalsOf } from './objects.ts'
import {
  batch,
  exposureOf,
  message,
  newVisitor,
  order,
  receipt,
  SITE,
  send,
  stepOf,
  tokenOf,
} from './senders.ts'

beforeAll(async () => {
  const published = await publishDraft(configurationOf({ site: siteOf(SITE) }))
  if ('code' in published) throw new Error(JSON.stringify(published))
})

describe('a batch is refused as a whole', () => {
  const good = JSON.stringify({ batch: [message()] })

  test.each<[string, string, Record<string, string>, string, number]>([
    ['from another site', good, { 'sec-fetch-site': 'cross-site' }, 'cross_site', 403],
    ['from a sibling host', good, { 'sec-fetch-site': 'same-site' }, 'cross_site', 403],
    ['typed into the address bar', good, { 'sec-fetch-site': 'none' }, 'cross_site', 403],
    ['too large', `{"batch":[],"x":"${'y'.repeat(65_536)}"}`, {}, 'too_large', 413],
    [
      'too large, in characters of several bytes',
      `{"batch":[],"x":"${'å'.repeat(32_768)}"}`,
      {},
      'too_large',
      413,
    ],
    ['of no JSON', '{"batch":[', {}, 'bad_json', 400],
    ['empty', '', {}, 'bad_json', 400],
    ['of no batch', '{}', {}, 'bad_events', 400],
    ['of an empty batch', '{"batch":[]}', {}, 'bad_events', 400],
    ['of a list', '[]', {}, 'bad_events', 400],
    ['of too many', JSON.stringify({ batch: Array(101).fill({}) }), {}, 'too_large', 413],
  ])('%s', async (_, body, headers, code, status) => {
    const { cookie } = await newVisitor()
    const response = await send(body, cookie, headers)
    expect([response.status, (await problemOf(response)).code]).toEqual([status, code])
    expect(response.headers.get('set-cookie')).toBeNull()
  })

  test('from another origin, where a browser says no more than that', async () => {
    const from = (origin: string) =>
      ask('/_sv/v1/batch', { method: 'POST', headers: { origin }, body: good })
    for (const origin of ['https://evil.example', 'http://shop.test', 'null']) {
      expect((await problemOf(await from(origin))).code).toBe('cross_site')
    }
    expect((await from(HOST)).status).toBe(200)
  })

  test('for a host of no site', async () => {
    const response = await ask('https://other.test/_sv/v1/batch', { method: 'POST', body: good })
    expect((await problemOf(response)).code).toBe('not_found')
  })
})

describe('nothing is kept', () => {
  test.each<[string, string, Record<string, string>, string]>([
    ['without consent', 'consent=none', {}, 'no_consent'],
    ['under Global Privacy Control', 'consent=all', { 'sec-gpc': '1' }, 'no_consent'],
    ['of a visitor without a cookie', 'consent=all', {}, 'unknown_visitor'],
    [
      'of a forged cookie',
      'consent=all; __Host-sv=test.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
      {},
      'unknown_visitor',
    ],
    ['of the cookie of plain HTTP', 'consent=all; sv=x', {}, 'unknown_visitor'],
  ])('%s', async (_, cookie, headers, reason) => {
    const response = await send({ batch: [message(), message()] }, cookie, headers)
    expect(await response.json()).toEqual(receipt(0, { [reason]: 2 }))
    expect(response.headers.get('set-cookie')).toBeNull()
  })

  test('with a cookie, when consent is gone', async () => {
    const { cookie, shard } = await newVisitor('none')
    expect(await batch([order(5)], cookie)).toEqual(receipt(0, { no_consent: 1 }))
    expect(await totalsOf(shard, 'hero-bandit')).toEqual({})
  })

  test('of the cookie of another site, or of an id that is not of our making', async () => {
    const { state } = await newVisitor()
    const strange = await seal(state, 'other', keys.cookie)
    const made = await seal({ ...state, id: 'weur-1-x' }, SITE, keys.cookie)
    for (const sealed of [strange, made]) {
      const answer = await batch([message()], `consent=all; __Host-sv=${sealed}`)
      expect(answer).toEqual(receipt(0, { unknown_visitor: 1 }))
    }
  })
})

describe('each event is judged by itself', () => {
  test('and refused by name', async () => {
    const { id, cookie, shard } = await newVisitor()
    const other = await newVisitor()
    const day = 86_400_000
    const at = (offset: number) => ({ timestamp: new Date(Date.now() + offset) })
    const token = await tokenOf(id)
    const tampered = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`
    const answer = await batch(
      [
        message(),
        message({ type: 'delete' }),
        message({ messageId: '' }),
        message({ messageId: 7 }),
        message(at(-8 * day)),
        message(at(10 * 60_000)),
        stepOf(tampered),
        stepOf(await tokenOf(other.id)),
        stepOf(await tokenOf(id, { site: 'other' })),
        stepOf(await tokenOf(id, { at: Date.now() - day - 60_000 })),
        stepOf('nonsense'),
        stepOf(token, 'seen', 1),
        stepOf(token, 'bought'),
        stepOf(await tokenOf(id, { exposures: [exposureOf('a', 'retired')] })),
        stepOf(token),
      ],
      cookie,
    )
    expect(answer).toEqual(
      receipt(2, {
        ...{ unsupported_type: 1, malformed: 2, no_message_id: 1, too_old: 1, in_future: 1 },
        ...{ token_forged: 3, token_expired: 1, token_malformed: 1, unknown_exposure: 2 },
      }),
    )
    expect(await totalsOf(shard, 'hero-bandit')).toMatchObject({ '0/calm': { seen: 1 } })
  })

  test('and counted once, however often it is sent', async () => {
    const { id, cookie, shard } = await newVisitor()
    const before = (await totalsOf(shard, 'hero-bandit'))['0/loud'] ?? counts({})
    const token = await tokenOf(id, { exposures: [exposureOf('loud')] })
    const events = [stepOf(token, 'clicked'), order(30), message()]
    expect(await batch(events, cookie)).toEqual(receipt(3))
    expect(await batch([...events, ...events], cookie)).toEqual(receipt(0, {}, 6))
    const after = (await totalsOf(shard, 'hero-bandit'))['0/loud'] ?? counts({})
    expect(after.rewarded - before.rewarded).toBe(1)
    expect([after.clicked - before.clicked, after.value - before.value]).toEqual([1, 30])
  })

  test('by the clock of the sender, put right', async () => {
    const { cookie } = await newVisitor()
    const slow = Date.now() - 365 * 86_400_000
    const events = { batch: [message({ timestamp: new Date(slow) })], sentAt: new Date(slow + 5) }
    expect(await (await send(events, cookie)).json()).toEqual(receipt(1))
    const unsaid = { batch: [message({ timestamp: undefined })] }
    expect(await (await send(unsaid, cookie)).json()).toEqual(receipt(1))
  })

  test('and its token is good for a page of many slots', async () => {
    const { id, cookie, shard } = await newVisitor()
    const exposures = Array.from({ length: 50 }, (_, n) =>
      exposureOf(`offer-number-${n}`, 'offer-list'),
    )
    const token = await tokenOf(id, { exposures })
    expect(await batch([stepOf(token, 'seen', 49)], cookie)).toEqual(receipt(1))
    expect(await totalsOf(shard, 'offer-list')).toMatchObject({ '0/offer-number-49': { seen: 1 } })
  })
})

describe('the answer', () => {
  const secret = 'zq9-secret-value'

  test.each<[string, object | string]>([
    ['bad JSON', `{"${secret}`],
    ['unknown types', { batch: [message({ type: secret })] }],
    ['malformed events', { batch: [{ [secret]: secret, messageId: secret, type: 'track' }] }],
    ['tokens', { batch: [stepOf(`${secret}.${secret}.${secret}`)] }],
    ['dates', { batch: [message({ timestamp: secret })], sentAt: secret }],
    ['good events', { batch: [message({ event: secret, properties: { [secret]: secret } })] }],
  ])('repeats nothing of %s', async (_, body) => {
    const { cookie } = await newVisitor()
    const response = await send(body, cookie)
    const told = [...response.headers].flat().join('\n') + (await response.text())
    expect(told).not.toContain(secret)
    expect(response.headers.get('content-type')).toMatch(/^application\/(problem\+)?json/)
  })

  test('carries the profile on in the cookie, as far as rules read it', async () => {
    const { cookie, state } = await newVisitor()
    const look = () => message({ type: 'page', properties: { path: '/', category: 'Boots' } })
    const response = await send({ batch: [look(), look()] }, cookie)
    const [, value = ''] =
      /^__Host-sv=([^;]+); Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/.exec(
        response.headers.get('set-cookie') ?? '',
      ) ?? []
    const next = await open(value, SITE, keys.cookie)
    expect(next).toMatchObject({ id: state.id, visits: 1 })
    expect(next?.snapshot?.places).toEqual([2])
  })

  test('carries none on where consent ends at measurement, and takes an old one away', async () => {
    const at = Date.now()
    const snapshot = { at, until: at + 9e6, shared: false, reads: 'k', places: [5] }
    const { cookie, id, shard } = await newVisitor('some', { snapshot })
    const token = await tokenOf(id)
    const response = await send({ batch: [message(), stepOf(token)] }, cookie)
    expect(await response.json()).toEqual(receipt(2))
    const [, value = ''] = /^__Host-sv=([^;]+)/.exec(response.headers.get('set-cookie') ?? '') ?? []
    const next = await open(value, SITE, keys.cookie)
    expect([next?.id, next?.snapshot]).toEqual([id, undefined])
    const kept = await runInDurableObject(shard, (_, { storage }) =>
      storage.sql.exec('SELECT visitor FROM profile WHERE visitor = ?', id).toArray(),
    )
    expect(kept).toEqual([])
  })
})

test('what was collected reaches the figures', async () => {
  const people = await Promise.all(Array.from({ length: 12 }, () => newVisitor()))
  await Promise.all(
    people.map(async ({ id, cookie }, n) => {
      const token = await tokenOf(id, { exposures: [exposureOf('tent', 'offer-list')] })
      // A click inside the offer is its goal.
      await batch([stepOf(token, n < 5 ? 'clicked' : 'seen')], cookie)
    }),
  )
  for (const { shard } of people) await drain(shard)
  await drain(env.LEARNERS.getByName(`${SITE}/offer-list`))
  expect((await rolledUp(SITE, 'offer-list')).tent).toEqual(
    counts({ delivered: 12, survived: 5, seen: 12, clicked: 5, rewarded: 5, value: 5, value2: 5 }),
  )
})
