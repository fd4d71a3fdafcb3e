import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { configurationOf, siteOf } from './configuration.ts'
import { askApi, problemOf, staffToken } from './doors.ts'

const SITE = 'done-once'
const path = `POST /sites/${SITE}`
const under = (key: string) => ({ 'idempotency-key': key })

beforeAll(async () => {
  const draft = configurationOf({ site: siteOf(SITE) })
  expect((await askApi(`PUT /sites/${SITE}/configuration`, { body: draft })).status).toBe(204)
})

async function publications(): Promise<number> {
  const answer = await askApi(`GET /sites/${SITE}/publications`)
  return (await answer.json<{ items: unknown[] }>()).items.length
}

describe('a call under a key', () => {
  test('is done once, and answered the same', async () => {
    const publish = () =>
      askApi(`${path}/publish`, { body: { note: 'Once' }, headers: under('first') })
    const [first, again] = [await publish(), await publish()]
    expect([first.status, again.status]).toEqual([201, 201])
    expect(await again.json()).toEqual(await first.json())
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'))
    expect(await publications()).toBe(1)
  })

  test('is done once, too, where it is sent twice at the same time', async () => {
    const before = await publications()
    const answers = await Promise.all(
      [1, 2, 3].map(() =>
        askApi(`${path}/publish`, { body: { note: 'Twice' }, headers: under('second') }),
      ),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses).toContain(201)
    expect(statuses.every((status) => status === 201 || status === 409)).toBe(true)
    expect(await publications()).toBe(before + 1)
  })

  test('stands for what was sent, and for who sent it', async () => {
    const other = await askApi(`${path}/publish`, {
      body: { note: 'Else' },
      headers: under('first'),
    })
    expect((await problemOf(other)).code).toBe('key_reused')
    const token = await staffToken('editor')
    const theirs = await askApi(`${path}/publish`, {
      ...{ body: { note: 'Once' }, headers: under('first'), token },
    })
    expect([theirs.status, theirs.headers.get('idempotency-replayed')]).toEqual([201, null])
    const nobody = await askApi(`${path}/publish`, {
      ...{ body: { note: 'Once' }, headers: under('first'), token: '' },
    })
    expect((await problemOf(nobody)).code).toBe('unauthenticated')
  })

  test('that was refused may be sent again, mended', async () => {
    const make = (id: string) =>
      askApi(`${path}/goals`, {
        body: { id, name: 'Read', kind: 'event', event: 'Read' },
        headers: under('goal'),
      })
    expect((await make('not an id')).status).toBe(422)
    const made = await make('read')
    expect([made.status, made.headers.get('idempotency-replayed')]).toEqual([201, null])
    expect((await make('read')).headers.get('location')).toBe(made.headers.get('location'))
  })

  test('keeps no secrets', async () => {
    const make = () => askApi(`${path}/write-keys`, { headers: under('key') })
    const [first, second] = [await make(), await make()]
    expect([first.status, second.status]).toEqual([201, 201])
    const { results } = await env.DB.prepare("SELECT * FROM call WHERE body LIKE '%svk_%'").all()
    expect(results).toEqual([])
  })

  test('that broke off is free after a minute, and one that was done after a day', async () => {
    await env.DB.prepare('UPDATE call SET status = NULL WHERE key IN (SELECT key FROM call)').run()
    const publish = () =>
      askApi(`${path}/publish`, { body: { note: 'Once' }, headers: under('first') })
    expect((await problemOf(await publish())).code).toBe('in_progress')
    vi.setSystemTime(Date.now() + 61_000)
    const token = await staffToken('owner', 10 * 86_400)
    const later = () =>
      askApi(`${path}/publish`, { body: { note: 'Once' }, headers: under('first'), token })
    expect((await later()).headers.get('idempotency-replayed')).toBeNull()
    expect((await later()).headers.get('idempotency-replayed')).toBe('true')
    vi.setSystemTime(Date.now() + 86_460_000)
    expect((await later()).headers.get('idempotency-replayed')).toBeNull()
    vi.useRealTimers()
  })

  test.each(['', 'x'.repeat(256)])('has a key', async (key) => {
    const refused = await askApi(`${path}/check`, { headers: under(key) })
    expect(refused.status).toBe(422)
  })
})
