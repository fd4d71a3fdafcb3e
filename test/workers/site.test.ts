import { describe, expect, test, vi } from 'vitest'
import type { Snapshot } from '../../src/model/profile.ts'
import type { Visitor } from '../../src/model/visitor.ts'
import { findHome } from '../../src/site/directory.ts'
import { fetchFromOrigin, isLoop, timeoutOf, toOriginRequest } from '../../src/site/origin.ts'
import { PROFILE_DEADLINE_MS, recall } from '../../src/visitor/recall.ts'

describe('the request to the origin', () => {
  const ask = (url: string, init: RequestInit = {}, whole = true) =>
    toOriginRequest(new Request(url, init), { origin: 'https://origin.example:8443', whole })

  test.each([
    ['https://shop.test/', 'https://origin.example:8443/'],
    ['https://shop.test/a/b?c=d&e#f', 'https://origin.example:8443/a/b?c=d&e'],
    ['https://shop.test:9000/a%2Fb/%C3%A5', 'https://origin.example:8443/a%2Fb/%C3%A5'],
    ['https://shop.test/a/../b', 'https://origin.example:8443/b'],
    // A path that would be a host, were it resolved against the origin.
    ['https://shop.test//evil.example/x', 'https://origin.example:8443//evil.example/x'],
    ['https://shop.test/\\evil.example/x', 'https://origin.example:8443//evil.example/x'],
    ['https://shop.test/https://evil.example', 'https://origin.example:8443/https://evil.example'],
    ['https://shop.test/@evil.example/', 'https://origin.example:8443/@evil.example/'],
  ])('for %s goes to %s', (url, expected) => expect(ask(url).url).toBe(expected))

  const CLAIMS = {
    ...{ 'x-forwarded-for': '1.2.3.4', 'x-forwarded-host': 'evil.example', 'x-real-ip': '1.2.3.4' },
    ...{ 'x-forwarded-proto': 'gopher', 'x-forwarded-port': '1', forwarded: 'for=1.2.3.4' },
    ...{ 'x-sv-visitor': 'me', 'X-SV-Anything': 'x' },
  }
  const OWN = {
    cookie: 'a=b; c=d',
    accept: 'text/html',
    'x-custom': 'kept',
    authorization: 'Basic x',
  }
  const CONDITIONS = {
    ...{ 'if-none-match': '"a"', 'if-modified-since': 'x', 'if-match': '"a"', range: 'bytes=0-1' },
    ...{ 'if-unmodified-since': 'x', 'if-range': '"a"' },
  }

  test.each([true, false])('whole: %s, tells nothing that the client made up', (whole) => {
    const headers = { ...CLAIMS, ...OWN, 'cf-connecting-ip': '203.0.113.9' }
    const sent = ask('http://shop.test:8080/', { headers }, whole)
    const told = Object.fromEntries(sent.headers)
    expect(told).toMatchObject({
      ...OWN,
      'x-forwarded-host': 'shop.test:8080',
      'x-forwarded-proto': 'http',
      'x-forwarded-for': '203.0.113.9',
    })
    for (const name of [
      'x-forwarded-port',
      'x-real-ip',
      'forwarded',
      'x-sv-visitor',
      'x-sv-anything',
    ]) {
      expect([name, sent.headers.get(name)]).toEqual([name, null])
    }
  })

  test('says nothing of a client whose address is unknown', () => {
    expect(ask('https://shop.test/', { headers: CLAIMS }).headers.get('x-forwarded-for')).toBeNull()
  })

  test('asks for the whole page, and only then drops conditions', () => {
    const headers = { ...CONDITIONS, 'accept-encoding': 'zstd, br;q=0.5' }
    const whole = ask('https://shop.test/', { headers }, true)
    const as = ask('https://shop.test/', { headers }, false)
    for (const [name, value] of Object.entries(CONDITIONS)) {
      expect([name, whole.headers.get(name)]).toEqual([name, null])
      expect([name, as.headers.get(name)]).toEqual([name, value])
    }
    expect(whole.headers.get('accept-encoding')).toBe('gzip, br')
    expect(as.headers.get('accept-encoding')).toBe('zstd, br;q=0.5')
  })

  test('keeps method and body, and follows no redirect', async () => {
    const sent = ask('https://shop.test/', { method: 'PUT', body: 'å' }, false)
    expect([sent.method, await sent.text(), sent.redirect]).toEqual(['PUT', 'å', 'manual'])
    expect(ask('https://shop.test/', { method: 'HEAD' }).method).toBe('HEAD')
  })

  test.each([
    [undefined, false],
    ['cloudflare', false],
    ['selvedge', true],
    ['cloudflare; subreqs=1, selvedge; x', true],
    ['not-selvedge, selvedge2', false],
  ])('that has been through “%s” is a loop: %s', (hops, expected) => {
    const headers: Record<string, string> = hops === undefined ? {} : { 'cdn-loop': hops }
    const came = new Request('https://shop.test/', { headers })
    expect(isLoop(came)).toBe(expected)
    const sent = toOriginRequest(came, { origin: 'https://origin.example', whole: false })
    expect(isLoop(sent)).toBe(true)
  })
})

describe('the answer of the origin', () => {
  let origins = 0
  /** A request to an origin that was never asked before. */
  const requestOf = (method = 'GET', body: string | null = null) =>
    new Request(`https://origin-${++origins}.example/`, { method, body })
  const timedOut = new DOMException('late', 'TimeoutError')

  /** Asks while the network answers like this, one answer after another; gives status and attempts. */
  async function over(network: readonly (Response | Error)[], request = requestOf()) {
    const answers = [...network]
    const attempts = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => {
      const answer = answers.shift()
      if (answer instanceof Response) return answer
      throw answer ?? new Error('unreachable')
    })
    const log = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    const response = await fetchFromOrigin(request, 1000)
    log.mockRestore()
    const count = attempts.mock.calls.length
    attempts.mockRestore()
    return [response.status, count]
  }

  const down = new Error('unreachable')

  test.each<[string, readonly (Response | Error)[], string, readonly number[]]>([
    ['as it is, errors too', [new Response(null, { status: 503 })], 'GET', [503, 1]],
    ['at the second attempt', [down, new Response('x')], 'GET', [200, 2]],
    ['502 after two', [down, down], 'HEAD', [502, 2]],
    ['504 when it is late, and no second attempt', [timedOut, new Response('x')], 'GET', [504, 1]],
    [
      '502 for what changes something, which is sent once',
      [down, new Response('x')],
      'POST',
      [502, 1],
    ],
    ['502 for what deletes something', [down, new Response('x')], 'DELETE', [502, 1]],
  ])('is %s', async (_, network, method, expected) => {
    expect(await over(network, requestOf(method))).toEqual(expected)
  })

  test('is not asked for after failures that go on for a second, for a while', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_796_000_000_000 })
    try {
      const request = requestOf()
      const other = requestOf()
      const attempts: unknown[] = []
      for (let n = 0; n < 8; n++) {
        attempts.push(await over([], request))
        vi.setSystemTime(Date.now() + 200)
      }
      expect(attempts).toEqual([...Array(6).fill([502, 2]), [502, 0], [502, 0]])
      expect(await over([new Response('x')], other)).toEqual([200, 1])
      vi.setSystemTime(Date.now() + 5000)
      expect(await over([new Response('x')], request)).toEqual([200, 1])
      expect(await over([new Response('x')], request)).toEqual([200, 1])
    } finally {
      vi.useRealTimers()
    }
  })
})

test('a host is looked for with its port first', () => {
  const home = (site: string) => ({ site, origin: 'https://o.example' })
  const directory = new Map([
    ['shop.test', home('shop')],
    ['shop.test:81', home('other')],
    ['localhost:8787', home('local')],
  ])
  const site = (url: string) => findHome(directory, new URL(url))?.site
  expect(
    [
      ...[
        'https://shop.test/',
        'https://SHOP.test:80/',
        'http://shop.test:81/',
        'http://localhost/',
      ],
      ...['http://localhost:8787/', 'https://www.shop.test/', 'https://shop.test./'],
    ].map(site),
  ).toEqual(['shop', 'shop', 'other', undefined, 'local', undefined, undefined])
})

describe('what is recalled of a visitor', () => {
  const NOW = 1_796_000_000_000
  const MINUTE = 60_000
  const snapshot: Snapshot = {
    ...{ at: NOW - MINUTE, until: NOW + 60 * MINUTE, shared: false },
    values: { 'profile.pages': 3 },
  }
  const old = { ...snapshot, until: NOW }
  const fresh: Snapshot = { ...snapshot, at: NOW, values: { 'profile.pages': 4 } }
  const visitor: Visitor = {
    ...{ id: 'v', tier: 2, returning: true, visits: 2, signedIn: false, user: {} },
    campaign: { source: '', medium: '', name: '' },
  }
  const read = async () => fresh
  const newcomer = { ...visitor, returning: false }
  const memory = {
    ...{ visitor, person: '', kept: snapshot, reads: ['profile.pages'], now: NOW },
    read: (): Promise<Snapshot | undefined> => Promise.reject(new Error('The shard was read.')),
  }
  const shared = (minutes: number) => ({
    ...{ person: 'anna', kept: { ...snapshot, shared: true, at: NOW - minutes * MINUTE } },
  })

  test.each<[string, Partial<typeof memory>, object]>([
    ['nothing at tier 1', { visitor: { ...visitor, tier: 1 } }, { known: undefined }],
    ['nothing at tier 0', { visitor: { ...visitor, tier: 0 } }, { known: undefined }],
    ['nothing where rules read nothing', { reads: [] }, { known: undefined }],
    [
      'of a newcomer that there was nothing, without asking',
      { visitor: newcomer, kept: undefined },
      {
        known: { at: NOW, until: NOW + 86_400_000, shared: false, values: { 'profile.pages': 0 } },
      },
    ],
    [
      'what the shard has of a newcomer who signed in',
      { visitor: newcomer, kept: undefined, person: 'anna', read },
      { known: fresh, fresh },
    ],
    ['what the cookie has while that is true', {}, { known: snapshot }],
    ['what the shard has when it is no more', { kept: old, read }, { known: fresh, fresh }],
    ['or was never there', { kept: undefined, read }, { known: fresh, fresh }],
    [
      'or is a day old',
      { kept: { ...snapshot, at: NOW - 86_400_000 }, read },
      { known: fresh, fresh },
    ],
    [
      'or is of the browser alone, and somebody signed in',
      { person: 'anna', read },
      { fresh, known: fresh },
    ],
    [
      'what the cookie has of a person for a quarter of an hour',
      shared(14),
      { known: shared(14).kept },
    ],
    ['and then what the shard has', { ...shared(15), read }, { known: fresh, fresh }],
    [
      'what the cookie had when the shard fails',
      { kept: old },
      { known: old, fault: 'profile_unavailable' },
    ],
    [
      'nothing when it fails and there is none',
      { kept: undefined },
      { known: undefined, fault: 'profile_unavailable' },
    ],
    [
      'what the cookie had when the shard is late',
      { kept: old, read: () => scheduler.wait(PROFILE_DEADLINE_MS * 20).then(() => fresh) },
      { known: old, fault: 'profile_timeout' },
    ],
    [
      'what the cookie had of an id without a shard',
      { kept: old, read: async () => undefined },
      { known: old, fault: 'profile_timeout' },
    ],
  ])('is %s', async (_, changes, expected) => {
    expect(await recall({ ...memory, ...changes })).toEqual(expected)
  })
})

test.each([
  ['15000', 15_000],
  ['', 30_000],
  ['soon', 30_000],
  ['-1', 30_000],
])('an origin may take “%s” ms as %d', (text, timeout) => {
  expect(timeoutOf({ ORIGIN_TIMEOUT_MS: text })).toBe(timeout)
})
