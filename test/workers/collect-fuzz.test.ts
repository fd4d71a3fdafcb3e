import { runInDurableObject } from 'cloudflare:test'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { callObject, Overloaded } from '../../src/collect/object-call.ts'
import { OUTCOMES } from '../../src/model/event-counts.ts'
import { configurationOf, siteOf } from './configuration.ts'
import { ask, publishDraft } from './doors.ts'
import { eventOf } from './objects.ts'
import { message, newVisitor, newWriteKey, SITE, send, sendAsServer } from './senders.ts'

type Visitor = Awaited<ReturnType<typeof newVisitor>>
let visitor: Visitor
let key: string

beforeAll(async () => {
  const published = await publishDraft(configurationOf({ site: siteOf(SITE) }))
  if ('code' in published) throw new Error(JSON.stringify(published))
  visitor = await newVisitor()
  key = (await newWriteKey()).key
})

/** Every sender's mistakes, near enough to a message to get past the first checks. */
const strange = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(null, '', '__proto__', -1, 1e308, '2026-02-30', '\u0000', '\ud800'),
  fc.integer().map((offset) => new Date(Date.now() + offset).toISOString()),
)
const types = ['track', 'identify', 'page', 'screen', 'group', 'alias', 'x']
const known = fc.record(
  {
    type: fc.oneof(fc.constantFrom(...types), strange),
    messageId: fc.oneof(
      fc.uuid(),
      fc.string({ unit: 'binary', minLength: 1 }),
      fc.constantFrom('again', '\ud800', 'a\u0000'),
      strange,
    ),
    event: fc.oneof(fc.constantFrom('Order Completed', 'Selvedge Exposure'), strange),
    timestamp: strange,
    originalTimestamp: strange,
    sentAt: strange,
    userId: fc.oneof(fc.constantFrom('u', visitorLike(0)), strange),
    anonymousId: fc.oneof(fc.constant(visitorLike(1)), strange),
    previousId: fc.oneof(fc.constantFrom('u', visitorLike(2)), strange),
    properties: fc.oneof(fc.dictionary(fc.string(), strange), strange),
    traits: fc.oneof(fc.dictionary(fc.string(), strange), strange),
    context: strange,
  },
  { requiredKeys: [] },
)
const messages = fc.array(fc.oneof({ weight: 5, arbitrary: known }, strange), {
  minLength: 1,
  maxLength: 12,
})

function visitorLike(n: number): string {
  return `weur-${n}-${'A'.repeat(22)}`
}

interface Receipt {
  readonly success: boolean
  readonly accepted: number
  readonly duplicates: number
  readonly refused: Readonly<Record<string, number>>
}

/** Message ids that the visitor's shard has taken. */
const takenBy = ({ shard, id }: Visitor) =>
  runInDurableObject(shard, (_, { storage }) => {
    const query = 'SELECT id FROM message_0 WHERE visitor = ?'
    return storage.sql.exec(query, id).toArray().length
  })

test('whatever a browser sends, every message has one fate, and what is accepted is kept', async () => {
  const property = fc.asyncProperty(messages, strange, async (batch, sentAt) => {
    const before = await takenBy(visitor)
    const response = await send({ batch, sentAt }, visitor.cookie)
    expect([200, 400]).toContain(response.status)
    const answer = await response.json<Receipt>()
    const grown = (await takenBy(visitor)) - before
    if (response.status === 400) {
      expect(grown).toBe(0)
      return
    }
    const { accepted, duplicates, refused } = answer
    const fates = [accepted, duplicates, ...Object.values(refused)]
    expect(fates.reduce((sum, count) => sum + count, 0)).toBe(batch.length)
    expect(Object.keys(refused).filter((name) => !OUTCOMES.some((one) => one === name))).toEqual([])
    expect(grown).toBe(accepted)
  })
  await fc.assert(property, { numRuns: 250 })
}, 60_000)

test('whatever a server sends is answered the same way when it is sent again', async () => {
  const property = fc.asyncProperty(messages, async (batch) => {
    const first = await sendAsServer(key, { batch })
    expect([200, 413]).toContain(first.status)
    const one = await first.json<Receipt>()
    const two = await (await sendAsServer(key, { batch })).json<Receipt>()
    const aliases = batch.filter(
      (one) => typeof one === 'object' && one && 'type' in one && one.type === 'alias',
    )
    // Joining two ids again joins them; everything else is known by its id.
    expect(two.accepted).toBeLessThanOrEqual(aliases.length)
    expect(two.accepted + two.duplicates).toBe(one.accepted + one.duplicates)
    expect(two.refused).toEqual(one.refused)
  })
  await fc.assert(property, { numRuns: 150 })
}, 60_000)

test('whatever bytes come, no door breaks', async () => {
  const paths = fc.constantFrom('batch', 'b', 'import', 't', 'identify', 'm', 'x', '')
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.json().map((text) => text),
  )
  const encodings = fc.constantFrom('identity', 'gzip', 'br', '')
  const keys = fc.oneof(
    fc.string(),
    fc.constantFrom(`Basic ${btoa(':')}`, 'Basic ====', 'Bearer x'),
  )
  const property = fc.asyncProperty(
    paths,
    bytes,
    encodings,
    keys,
    async (path, body, encoding, said) => {
      const authorization = said.replaceAll(/[^\x20-\x7e]/g, '')
      const headers = { 'content-encoding': encoding, authorization }
      const response = await ask(`/_sv/v1/${path}`, { method: 'POST', headers, body })
      expect(response.status).toBeLessThan(500)
      await response.arrayBuffer()
    },
  )
  await fc.assert(property, { numRuns: 300 })
}, 60_000)

test('a batch that an object cannot take is not taken in part', async () => {
  const fresh = await newVisitor()
  await send({ batch: [message()] }, fresh.cookie)
  await runInDurableObject(fresh.shard, (_, { storage }) => {
    // The third write of a delivery fails, as on a full disk.
    storage.sql.exec(
      `CREATE TRIGGER full BEFORE INSERT ON tail BEGIN SELECT RAISE(FAIL, 'full'); END`,
    )
  })
  const batch = [message(), message(), message()]
  const response = await send({ batch }, fresh.cookie)
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
  expect(await takenBy(fresh)).toBe(1)
  await runInDurableObject(fresh.shard, (_, { storage }) => storage.sql.exec('DROP TRIGGER full'))
  expect(await (await send({ batch }, fresh.cookie)).json()).toMatchObject({ accepted: 3 })
})

test('an object with more to write than it can says so across its door', async () => {
  const crowd = await newVisitor()
  const items = Array.from({ length: 6_000 }, () => ({ event: eventOf(), rewards: [] }))
  const delivery = { visitor: crowd.id, items, reads: [], remember: false }
  const outcomes = await Promise.allSettled(
    Array.from({ length: 3 }, () => callObject(() => crowd.shard.acceptAll([delivery]))),
  )
  const failures = outcomes.filter(({ status }) => status === 'rejected')
  expect(failures.length).toBeGreaterThan(0)
  for (const failure of failures) {
    expect('reason' in failure && failure.reason).toBeInstanceOf(Overloaded)
  }
})
