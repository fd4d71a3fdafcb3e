import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CHARSETS } from '../faults/charsets.ts'
import { differingHeaders, personal, sameAs } from '../faults/checks.ts'
import { BROWSER, type Question } from '../faults/client.ts'
import { CASES } from '../faults/origin.ts'
import { STRANGER } from '../faults/people.ts'
import { between, createRandom } from '../faults/random.ts'
import { openStage, type Stage } from '../faults/stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage?.close())

/** What the worker answers, checked against what the origin says to the same question. */
async function expectSame(question: Question): Promise<void> {
  const before = stage.origin.seen.get(question.path)?.count ?? 0
  const ours = await stage.client.ask(question)
  expect(stage.origin.seen.get(question.path)?.count).toBe(before + 1)
  const theirs = await stage.direct.ask(question)
  expect(sameAs(theirs)(ours, { path: question.path, person: STRANGER, pieces: [] })).toEqual({
    how: 'as sent',
  })
}

describe('a page without slots comes as it is, asked for once', () => {
  test.each([
    'plain',
    'cookies',
    'hundred',
    'protective',
    'cacheable',
    'private',
    'no-transform',
    'said?server-timing=db%3Bdur=5',
    ...['gzip', 'br', 'deflate', 'zstd', 'double-gzip', 'upper-gzip', 'unknown'],
    ...Object.keys(CHARSETS),
    'utf-16le',
    ...['style-in-select', 'attribute-of-4-mib', '20-000-open-elements', 'nul-bytes', 'plaintext'],
    ...['cut-tags', 'until-close', 'trailers', 'hints'],
  ])('%s', async (name) => {
    for (const { headers } of stage.people) await expectSame({ path: `/r/${name}`, headers })
  })
})

describe('what is no page comes as it is, even where pages have slots', () => {
  test.each(['json', 'xhtml', 'image', 'events'])('%s', (name) =>
    expectSame({ path: `/p/${name}` }),
  )
  test.each([201, 206, 300, 400, 401, 404, 405, 410, 429, 500, 503])('status %i', (status) =>
    expectSame({ path: `/p/status?is=${status}` }),
  )
  test.each([204, 205, 304])('status %i without a body', (status) =>
    expectSame({ path: `/p/empty?is=${status}` }),
  )
  test.each([
    [301, 'https://else.example/p/small'],
    [302, '/p/small'],
    [303, '//else.example/'],
    [307, 'mailto:a@b.example'],
    [308, '../x?y=1#z'],
  ])('redirect %i to %s', (status, to) =>
    expectSame({ path: `/p/redirect?is=${status}&to=${encodeURIComponent(to)}` }),
  )
  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s', async (method) => {
    const body = Buffer.from('a=1&b=ü')
    await expectSame({ path: '/p/echo', method, body, headers: { 'content-type': 'text/x' } })
  })
  test.each(['OPTIONS', 'PURGE', 'PROPFIND'])('%s', (method) =>
    expectSame({ path: '/p/options', method }),
  )
  test('a part of a file', async () => {
    const headers = { range: 'bytes=100-199' }
    await expectSame({ path: '/r/range', headers })
    await expectSame({ path: '/p/range', headers: { ...headers, 'sec-fetch-dest': 'empty' } })
    const { status, body } = await stage.client.ask({ path: '/r/range', headers })
    expect([status, body.length]).toEqual([206, 100])
  })
  test('a page that did not change', async () => {
    const headers = { 'if-none-match': '"v1"' }
    await expectSame({ path: '/r/cacheable', headers })
    expect((await stage.client.ask({ path: '/r/cacheable', headers })).status).toBe(304)
  })
})

/** Headers that may differ on a page that was made for one visitor. */
const OURS = ['cache-control', 'content-length', 'server-timing', 'set-cookie']

describe('a personal page', () => {
  const ask = async (path: string, question: Partial<Question> = {}) => {
    const { headers } = stage.people[1] ?? STRANGER
    return stage.client.ask({ path, ...question, headers: { ...headers, ...question.headers } })
  }
  test('keeps every header but those that it makes untrue', async () => {
    const theirs = await stage.direct.ask({ path: '/p/protective' })
    const ours = await ask('/p/protective')
    expect(OURS).toEqual(expect.arrayContaining(differingHeaders(ours.headers, theirs.headers)))
  })
  test('loses what would let a cache keep it, and what vouches for other bytes', async () => {
    const { headers } = await ask('/p/cacheable')
    const theirs = await stage.direct.ask({ path: '/p/cacheable' })
    const gone = differingHeaders(headers, theirs.headers).filter((name) => !headers.has(name))
    expect(gone.sort()).toEqual([
      'accept-ranges',
      'age',
      'cdn-cache-control',
      'cloudflare-cdn-cache-control',
      'content-length',
      'content-md5',
      'digest',
      'etag',
      'expires',
      'last-modified',
      'repr-digest',
      'surrogate-control',
    ])
    expect(headers.get('cache-control')).toBe('private, no-store')
    expect(headers.get('vary')).toBe('Accept-Encoding, Cookie')
  })
  test('keeps the origin’s cookies in their order, before ours', async () => {
    const theirs = (await stage.direct.ask({ path: '/p/cookies' })).headers.getSetCookie()
    const ours = (
      await stage.client.ask({
        path: '/p/cookies',
        headers: { cookie: 'consent=profile' },
      })
    ).headers.getSetCookie()
    expect(theirs).toHaveLength(3)
    expect(ours.slice(0, 3)).toEqual(theirs)
    expect(ours.slice(3)).toEqual([expect.stringMatching(/^sv=/)])
  })
  test('keeps the origin’s own Server-Timing', async () => {
    const { headers } = await ask('/p/said?server-timing=db%3Bdur=5')
    expect(headers.get('server-timing')).toMatch(/^db;dur=5, sv;desc="personal"/)
  })
  test('is made from the whole page: validators, ranges and codings stay here', async () => {
    const asked = {
      range: 'bytes=0-9',
      'if-range': '"r"',
      'if-none-match': '"r"',
      'if-modified-since': 'Thu, 01 Jan 2026 00:00:00 GMT',
      'accept-encoding': 'zstd, deflate',
    }
    const answer = await ask('/p/range', { headers: asked })
    const headers = stage.origin.seen.get('/p/range')?.headers ?? {}
    expect(Object.keys(asked).filter((name) => name in headers)).toEqual(['accept-encoding'])
    expect(headers['accept-encoding']).toBe('gzip, br')
    expect(answer.status).toBe(200)
    expect(answer.body.toString()).toContain('data-sv="who"')
  })
  test.each(['/p/small', '/p/cacheable', '/p/protective', '/p/gzip', '/r/small', '/r/cacheable'])(
    'has the same headers for HEAD as for GET: %s',
    async (path) => {
      const timeless = (headers: Headers) => {
        const copy = new Headers(headers)
        copy.set('server-timing', (copy.get('server-timing') ?? '').replaceAll(/dur=\d+/g, ''))
        return copy
      }
      const get = await stage.client.ask({ path })
      const head = await stage.client.ask({ path, method: 'HEAD' })
      expect(head.status).toBe(get.status)
      expect(head.body.length).toBe(0)
      expect(differingHeaders(timeless(head.headers), timeless(get.headers))).toEqual([])
    },
  )
  test('may never be kept by a cache, whatever the origin allows', async () => {
    const random = createRandom(7)
    for (let n = 0; n < 100; n++) {
      const said = new URLSearchParams(cacheHeaders(random))
      const path = `/p/said?${said}`
      for (const person of stage.people) {
        const answer = await stage.client.ask({ path, headers: person.headers })
        const pieces = CASES.said?.pieces?.() ?? []
        const { wrong } = personal(answer, { path, person, pieces })
        expect(wrong).toBeUndefined()
      }
    }
  })
})

const CACHE_HEADERS: Readonly<Record<string, readonly string[]>> = {
  'cache-control': ['public, max-age=60', 's-maxage=60', 'PUBLIC', 'immutable', 'no-cache', ''],
  'cdn-cache-control': ['max-age=60', 'public'],
  'surrogate-control': ['max-age=60'],
  expires: ['Fri, 01 Jan 2100 00:00:00 GMT', '0'],
  etag: ['"a"', 'W/"a"'],
  'last-modified': ['Thu, 01 Jan 2026 00:00:00 GMT'],
  vary: ['*', 'Cookie', 'Accept'],
  pragma: ['cache'],
}

function cacheHeaders(random: () => number): Record<string, string> {
  const some = Object.entries(CACHE_HEADERS).filter(() => random() < 0.5)
  return Object.fromEntries(
    some.map(([name, values]) => [name, values[between(random, 0, values.length)] ?? '']),
  )
}

describe('what the origin is told', () => {
  const SPOOFED = {
    'x-forwarded-for': '6.6.6.6',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'gopher',
    'x-forwarded-port': '666',
    'x-real-ip': '6.6.6.6',
    forwarded: 'for=6.6.6.6;host=evil.example',
    'x-sv-anything': 'evil',
    'x-sv-user': 'evil',
  }
  test.each(['/p/small?spoofed', '/r/small?spoofed', '/p/echo?spoofed'])(
    'nothing that a client made up of itself: %s',
    async (path) => {
      const method = path.includes('echo') ? 'POST' : 'GET'
      await stage.client.ask({ path, method, headers: SPOOFED })
      const seen = stage.origin.seen.get(path)?.headers ?? {}
      expect(JSON.stringify(seen)).not.toMatch(/6\.6\.6\.6|evil|gopher|666/)
      expect(seen['x-forwarded-host']).toBe(`localhost:${stage.port}`)
      expect(seen['x-forwarded-proto']).toBe('http')
    },
  )
  test('everything else, as the client said it', async () => {
    const said = {
      cookie: 'a=1; consent=profile; b="x y"',
      'accept-language': 'sv, en;q=0.5',
      authorization: 'Basic YTpi',
      'x-anything': 'at all, really',
      referer: 'https://else.example/?a=b',
    }
    for (const path of ['/p/small?told', '/r/small?told']) {
      await stage.client.ask({ path, headers: said })
      expect(stage.origin.seen.get(path)?.headers).toMatchObject(said)
    }
  })
  test.each([
    '/p/small?a=1&b=%20%2F+ü&a=2',
    '/r/small?q=%E4%BD%A0',
    '/p/small?',
    '/p//small',
    '/p/%2e%2fsmall',
  ])('the path and query as they came: %s', async (path) => {
    await stage.direct.ask({ path: encodeURI(decodeURI(path)) })
    const asked = [...stage.origin.seen.keys()].at(-1) ?? ''
    const before = stage.origin.seen.get(asked)?.count ?? 0
    await stage.client.ask({ path: encodeURI(decodeURI(path)) })
    expect(stage.origin.seen.get(asked)?.count).toBe(before + 1)
  })
  test('a POST once, though nobody answers it', async () => {
    const { origin, client } = stage.second
    const path = '/p/reset?post'
    const { status } = await client.ask({ path, method: 'POST', body: Buffer.from('a=1') })
    expect(status).toBe(502)
    expect(origin.seen.get(path)?.count).toBe(1)
  })
  test('a GET once more, in case it was the connection', async () => {
    const { origin, client } = stage.second
    await client.ask({ path: '/p/reset?get' })
    expect(origin.seen.get('/p/reset?get')?.count).toBe(2)
  })
  test('through whom a request came, with ourselves last', async () => {
    const path = '/p/small?loop'
    await stage.client.ask({ path, headers: { 'cdn-loop': 'else.example; a=1' } })
    const seen = stage.origin.seen.get(path)?.headers ?? {}
    expect(seen['cdn-loop']).toMatch(/^else\.example; a=1, \S+$/)
  })
  test('no TRACE at all', async () => {
    const path = '/p/small?trace'
    const { status, body } = await stage.client.ask({ path, method: 'TRACE' })
    expect(status).toBeGreaterThanOrEqual(400)
    expect(stage.origin.seen.has(path)).toBe(false)
    expect(body.toString()).not.toContain('at ')
  })
})

describe('streams', () => {
  test.each(['/p/socket', '/r/socket'])('a WebSocket at %s', async (path) => {
    const socket = new WebSocket(`ws://localhost:${stage.port}${path}`)
    const said: string[] = []
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => socket.send('one')
      socket.onerror = () => reject(new Error('The socket failed.'))
      socket.onmessage = ({ data }) => {
        if (said.push(String(data)) < 3) socket.send(`after ${data}`)
        else socket.close(1000)
      }
      socket.onclose = () => resolve()
    })
    expect(said).toEqual(['one', 'after one', 'after after one'])
  })
  test('an answer starts to arrive before the origin has said all of it', async () => {
    for (const path of ['/p/gate?gate=a', '/r/gate?gate=b']) {
      const gate = path.slice(-1)
      const onStart = () => stage.origin.open(gate)
      expect((await stage.client.ask({ path, onStart, patience: 10_000 })).complete).toBe(true)
    }
  })
  test('a request’s body reaches the origin while it is still being sent', async () => {
    const first = 'first half, '
    const echoed = await new Promise<string>((resolve, reject) => {
      const asked = request(
        {
          host: '127.0.0.1',
          port: stage.port,
          path: '/p/echo',
          method: 'POST',
          headers: { ...BROWSER, host: `localhost:${stage.port}` },
        },
        (response) => {
          let text = ''
          response.on('error', reject)
          response.on('end', () => resolve(text))
          response.on('data', (chunk) => {
            text += chunk
            if (text === first) asked.end('second half')
          })
        },
      )
      asked.on('error', reject)
      asked.write(first)
    })
    expect(echoed).toBe('first half, second half')
  })
  test('50 MB of HTML, personal, without being held here', async () => {
    const pieces = CASES.huge?.pieces?.() ?? []
    const ask = async () => {
      const answer = await stage.client.ask({ path: '/p/huge' })
      return personal(answer, { path: '/p/huge', person: STRANGER, pieces })
    }
    expect(await ask()).toEqual({ how: 'personal' })
    const before = stage.memory()
    expect(await ask()).toEqual({ how: 'personal' })
    expect(stage.memory() - before).toBeLessThan(64 << 20)
  })
  test('20 MB there and back, without being held here', async () => {
    const body = Buffer.alloc(20 << 20, 'selvedge ')
    await stage.client.ask({ path: '/p/echo', method: 'POST', body })
    const before = stage.memory()
    for (let n = 0; n < 5; n++) {
      const answer = await stage.client.ask({ path: '/p/echo', method: 'POST', body })
      expect(answer.body.equals(body)).toBe(true)
    }
    expect(stage.memory() - before).toBeLessThan(64 << 20)
  })
})

test('an origin that leads back here is refused, not followed', async () => {
  const itself = `127.0.0.1:${stage.port}`
  await stage.publish({ id: 'loop', hosts: ['loop.test', itself], origin: `http://${itself}` })
  const client = stage.at('loop.test')
  await stage.untilKnown(client)
  const answers = await Promise.all(
    [...Array(20)].map(() => client.ask({ path: '/p/small', patience: 5_000 })),
  )
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([508]))
})
