import { env } from 'cloudflare:workers'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { signLink } from '../../src/staff/link.ts'
import { configurationOf, siteOf } from './configuration.ts'
import { ask, askApi, HOST, keys, problemOf, publishDraft, staffToken } from './doors.ts'
import { view } from './pages.ts'

const PAGE = '<!doctype html><title>Shop</title><body><main id="hero">Origin</main>'
const ORIGIN_HEADERS = {
  ...{ 'content-type': 'text/html; charset=utf-8', 'x-frame-options': 'DENY' },
  ...{ 'set-cookie': 'basket=1', 'cache-control': 'public, max-age=60' },
  'content-security-policy': "default-src 'self'; frame-ancestors 'none'; img-src *",
}
const asked: string[] = []
const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input) => {
  const { url } = new Request(input)
  asked.push(url)
  if (url.endsWith('/old')) return Response.redirect('https://viewed.test/new?a=1', 302)
  return new Response(PAGE, { headers: ORIGIN_HEADERS })
})
afterAll(() => fetched.mockRestore())

const draft = configurationOf({ site: siteOf('viewed', { holdout: 0.5 }) })
const [hero, ...others] = draft.experiences
const withHero = (changes: object) =>
  ({ ...draft, experiences: [{ ...hero, ...changes }, ...others] }) as typeof draft

beforeAll(async () => {
  const published = await publishDraft(withHero({ variants: [{ variant: 'calm' }] }))
  if ('code' in published) throw new Error(JSON.stringify(published))
  // Published is `calm` alone; the draft knows `loud`, for those who come back.
  const saved = await askApi('PUT /sites/viewed/configuration', {
    body: withHero({ audience: 'returning', variants: [{ variant: 'loud' }] }),
  })
  expect(saved.status).toBe(204)
})

const marketer = await staffToken('marketer', 600)

const linkOf = async (wish: object) => {
  const answer = await askApi('POST /sites/viewed/previews', { token: marketer, body: wish })
  if (answer.status !== 201) throw new Error(JSON.stringify(await problemOf(answer)))
  return answer.json<{ url: string; expiresAt: number }>()
}
const read = async (wish: object) => {
  const response = await ask((await linkOf(wish)).url)
  const html = await response.text()
  return { response, html, title: /<h1>(\w+)/.exec(html)?.[1] }
}
const refusalOf = async (body: object) =>
  problemOf(await askApi('POST /sites/viewed/previews', { body }))

const RETURNING = { returning: true, visits: 3 }

describe('a preview shows', () => {
  test('the draft, which nobody else gets', async () => {
    expect((await read({ visitor: RETURNING })).title).toBe('Loud')
    expect((await view('https://viewed.test/')).html).not.toContain('Loud')
  })

  test('a publication as it was', async () => {
    const { items } = await (await askApi('GET /sites/viewed/publications')).json<{
      items: { seq: number }[]
    }>()
    expect((await read({ of: items.at(-1)?.seq })).title).toBe('Calm')
  })

  test('what its visitor would get, never a holdout', async () => {
    const titles = await Promise.all(
      [{ returning: false }, RETURNING, { ...RETURNING, tier: 0 }].map(
        async (visitor) => (await read({ visitor })).title,
      ),
    )
    expect(titles).toEqual([undefined, 'Loud', undefined])
  })

  test('a variant to a visitor outside its audience, where that is asked for', async () => {
    expect((await read({ variants: { 'hero-bandit': 'loud' } })).title).toBe('Loud')
  })

  test('the page at its path, without telling the origin of the link', async () => {
    const { url } = await linkOf({ path: '/products/7?colour=r%C3%B8d&b', visitor: RETURNING })
    asked.length = 0
    const html = await (await ask(url)).text()
    expect(asked).toEqual(['https://origin.example/products/7?colour=r%C3%B8d&b'])
    expect(html).toContain('<h1>Loud')
    expect(html).toContain('href="/products/7?colour&#61;r%C3%B8d&amp;b"')
  })

  test('a site that was never published', async () => {
    const fresh = configurationOf({ site: siteOf('unborn') })
    expect((await askApi('PUT /sites/unborn/configuration', { body: fresh })).status).toBe(204)
    const answer = await askApi('POST /sites/unborn/previews', { body: {} })
    const { url } = await answer.json<{ url: string }>()
    expect(await (await ask(url)).text()).toMatch(/<h1>(Calm|Loud)/)
  })
})

describe('a preview', () => {
  test('is marked, private, and framed by its console alone', async () => {
    const { response, html } = await read({ visitor: RETURNING })
    expect(html).toMatch(/<sv-preview role="region" aria-label="Preview">/)
    expect(html).not.toContain("data-sv='")
    const { headers } = response
    expect(headers.get('content-security-policy')).toBe(
      `default-src 'self'; img-src *; frame-ancestors ${HOST}`,
    )
    expect([headers.get('cache-control'), headers.get('x-robots-tag')]).toEqual([
      'private, no-store',
      'noindex',
    ])
    expect([headers.get('set-cookie'), headers.get('x-frame-options')]).toEqual([null, null])
    const banner = await ask('/_sv/banner.css')
    expect([banner.status, banner.headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/^text\/css/),
    ])
  })

  test('goes with a redirect of its site', async () => {
    const { url } = await linkOf({ path: '/old' })
    const response = await ask(url)
    const target = new URL(response.headers.get('location') ?? '')
    expect([response.status, target.pathname, target.searchParams.get('a')]).toEqual([
      302,
      '/new',
      '1',
    ])
    expect(target.searchParams.get('sv-preview')).toBe(new URL(url).searchParams.get('sv-preview'))
  })

  test('leaves no trace in figures or the decision log', async () => {
    const count = async () =>
      env.DB.prepare(
        'select (select count(*) from rollup) + (select count(*) from decision_log)',
      ).raw()
    const before = await count()
    await read({ visitor: RETURNING })
    expect(await count()).toEqual(before)
  })

  test('is over when its time is', async () => {
    const sent = new URL((await linkOf({ minutes: 1, visitor: RETURNING })).url)
    vi.setSystemTime(Date.now() + 61_000)
    const response = await ask(sent.href)
    vi.useRealTimers()
    expect([response.status, await response.text()]).toEqual([
      410,
      expect.stringContaining('expired'),
    ])
  })

  test.each(['', 'x', 'a.b.c'])(
    'is not what “%s” opens: the page is as for anybody',
    async (token) => {
      const { html } = await view(`https://viewed.test/?sv-preview=${token}`)
      expect(html).not.toContain('<sv-preview')
      expect(html).toContain('Shop')
    },
  )

  test('opens with its own purpose, and on its own hosts', async () => {
    const { url } = await linkOf({ visitor: RETURNING })
    const elsewhere = await ask(url.replace('viewed.test', 'shop.test'))
    expect(await elsewhere.text()).not.toContain('<sv-preview')
    const link = { purpose: 'trace', site: 'viewed', by: 'me' } as const
    const token = await signLink(link, 600, keys.link, Date.now())
    const trace = await ask(`https://viewed.test/?sv-preview=${token}`)
    expect(await trace.text()).not.toContain('<sv-preview')
  })

  test('keeps what it shows until its end, and what was published for good', async () => {
    await linkOf({ minutes: 60, visitor: RETURNING })
    const rows = await env.DB.prepare('select until from bundle').all<{ until: number | null }>()
    const untils = rows.results.map(({ until }) => until)
    expect(untils).toContain(null)
    expect(untils.some((until) => until !== null && until > Date.now() + 3_500_000)).toBe(true)
    // Publishing what a preview shows makes it stay.
    const published = await publishDraft(withHero({ audience: 'returning' }))
    if ('code' in published) throw new Error(published.code)
    const { url } = await linkOf({ minutes: 1 })
    vi.setSystemTime(Date.now() + 120_000)
    await linkOf({ minutes: 1, visitor: { country: 'SE' }, of: 'draft' })
    vi.useRealTimers()
    const kept = await env.DB.prepare('select until from bundle where hash = ?')
      .bind(published.bundle)
      .first<{ until: number | null }>()
    expect([kept, url.includes('sv-preview')]).toEqual([{ until: null }, true])
  })
})

describe('a link is refused', () => {
  test.each([
    [{ path: '//evil.example' }, '/path'],
    [{ path: 'shop' }, '/path'],
    [{ minutes: 20_000 }, '/minutes'],
    [{ visitor: { tier: 7 } }, '/visitor/tier'],
    [{ variants: { 'hero-bandit': 'quiet' } }, '/variants/hero-bandit'],
    [{ variants: { nobody: 'loud' } }, '/variants/nobody'],
    [{ of: 'yesterday' }, '/of'],
  ])('%o at %s', async (wish, pointer) => {
    expect((await refusalOf(wish)).errors?.map((error) => error.pointer)).toContain(pointer)
  })

  test('for a site or publication that is not there', async () => {
    expect((await refusalOf({ of: 99_999 })).code).toBe('not_found')
    const unknown = await askApi('POST /sites/nowhere/previews', { body: {} })
    expect((await problemOf(unknown)).code).toBe('not_found')
  })
})
