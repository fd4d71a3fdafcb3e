import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { configurationOf, siteOf } from './configuration.ts'
import { ask, askApi, problemOf, publishDraft, staffToken } from './doors.ts'
import {
  countsOf,
  message,
  newVisitor,
  newWriteKey,
  receipt,
  SITE,
  send,
  sendAsServer,
} from './senders.ts'

const APP = 'https://app.shop.test'
let key: string

beforeAll(async () => {
  const site = siteOf(SITE, { eventOrigins: [APP] })
  for (const configuration of [{ site }, { site: siteOf('other') }]) {
    const published = await publishDraft(configurationOf(configuration))
    if ('code' in published) throw new Error(JSON.stringify(published))
  }
  key = (await newWriteKey()).key
})

const track = (changes: object = {}) => message({ userId: 'u-1', ...changes })

async function gzip(text: string): Promise<Uint8Array> {
  const packed = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(packed).arrayBuffer())
}

describe('the paths of Segment’s clients', () => {
  test.each(['batch', 'b', 'import'])('POST /%s takes a batch of a browser', async (path) => {
    const { cookie } = await newVisitor()
    const response = await ask(`/_sv/v1/${path}`, {
      method: 'POST',
      headers: { cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'text/plain' },
      body: JSON.stringify({ batch: [message(), message()], writeKey: SITE }),
    })
    expect(await response.json()).toEqual(receipt(2))
  })

  test.each([
    'track',
    'identify',
    'page',
    'screen',
    'group',
    'alias',
    't',
    'i',
    'p',
    's',
    'g',
    'a',
  ])('POST /%s takes one message, whose type is in the path', async (path) => {
    const body = { ...track(), type: undefined, previousId: 'p' }
    expect(await (await sendAsServer(key, body, path)).json()).toEqual(receipt(1))
    const { cookie } = await newVisitor()
    const response = await ask(`/_sv/v1/${path}`, {
      method: 'POST',
      headers: { cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'text/plain' },
      body: JSON.stringify(body),
    })
    expect(await response.json()).toEqual(receipt(1))
  })

  test('POST /m, their figures of themselves, is answered and forgotten', async () => {
    const response = await ask('/_sv/v1/m', { method: 'POST', body: '{"series":[]}' })
    expect(await response.json()).toEqual({ success: true })
  })

  test('GET settings gives the browser client no more than this door', async () => {
    const response = await ask(`/_sv/v1/projects/${SITE}/settings`)
    expect(await response.json()).toMatchObject({
      integrations: {
        'Segment.io': { apiKey: SITE, apiHost: 'shop.test/_sv/v1', protocol: 'https' },
      },
      metrics: { sampleRate: 0 },
    })
    const stranger = await ask(`/_sv/v1/projects/${key}/settings`)
    expect((await problemOf(stranger)).code).toBe('not_found')
  })

  test('others are nothing', async () => {
    for (const path of ['x', 'batch/x', '']) {
      const response = await ask(`/_sv/v1/${path}`, { method: 'POST', body: '{}' })
      expect((await problemOf(response)).code).toBe('not_found')
    }
  })
})

describe('a write key', () => {
  test('opens its own site, by HTTP Basic or in the body', async () => {
    expect(await (await sendAsServer(key, { batch: [track()] })).json()).toEqual(receipt(1))
    const body = JSON.stringify({ batch: [track()], writeKey: key })
    const response = await ask('/_sv/v1/batch', { method: 'POST', body })
    expect(await response.json()).toEqual(receipt(1))
  })

  test.each([
    ['of another shape', 'nonsense'],
    ['nobody was given', `svk_${'A'.repeat(43)}`],
    ['of the site’s name in another case', 'SHOP'],
  ])('%s is refused', async (_, wrong) => {
    const response = await sendAsServer(wrong, { batch: [track()] })
    expect([response.status, (await problemOf(response)).code]).toEqual([401, 'bad_write_key'])
  })

  test('of another site is refused', async () => {
    const { key: foreign } = await newWriteKey('other')
    // A key works within 5 s.
    await vi.waitFor(
      async () => {
        const response = await ask('https://other.test/_sv/v1/track', {
          method: 'POST',
          headers: { authorization: `Basic ${btoa(`${foreign}:`)}` },
          body: JSON.stringify(track()),
        })
        expect(response.status).toBe(200)
      },
      { timeout: 8_000, interval: 250 },
    )
    const response = await sendAsServer(foreign, { batch: [track()] })
    expect((await problemOf(response)).code).toBe('bad_write_key')
  })

  test('is none of a page’s: a browser that has one is told so', async () => {
    const { cookie } = await newVisitor()
    const authorization = `Basic ${btoa(`${key}:`)}`
    const response = await send({ batch: [message()] }, cookie, { authorization })
    expect((await problemOf(response)).code).toBe('bad_write_key')
    const inBody = await send({ batch: [message()], writeKey: key }, cookie)
    expect((await problemOf(inBody)).code).toBe('bad_write_key')
  })

  test('is kept as a hash, shown once, and closed for good within 5 s', async () => {
    const { id, key: own } = await newWriteKey()
    const { results } = await env.DB.prepare('SELECT * FROM write_key').all()
    expect(JSON.stringify(results)).not.toContain(own)
    const listed = await (await askApi(`GET /sites/${SITE}/write-keys`)).text()
    expect(listed).toContain(id)
    expect(listed).not.toContain(own)
    expect(listed).not.toContain(String(results[0]?.hash))
    expect((await askApi(`DELETE /sites/${SITE}/write-keys/${id}`)).status).toBe(204)
    expect((await askApi(`DELETE /sites/${SITE}/write-keys/${id}`)).status).toBe(404)
    await vi.waitFor(
      async () => expect((await sendAsServer(own, { batch: [track()] })).status).toBe(401),
      { timeout: 8_000, interval: 250 },
    )
  })

  test.each(['marketer', 'editor'] as const)('is nothing for a %s', async (role) => {
    const token = await staffToken(role)
    for (const route of ['GET', 'POST']) {
      const response = await askApi(`${route} /sites/${SITE}/write-keys`, { token })
      expect((await problemOf(response)).code).toBe('forbidden')
    }
  })

  test('is one of twenty at most', async () => {
    await publishDraft(configurationOf({ site: siteOf('many') }))
    for (let made = 0; made < 20; made++) await newWriteKey('many')
    const response = await askApi('POST /sites/many/write-keys')
    expect((await problemOf(response)).code).toBe('too_many')
    expect((await askApi('POST /sites/nobodys/write-keys')).status).toBe(404)
  })
})

describe('bodies', () => {
  test('may be gzipped', async () => {
    const body = await gzip(JSON.stringify({ batch: [track(), track()] }))
    const response = await sendAsServer(key, body, 'batch', { 'content-encoding': 'gzip' })
    expect(await response.json()).toEqual(receipt(2))
  })

  test.each([
    ['br', '{}', 'bad_encoding', 415],
    ['gzip', 'not gzipped', 'bad_encoding', 415],
    ['identity', '{"batch":', 'bad_json', 400],
  ])('in %s that are not what they say are refused', async (encoding, body, code, status) => {
    const response = await sendAsServer(key, body, 'batch', { 'content-encoding': encoding })
    expect([response.status, (await problemOf(response)).code]).toEqual([status, code])
  })

  test('that unpack to more than the limit are not unpacked to their end', async () => {
    const bomb = await gzip(' '.repeat(20_000_000))
    expect(bomb.length).toBeLessThan(32_768)
    const response = await sendAsServer(key, bomb, 'batch', { 'content-encoding': 'gzip' })
    expect([response.status, (await problemOf(response)).code]).toEqual([413, 'too_large'])
  })

  const padded = (size: number) => track({ context: { pad: 'å'.repeat(size / 2) } })

  test('of servers hold 500 kB and 2,500 messages, each of 32 kB', async () => {
    const good = Array.from({ length: 15 }, () => padded(30_000))
    const answer = await sendAsServer(key, { batch: [...good, padded(33_000)] })
    expect(await answer.json()).toEqual(receipt(15, { too_large: 1 }))
    const heavy = Array.from({ length: 18 }, () => padded(30_000))
    expect((await problemOf(await sendAsServer(key, { batch: heavy }))).code).toBe('too_large')
    const many = (count: number) => ({ batch: Array.from({ length: count }, () => ({})) })
    expect(await (await sendAsServer(key, many(2_500))).json()).toEqual(
      receipt(0, { malformed: 2_500 }),
    )
    expect((await problemOf(await sendAsServer(key, many(2_501)))).code).toBe('too_large')
  })

  test('of one message hold 32 kB', async () => {
    expect((await sendAsServer(key, padded(30_000), 'track')).status).toBe(200)
    expect((await sendAsServer(key, padded(33_000), 'track')).status).toBe(413)
  })
})

test('more at once than fits is put off, and loses nothing', async () => {
  const before = await countsOf()
  const heavy = () =>
    Array.from({ length: 15 }, () => track({ context: { pad: 'x'.repeat(30_000) } }))
  const asked = Array.from({ length: 40 }, heavy).map((batch) => ({ batch }))
  const answers = await Promise.all(asked.map((body) => sendAsServer(key, body)))
  const late = answers.filter(({ status }) => status === 429)
  expect(late.length).toBeGreaterThan(0)
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]))
  for (const answer of late) {
    expect(answer.headers.get('retry-after')).toBe('2')
    expect((await problemOf(answer)).code).toBe('overloaded')
  }
  const after = await countsOf()
  expect((after.overloaded ?? 0) - (before.overloaded ?? 0)).toBe(late.length)
  const again = await Promise.all(
    asked
      .flatMap((body, n) => (answers[n]?.status === 429 ? [body] : []))
      .slice(0, 5)
      .map((body) => sendAsServer(key, body)),
  )
  for (const answer of again) expect(await answer.json()).toMatchObject({ duplicates: 0 })
}, 60_000)

describe('pages of other origins', () => {
  const from = (origin: string, init: RequestInit = {}) =>
    ask('/_sv/v1/t', {
      method: 'POST',
      body: JSON.stringify(message()),
      ...init,
      headers: { origin, 'sec-fetch-site': 'same-site', ...init.headers },
    })

  test('may ask and send where the site lists them', async () => {
    const preflight = await from(APP, { method: 'OPTIONS', body: null })
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([
      204,
      APP,
    ])
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization')
    const { cookie } = await newVisitor()
    const response = await from(APP, { headers: { cookie } })
    expect(await response.json()).toEqual(receipt(1))
    expect(response.headers.get('access-control-allow-origin')).toBe(APP)
    expect(response.headers.get('access-control-allow-credentials')).toBe('true')
    expect(response.headers.get('access-control-expose-headers')).toBe('retry-after')
    expect(response.headers.get('vary')).toBe('Origin')
  })

  test.each(['https://evil.example', 'http://app.shop.test', 'null', `${APP}.evil.example`])(
    'that are %s may not',
    async (origin) => {
      const { cookie } = await newVisitor()
      for (const method of ['OPTIONS', 'POST']) {
        const init = { method, headers: { cookie }, ...(method === 'OPTIONS' && { body: null }) }
        const response = await from(origin, init)
        expect(response.headers.get('access-control-allow-origin')).toBeNull()
        expect((await problemOf(response)).code).toBe('cross_site')
      }
    },
  )

  test('are listed as origins, and nothing else', async () => {
    for (const origin of [`${APP}/`, 'app.shop.test', 'ftp://a.example', '*']) {
      const site = { ...siteOf('listing'), eventOrigins: [origin] }
      const body = { ...configurationOf(), site }
      const response = await askApi('PUT /sites/listing/configuration', { body })
      expect((await problemOf(response)).errors?.[0]?.pointer).toBe('/site/eventOrigins/0')
    }
  })
})

describe('whose a server’s event is', () => {
  test.each([
    ['nobody', {}, 'no_identity'],
    [
      'a browser nobody knows',
      { anonymousId: '0f1c2f6e-9b57-4a53-9a43-5b0d5d1c6f0a' },
      'no_identity',
    ],
    ['a visitor nobody knows', { anonymousId: `weur-3-${'A'.repeat(22)}` }, 'unknown_visitor'],
  ])('of %s is refused', async (_, who, reason) => {
    const response = await sendAsServer(key, { batch: [message(who)] })
    expect(await response.json()).toEqual(receipt(0, { [reason]: 1 }))
  })

  test('a page’s token is of no use to it', async () => {
    const properties = { token: 'a.b.c', index: 0, step: 'seen' }
    const response = await sendAsServer(key, {
      batch: [track({ event: 'Selvedge Exposure', properties })],
    })
    expect(await response.json()).toEqual(receipt(0, { token_forged: 1 }))
  })
})

test('everything is counted by the site and the hour, and every staff may read it', async () => {
  const before = await countsOf()
  await sendAsServer(key, { batch: [track(), track({ type: 'x' }), message()] })
  const again = track()
  await sendAsServer(key, { batch: [again] })
  await sendAsServer(key, { batch: [again] })
  await sendAsServer('wrong', { batch: [track()] })
  await ask('/_sv/v1/batch', { method: 'POST', headers: { origin: 'https://evil.example' } })
  const after = await countsOf()
  const grown = (name: keyof typeof after) => (after[name] ?? 0) - (before[name] ?? 0)
  expect(grown('accepted')).toBe(2)
  expect(grown('duplicate')).toBe(1)
  for (const reason of [
    'unsupported_type',
    'no_identity',
    'bad_write_key',
    'cross_site',
  ] as const) {
    expect([reason, grown(reason)]).toEqual([reason, 1])
  }
  const token = await staffToken('marketer')
  expect((await askApi(`GET /sites/${SITE}/events/counts`, { token })).status).toBe(200)
  expect((await askApi('GET /sites/nobodys/events/counts')).status).toBe(404)
  expect((await askApi(`GET /sites/${SITE}/events/counts`, { token: '' })).status).toBe(401)
})

test('a server gets no cookie, and no header of CORS', async () => {
  const response = await sendAsServer(key, { batch: [track()] })
  expect(response.headers.get('access-control-allow-origin')).toBeNull()
  expect(response.headers.get('set-cookie')).toBeNull()
})
