import { describe, expect, test } from 'vitest'
import { SlotSchema } from '../../src/model/slot.ts'
import { outline } from '../../src/rewrite/outline.ts'
import { type Asked, createKeeper, type Sent } from '../../src/site/keeper.ts'

const MB = 2 ** 20
const HTML = { 'content-type': 'text/html; charset=utf-8' }
const SLOTS = [SlotSchema.parse({ id: 'hero', selector: '#hero', pages: ['/'] })]
const PAGE = '<body><div id="hero">old</div></body>'

type Answer = (etag: string | undefined) => Response | Promise<Response>

/** An origin that notes what it is asked, before a keeper whose clock is set by hand. */
function stage({ bound = MB, cache = emptyCache() } = {}) {
  const asked: (string | undefined)[] = []
  const work: Promise<unknown>[] = []
  let now = Date.UTC(2026, 10, 22)
  let answer: Answer = () => new Response('none', { status: 500 })
  let keeper = createKeeper(bound, cache)
  const view = (changes: Partial<Asked> & { headers?: Record<string, string> } = {}) => {
    const { headers = {}, ...rest } = changes
    return keeper.obtain({
      request: new Request('https://shop.example/', { headers }),
      ...{ key: 'https://shop.example/', slots: SLOTS, override: undefined, isSignedIn: false },
      ask: async (etag) => {
        asked.push(etag)
        return answer(etag)
      },
      outline,
      background: (promise) => void work.push(promise),
      clock: () => now,
      ...rest,
    })
  }
  return {
    asked,
    cache,
    view,
    /** The origin answers so from now on. */
    says: (next: Answer) => {
      answer = next
    },
    /** What comes to a visitor, once all that goes on behind them is done. */
    async seen(...args: Parameters<typeof view>) {
      const sent = await view(...args)
      const text = await textOf(sent)
      await Promise.all(work.splice(0))
      return `${sent.kind}: ${text}`
    },
    settle: () => Promise.all(work.splice(0)),
    later: (seconds: number) => {
      now += seconds * 1000
    },
    anotherIsolate: () => {
      keeper = createKeeper(bound, cache)
    },
  }
}

function textOf(sent: Sent): Promise<string> | string {
  if (sent.kind === 'streamed') return sent.response.text()
  return new TextDecoder().decode(sent.skeleton.bytes)
}

/** A cache of a location of its own, as the runtime's is shared by all tests. */
function emptyCache(): Cache {
  const kept = new Map<string, Response>()
  return Object.assign(Object.create(caches.default), {
    match: async (name: string) => kept.get(name)?.clone(),
    put: async (name: string, response: Response) => void kept.set(name, response),
  })
}

const page = (headers: Record<string, string>, html = PAGE) =>
  new Response(html, { headers: { ...HTML, ...headers } })

const FOR_A_MINUTE = { 'cache-control': 'max-age=60' }

describe('a page that may be shared', () => {
  test('is asked for once', async () => {
    const { says, seen, asked } = stage()
    says(() => page(FOR_A_MINUTE))
    expect(await seen()).toBe(`streamed: ${PAGE}`)
    expect(await seen()).toBe(`kept: ${PAGE}`)
    expect(await seen()).toBe(`kept: ${PAGE}`)
    expect(asked.length).toBe(1)
  })

  test('is cut where its slots are', async () => {
    const { says, seen, view } = stage()
    says(() => page(FOR_A_MINUTE))
    await seen()
    const sent = await view()
    expect(sent.kind === 'kept' && sent.skeleton.outline.places).toEqual([
      { slot: 'hero', before: 6, start: 21, end: 24, after: 30 },
    ])
  })

  test('is asked for again when its time is over', async () => {
    const { says, seen, later, asked } = stage()
    says(() => page(FOR_A_MINUTE))
    await seen()
    later(61)
    says(() => page(FOR_A_MINUTE, '<p>new'))
    expect([await seen(), await seen()]).toEqual(['streamed: <p>new', 'kept: <p>new'])
    expect(asked.length).toBe(2)
  })

  test('is used for a while longer where that is allowed, and renewed beside', async () => {
    const { says, seen, later, asked } = stage()
    says(() => page({ 'cache-control': 'max-age=60, stale-while-revalidate=60', etag: '"1"' }))
    await seen()
    later(61)
    says(() => page(FOR_A_MINUTE, '<p>new'))
    expect([await seen(), await seen()]).toEqual([`kept: ${PAGE}`, 'kept: <p>new'])
    expect(asked).toEqual([undefined, '"1"'])
  })

  test('stands in for an origin that fails, where that is allowed', async () => {
    const { says, seen, later } = stage()
    says(() => page({ 'cache-control': 'max-age=60, stale-if-error=600' }))
    await seen()
    later(61)
    says(() => new Response('down', { status: 503 }))
    expect(await seen()).toBe(`kept: ${PAGE}`)
    later(600)
    expect(await seen()).toBe('streamed: down')
  })

  test('does not where that is not allowed', async () => {
    const { says, seen, later } = stage()
    says(() => page(FOR_A_MINUTE))
    await seen()
    later(61)
    says(() => new Response('down', { status: 503 }))
    expect(await seen()).toBe('streamed: down')
  })

  test('is gone when the origin has something else there', async () => {
    const { says, seen, later } = stage()
    says(() => page(FOR_A_MINUTE))
    await seen()
    later(61)
    says(() => new Response(null, { status: 302, headers: { location: '/login' } }))
    expect([await seen(), await seen()]).toEqual(['streamed: ', 'streamed: '])
  })

  test('is known to another isolate of the location', async () => {
    const { says, seen, anotherIsolate, asked } = stage()
    says(() => page(FOR_A_MINUTE))
    await seen()
    anotherIsolate()
    expect([await seen(), asked.length]).toEqual([`kept: ${PAGE}`, 1])
  })

  test('is streamed when the cache does not answer', async () => {
    const cache = emptyCache()
    cache.match = () => new Promise(() => {})
    const { says, seen } = stage({ cache })
    says(() => page(FOR_A_MINUTE))
    expect(await seen()).toBe(`streamed: ${PAGE}`)
  })

  test('of many views at the moment it expires, one asks', async () => {
    const { says, seen, view, later, asked, settle } = stage()
    says(() => page(FOR_A_MINUTE))
    await seen()
    later(61)
    says(async () => {
      await scheduler.wait(30)
      return page(FOR_A_MINUTE, '<p>new')
    })
    const views = await Promise.all(Array.from({ length: 50 }, async () => textOf(await view())))
    await settle()
    expect(new Set(views)).toEqual(new Set(['<p>new']))
    expect(asked.length).toBe(2)
  })
})

describe('a page that the origin confirms each time', () => {
  test('is parsed once', async () => {
    const { says, seen, asked } = stage()
    says((etag) => (etag ? new Response(null, { status: 304 }) : page({ etag: '"1"' })))
    expect(await seen()).toBe(`streamed: ${PAGE}`)
    expect([await seen(), await seen()]).toEqual([`kept: ${PAGE}`, `kept: ${PAGE}`])
    expect(asked).toEqual([undefined, '"1"', '"1"'])
  })

  test('is another one when it is sent again, even under the same ETag', async () => {
    const { says, seen } = stage()
    says(() => page({ etag: '"1"' }))
    await seen()
    says(() => page({ etag: '"1"' }, '<p>new'))
    expect(await seen()).toBe('streamed: <p>new')
    says(() => new Response(null, { status: 304 }))
    expect(await seen()).toBe('kept: <p>new')
  })

  test('is asked for as a whole when another one is confirmed', async () => {
    const { says, seen, asked } = stage()
    says(() => page({ etag: '"1"' }))
    await seen()
    says((etag) =>
      etag
        ? new Response(null, { status: 304, headers: { etag: '"2"' } })
        : page({ etag: '"2"' }, '<p>2'),
    )
    expect(await seen()).toBe('streamed: <p>2')
    expect(asked).toEqual([undefined, '"1"', undefined])
  })

  test('takes the headers of the confirmation, cookies for this visitor among them', async () => {
    const { says, seen, view } = stage()
    says(() => page({ etag: '"1"', 'x-a': 'old' }))
    await seen()
    const headers = { 'x-a': 'new', 'content-type': 'text/plain', 'set-cookie': 'a=1' }
    says(() => new Response(null, { status: 304, headers }))
    const sent = await view()
    if (sent.kind !== 'kept') throw new Error(sent.kind)
    const { headers: now } = sent.skeleton
    expect(['x-a', 'content-type', 'set-cookie'].map((name) => now.get(name))).toEqual([
      'new',
      HTML['content-type'],
      'a=1',
    ])
    says(() => page({ etag: '"1"' }))
    expect(await seen()).toBe(`streamed: ${PAGE}`)
  })
})

describe('a page is not shared', () => {
  test.each<[string, Record<string, string>]>([
    ['private', { 'cache-control': 'private, max-age=60' }],
    ['with a cookie', { ...FOR_A_MINUTE, 'set-cookie': 'session=1' }],
    ['that varies by cookie', { ...FOR_A_MINUTE, vary: 'Cookie' }],
    ['without terms', {}],
    ['that is not to be changed', { 'cache-control': 'max-age=60, no-transform' }],
    ['that is no page', { ...FOR_A_MINUTE, 'content-type': 'text/plain' }],
  ])('%s', async (_, headers) => {
    const { says, seen, asked } = stage()
    says(() => page(headers))
    expect([await seen(), await seen()]).toEqual([`streamed: ${PAGE}`, `streamed: ${PAGE}`])
    expect(asked.length).toBe(2)
  })

  test.each<[string, Parameters<ReturnType<typeof stage>['view']>[0]]>([
    ['with credentials', { headers: { authorization: 'Bearer x' } }],
    ['for a part', { headers: { range: 'bytes=0-3' } }],
    ['for its head', { request: new Request('https://shop.example/', { method: 'HEAD' }) }],
    ['by who is signed in', { isSignedIn: true }],
  ])('asked for %s, and what is kept stays', async (_, changes) => {
    const { says, seen } = stage()
    says(() => page(FOR_A_MINUTE))
    await seen()
    says(() => page(FOR_A_MINUTE, '<p>theirs'))
    expect(await seen(changes)).toBe('streamed: <p>theirs')
    expect(await seen()).toBe(`kept: ${PAGE}`)
  })

  test('but with who is signed in where the origin says that it is for all', async () => {
    const { says, seen } = stage()
    says(() => page({ 'cache-control': 'public, max-age=60' }))
    await seen({ isSignedIn: true })
    expect(await seen({ isSignedIn: true })).toBe(`kept: ${PAGE}`)
  })

  test('between visitors for whom it differs', async () => {
    const { says, seen, view } = stage()
    const as = (language: string) => ({ headers: { 'accept-language': language } })
    for (const language of ['sv', 'en']) {
      says(() => page({ ...FOR_A_MINUTE, vary: 'Accept-Language' }, `<p>${language}`))
      await seen(as(language))
    }
    const views = [await view(as('sv')), await view(as('en'))].map(textOf)
    expect(await Promise.all(views)).toEqual(['<p>sv', '<p>en'])
  })
})

test('without memory every page is streamed', async () => {
  const { says, seen } = stage({ bound: 0 })
  says(() => page(FOR_A_MINUTE))
  expect([await seen(), await seen()]).toEqual([`streamed: ${PAGE}`, `streamed: ${PAGE}`])
})

describe('memory', () => {
  const large = (n: number) => `<p>${String(n).padStart(4, '0')}${'x'.repeat(80_000)}`

  test('is bounded, what was not asked for the longest going first', async () => {
    const { says, seen, view, asked } = stage({ bound: MB })
    const at = (n: number) => ({ key: `https://shop.example/${n}` })
    for (let n = 0; n < 40; n++) {
      says(() => page(FOR_A_MINUTE, large(n)))
      await seen(at(n))
      await view(at(0))
    }
    expect(asked.length).toBe(40)
  })

  test.each([
    ['larger than a page may be', 3 * MB, 64 * MB],
    ['larger than its share of the memory', MB, 2 * MB],
  ])('is not for a page %s', async (_, size, bound) => {
    const { says, seen } = stage({ bound, cache: silentCache() })
    says(() => page(FOR_A_MINUTE, 'x'.repeat(size)))
    expect((await seen()).length).toBe(size + 'streamed: '.length)
    expect((await seen()).length).toBe(size + 'streamed: '.length)
  })
})

/** A cache that keeps nothing. */
function silentCache(): Cache {
  return Object.assign(Object.create(caches.default), {
    match: async () => undefined,
    put: async () => undefined,
  })
}
