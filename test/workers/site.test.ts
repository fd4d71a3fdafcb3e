import { describe, expect, test } from 'vitest'
import type { Snapshot } from '../../src/model/profile.ts'
import { findHome } from '../../src/site/directory.ts'
import { createKept } from '../../src/site/kept.ts'
import { isLoop, toOriginRequest } from '../../src/site/origin.ts'
import type { Visitor } from '../../src/model/visitor.ts'
import { PROFILE_DEADLINE_MS, recall } from '../../src/visitor/recall.ts'

/** Something to keep whose loads are settled by hand. */
function shelf(patience = 20) {
  const loads: { known: string | undefined; done: (value: string) => void; fail: () => void }[] = []
  const behind: Promise<unknown>[] = []
  const kept = createKept<string>({
    load: (known) =>
      new Promise((resolve, reject) => {
        loads.push({ known, done: resolve, fail: () => reject(new Error('no load')) })
      }),
    ...{ fresh: 2000, stale: 5000, patience },
  })
  const background = (work: Promise<unknown>) => void behind.push(work)
  return {
    loads,
    get: (now: number) => kept.get(now, background),
    peek: (now: number) => kept.peek(now, background),
    /** Waits for all work that outlives its request. */
    settle: () => Promise.all(behind),
  }
}

async function filled(patience?: number) {
  const kept = shelf(patience)
  const first = kept.get(0)
  kept.loads[0]?.done('first')
  await first
  return kept
}

describe('what is kept', () => {
  test('is loaded first, and every early caller loads for itself', async () => {
    const kept = shelf()
    expect(kept.peek(0)).toBeUndefined()
    const [one, two] = [kept.get(0), kept.get(1)]
    expect(kept.loads).toHaveLength(2)
    kept.loads[1]?.done('b')
    kept.loads[0]?.done('a')
    expect(await Promise.all([one, two])).toEqual(['a', 'b'])
    expect(await kept.get(1000)).toBe('b')
  })

  test('cannot be had while the first load fails', async () => {
    const kept = shelf()
    const first = kept.get(0)
    kept.loads[0]?.fail()
    await expect(first).rejects.toThrow('no load')
    const second = kept.get(1)
    kept.loads[1]?.done('now')
    expect(await second).toBe('now')
  })

  test('is used as it is while fresh', async () => {
    const kept = await filled()
    expect([await kept.get(2000), kept.peek(2000), kept.loads.length]).toEqual(['first', 'first', 1])
  })

  test('is renewed behind one of the requests that use it, told what is known', async () => {
    const kept = await filled()
    expect([await kept.get(2001), await kept.get(2002), kept.peek(5000)]).toEqual(
      Array(3).fill('first'),
    )
    expect(kept.loads.map(({ known }) => known)).toEqual([undefined, 'first'])
    kept.loads[1]?.done('second')
    await kept.settle()
    expect([await kept.get(2500), kept.loads.length]).toEqual(['second', 2])
    // Fresh from the moment at which its load began.
    expect([kept.peek(4001), kept.loads.length]).toEqual(['second', 2])
    expect([kept.peek(4002), kept.loads.length]).toEqual(['second', 3])
  })

  test('stays when a renewal fails, which is tried again', async () => {
    const kept = await filled()
    expect(await kept.get(3000)).toBe('first')
    kept.loads[1]?.fail()
    await kept.settle()
    expect(await kept.get(4000)).toBe('first')
    const later = kept.get(9000)
    kept.loads.at(-1)?.done('second')
    expect(await later).toBe('second')
  })

  test('is waited for when stale, for a moment', async () => {
    const kept = await filled(5000)
    expect(kept.peek(5001)).toBeUndefined()
    const waiting = kept.get(5001)
    kept.loads[1]?.done('second')
    expect(await waiting).toBe('second')
  })

  test('is used stale rather than not at all: after that moment, or when the load fails', async () => {
    const kept = await filled(1)
    expect(await kept.get(100_000)).toBe('first')
    kept.loads[1]?.done('second')
    await kept.settle()
    expect(await kept.get(100_001)).toBe('second')
    const failing = kept.get(900_000)
    kept.loads[2]?.fail()
    expect(await failing).toBe('second')
  })

  test('is never replaced by what was loaded before it', async () => {
    const kept = await filled(1)
    await kept.get(10_000)
    await kept.get(20_000)
    kept.loads[2]?.done('newer')
    await Promise.resolve()
    kept.loads[1]?.done('older')
    await kept.settle()
    expect(kept.peek(20_001)).toBe('newer')
  })
})

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
  const OWN = { cookie: 'a=b; c=d', accept: 'text/html', 'x-custom': 'kept', authorization: 'Basic x' }
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
    for (const name of ['x-forwarded-port', 'x-real-ip', 'forwarded', 'x-sv-visitor', 'x-sv-anything']) {
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
      ...['https://shop.test/', 'https://SHOP.test:80/', 'http://shop.test:81/', 'http://localhost/'],
      ...['http://localhost:8787/', 'https://www.shop.test/', 'https://shop.test./'],
    ].map(site),
  ).toEqual(['shop', 'shop', 'other', undefined, 'local', undefined, undefined])
})

describe('what is recalled of a visitor', () => {
  const NOW = 1_796_000_000_000
  const values = { 'profile.pages': 3 }
  const kept = { at: NOW - 60_000, reads: 'k', values }
  const old = { ...kept, at: NOW - 15 * 60_000 }
  const fresh: Snapshot = { at: NOW, values: { 'profile.pages': 4 } }
  const visitor: Visitor = {
    ...{ id: 'v', tier: 2, returning: true, visits: 2, signedIn: false, user: {} },
    campaign: { source: '', medium: '', name: '' },
  }
  const untouched = () => Promise.reject(new Error('The shard was read.'))
  const memory = { visitor, kept, reads: ['profile.pages'], readsKey: 'k', now: NOW, read: untouched }

  test.each<[string, object, object]>([
    ['nothing at tier 1', { visitor: { ...visitor, tier: 1 } }, { values: {} }],
    ['nothing at tier 0', { visitor: { ...visitor, tier: 0 } }, { values: {} }],
    ['nothing of a newcomer', { visitor: { ...visitor, returning: false } }, { values: {} }],
    ['nothing where rules read nothing', { reads: [] }, { values: {} }],
    ['what the cookie has while it is fresh', {}, { values }],
    ['what the shard has when that is old', { kept: old, read: async () => fresh }, { values: fresh.values, fresh }],
    ['or missing', { kept: undefined, read: async () => fresh }, { values: fresh.values, fresh }],
    ['or of other rules', { readsKey: 'other', read: async () => fresh }, { values: fresh.values, fresh }],
    ['what the cookie had when the shard fails', { kept: old }, { values, fault: 'profile_unavailable' }],
    ['nothing when rules are others and it fails', { readsKey: 'other' }, { values: {}, fault: 'profile_unavailable' }],
    [
      'what the cookie had when the shard is late',
      { kept: old, read: () => scheduler.wait(PROFILE_DEADLINE_MS * 20).then(() => fresh) },
      { values, fault: 'profile_timeout' },
    ],
    ['what the cookie had of an id without a shard', { kept: old, read: async () => undefined }, { values, fault: 'profile_timeout' }],
  ])('is %s', async (_, changes, expected) => {
    expect(await recall({ ...memory, ...changes })).toEqual(expected)
  })
})
