import { beforeAll, describe, expect, test } from 'vitest'
import { signToken } from '../../src/events/token.ts'
import { deriveKeys } from '../../src/keys.ts'
import { configurationOf, siteOf } from './configuration.ts'
import { publishDraft } from './doors.ts'
import { totalsOf } from './objects.ts'
import {
  batch,
  exposureOf,
  message,
  newVisitor,
  newWriteKey,
  order,
  receipt,
  SITE,
  send,
  sendAsServer,
  stepOf,
  tokenOf,
} from './senders.ts'

const DAY = 86_400_000

beforeAll(async () => {
  const published = await publishDraft(configurationOf({ site: siteOf(SITE) }))
  if ('code' in published) throw new Error(JSON.stringify(published))
})

type Visitor = Awaited<ReturnType<typeof newVisitor>>

/** All that a visitor's shard has counted, which must not move. */
async function booksOf({ shard }: Visitor): Promise<object> {
  return { bandit: await totalsOf(shard, 'hero-bandit'), list: await totalsOf(shard, 'offer-list') }
}

const stolenFrom = async (owner: Visitor) => tokenOf(owner.id)

/** A token that says what an attacker wants it to, signed with whatever they have. */
async function forgedFor(visitor: Visitor): Promise<string> {
  const { token } = await deriveKeys(['test:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'])
  const exposures = [exposureOf('forged')]
  return signToken({ at: Date.now(), exposures }, `${SITE}/${visitor.id}`, token)
}

/** The visitor's own token with another arm in it. */
async function altered(visitor: Visitor): Promise<string> {
  const [id = '', payload = '', mac = ''] = (await tokenOf(visitor.id)).split('.')
  const text = atob(payload.replaceAll('-', '+').replaceAll('_', '/')).replace('calm', 'loud')
  return `${id}.${btoa(text).replaceAll('=', '').replaceAll('+', '-').replaceAll('/', '_')}.${mac}`
}

describe('the bandit is not fed by', () => {
  test.each<[string, (own: Visitor, other: Visitor) => Promise<string>, string]>([
    ['a forged token', forgedFor, 'token_forged'],
    ['a token with another arm', altered, 'token_forged'],
    ['another visitor’s token', async (_, other) => stolenFrom(other), 'token_forged'],
    ['a token of another site', ({ id }) => tokenOf(id, { site: 'other' }), 'token_forged'],
    [
      'a token of two days ago',
      ({ id }) => tokenOf(id, { at: Date.now() - 2 * DAY }),
      'token_expired',
    ],
    ['a token cut short', async ({ id }) => (await tokenOf(id)).slice(0, 20), 'token_malformed'],
  ])('%s', async (_, tokenFor, reason) => {
    const visitor = await newVisitor()
    const token = await tokenFor(visitor, await newVisitor())
    const before = await booksOf(visitor)
    const steps = ['delivered', 'survived', 'seen', 'clicked'].map((step) => stepOf(token, step))
    const answer = await batch([...steps, order(1000)], visitor.cookie)
    expect(answer).toEqual(receipt(1, { [reason]: 4 }))
    expect(await booksOf(visitor)).toEqual(before)
  })

  test('a goal without an exposure', async () => {
    const visitor = await newVisitor()
    const before = await booksOf(visitor)
    expect(await batch([order(500)], visitor.cookie)).toEqual(receipt(1))
    expect(await booksOf(visitor)).toEqual(before)
  })

  test('a page left open for a week', async () => {
    const visitor = await newVisitor()
    const at = Date.now() - 8 * DAY
    const token = await tokenOf(visitor.id, { at })
    const before = await booksOf(visitor)
    const queued = { ...stepOf(token), timestamp: new Date(at) }
    const answer = await batch([queued, stepOf(token), message()], visitor.cookie)
    expect(answer).toEqual(receipt(1, { too_old: 1, token_expired: 1 }))
    expect(await booksOf(visitor)).toEqual(before)
  })

  test('the same token again, under other ids', async () => {
    const visitor = await newVisitor()
    const token = await tokenOf(visitor.id, { exposures: [exposureOf('tent', 'offer-list')] })
    await batch([stepOf(token, 'clicked')], visitor.cookie)
    const before = await booksOf(visitor)
    expect(before).toMatchObject({ list: { '0/tent': { rewarded: 1, clicked: 1 } } })
    for (let round = 0; round < 5; round++) {
      const again = Array.from({ length: 10 }, () => stepOf(token, 'clicked'))
      expect(await batch(again, visitor.cookie)).toEqual(receipt(10))
    }
    expect(await booksOf(visitor)).toEqual(before)
  })

  test('a visitor without consent, or without a cookie', async () => {
    const visitor = await newVisitor('none')
    const before = await booksOf(visitor)
    const body = { batch: [stepOf(await tokenOf(visitor.id), 'clicked'), order(9)] }
    expect(await (await send(body, visitor.cookie)).json()).toEqual(receipt(0, { no_consent: 2 }))
    const answer = await send(body, 'consent=all')
    expect(await answer.json()).toEqual(receipt(0, { unknown_visitor: 2 }))
    expect(await booksOf(visitor)).toEqual(before)
  })

  test('a server with somebody else’s write key', async () => {
    const { key } = await newWriteKey()
    const visitor = await newVisitor()
    await batch([stepOf(await tokenOf(visitor.id))], visitor.cookie)
    const before = await booksOf(visitor)
    const forged = `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`
    const response = await sendAsServer(forged, {
      batch: [{ ...order(7), anonymousId: visitor.id }],
    })
    expect(response.status).toBe(401)
    expect(await booksOf(visitor)).toEqual(before)
  })

  test('ten thousand goals of one visitor: one counts, and most are not even kept', {
    timeout: 60_000,
  }, async () => {
    const visitor = await newVisitor()
    const token = await tokenOf(visitor.id, { exposures: [exposureOf('flooded')] })
    await batch([stepOf(token, 'delivered'), order(10)], visitor.cookie)
    const before = await booksOf(visitor)
    expect(before).toMatchObject({ bandit: { '0/flooded': { rewarded: 1, value: 10 } } })
    let refused = 0
    for (let round = 0; round < 100; round++) {
      const goals = Array.from({ length: 100 }, () => order(1_000_000))
      const response = await send({ batch: goals }, visitor.cookie)
      const answer = await response.json<{ refused: { too_many_events?: number } }>()
      refused += answer.refused.too_many_events ?? 0
    }
    expect(await booksOf(visitor)).toEqual(before)
    // The hour may turn once while they come.
    expect(refused).toBeGreaterThanOrEqual(8_000)
  })
})
