import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { configurationOf, siteOf } from './configuration.ts'
import { ask, askApi, HOST, problemOf, staffToken } from './doors.ts'

const PAGE = `<!doctype html><title>Shop</title>
<meta http-equiv="Content-Security-Policy" content="script-src 'none'">
<meta http-equiv="refresh" content="1; url=/away"><meta name="viewport" content="width=device-width">
<body><main id="hero"><p>One<p>Two</main><script>alert(1)</script>`
const HEADERS = {
  ...{ 'content-type': 'text/html; charset=utf-8', 'x-frame-options': 'DENY' },
  ...{ 'set-cookie': 'basket=1', 'content-security-policy': "default-src 'none'" },
}
const asked: Request[] = []
const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input) => {
  const request = new Request(input)
  asked.push(request)
  if (request.url.endsWith('/gone')) return new Response('Gone', { status: 410 })
  if (request.url.endsWith('/data')) return Response.json({})
  return new Response(PAGE, { headers: HEADERS })
})
afterAll(() => fetched.mockRestore())

beforeAll(async () => {
  const draft = configurationOf({ site: siteOf('picked') })
  expect((await askApi('PUT /sites/picked/configuration', { body: draft })).status).toBe(204)
})

const open = async (path: string) => {
  const answer = await askApi('POST /sites/picked/picks', { body: { path } })
  expect(answer.status).toBe(201)
  return answer.json<{ url: string; expiresAt: number }>()
}

describe('a page to pick from', () => {
  test('is the origin’s markup with the picker, which alone may run', async () => {
    const { url, expiresAt } = await open('/a?b=c')
    expect(new URL(url).pathname).toBe('/a')
    expect(expiresAt).toBeGreaterThan(Date.now() + 3_500_000)
    const response = await ask(url)
    const html = await response.text()
    expect(html).toContain('<main id="hero"><p>One<p>Two</main><script>alert(1)</script>')
    expect(html).toContain('<meta name="viewport"')
    expect(html).not.toMatch(/http-equiv/)
    expect(html).toMatch(
      new RegExp(
        `<script src="https://picked.test/_sv/picker.js" data-console="${HOST}"></script>$`,
      ),
    )
    expect(response.headers.get('content-security-policy')).toBe(
      `script-src https://picked.test/_sv/picker.js; object-src 'none'; form-action 'none'; frame-ancestors ${HOST}`,
    )
    const { headers } = response
    expect([headers.get('set-cookie'), headers.get('x-frame-options')]).toEqual([null, null])
    expect(headers.get('cache-control')).toBe('private, no-store')
    expect(asked.at(-1)?.url).toBe('https://origin.example/a?b=c')
  })

  test('has a script', async () => {
    const script = await ask('/_sv/picker.js')
    expect([script.status, script.headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/javascript/),
    ])
  })

  test('is gone after its hour', async () => {
    const { url } = await open('/')
    vi.setSystemTime(Date.now() + 3_601_000)
    const response = await ask(url)
    vi.useRealTimers()
    expect(response.status).toBe(410)
  })

  test('is there for its own hosts alone, and not for a made-up token', async () => {
    const { url } = await open('/')
    const elsewhere = await ask(url.replace('picked.test', 'other.test'))
    expect(await elsewhere.text()).not.toContain('picker.js')
    const forged = await ask('https://picked.test/?sv-pick=a.b.c')
    expect(await forged.text()).not.toContain('picker.js')
  })
})

describe('selectors are looked for', () => {
  const find = async (body: object, token?: string) => {
    const answer = await askApi('POST /sites/picked/selectors', { body, ...(token && { token }) })
    return answer.status === 200 ? answer.json<object>() : problemOf(answer)
  }

  test('by the parser that pages are rewritten by', async () => {
    // To a parser that streams, a paragraph whose end is left out holds the next one.
    const selectors = ['#hero', 'main > p', 'p:nth-of-type(2)', '.missing', 'p::before']
    expect(await find({ path: '/', selectors })).toEqual({
      matches: { '#hero': 1, 'main > p': 1, 'p:nth-of-type(2)': 0, '.missing': 0, 'p::before': 0 },
    })
  })

  test.each([
    ['/gone', 410],
    ['/data', 'content_type'],
  ])('and the reason is told where %s says nothing', async (path, why) => {
    expect(await find({ path, selectors: ['p'] })).toEqual({ matches: null, why })
  })

  test.each([
    [{ path: '//evil.example', selectors: ['p'] }, '/path'],
    [{ selectors: [] }, '/selectors'],
    [{ selectors: [...Array(21)].map(() => 'p') }, '/selectors'],
  ])('unless %o is wrong', async (body, pointer) => {
    expect(await find(body)).toMatchObject({ code: 'invalid', errors: [{ pointer }] })
  })

  test('by editors, of sites that are there', async () => {
    const marketer = await staffToken('marketer', 60)
    expect(await find({ selectors: ['p'] }, marketer)).toMatchObject({ code: 'forbidden' })
    const nowhere = await askApi('POST /sites/nowhere/selectors', { body: { selectors: ['p'] } })
    expect((await problemOf(nowhere)).code).toBe('not_found')
  })
})
