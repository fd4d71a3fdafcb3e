import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ApiError, ownerToken } from '../../src/cli/api-client.ts'
import { MEMBERS } from '../../templates/demo-site/members.ts'
import { eventually, type Instance, startInstance } from './instance.ts'

let demo: Instance
beforeAll(async () => {
  demo = await startInstance()
})
afterAll(() => demo?.close())

const DESKTOP = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36'
const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1'
const PROFILE = 'consent=profile'

interface Answer {
  readonly response: Response
  readonly html: string
  /** Our cookie, ready to be sent back. */
  readonly cookie: string
  readonly timing: string
}

async function view(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(demo.url + path, {
    headers: { 'user-agent': DESKTOP, accept: 'text/html', ...headers },
    redirect: 'manual',
  })
  const ours = response.headers.getSetCookie().find((cookie) => cookie.startsWith('sv='))
  return {
    response,
    html: await response.text(),
    cookie: ours?.split(';')[0] ?? '',
    timing: response.headers.get('server-timing') ?? '',
  }
}

async function shop(path: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(demo.origin + path, {
    headers: { 'user-agent': DESKTOP, accept: 'text/html', ...headers },
  })
  return response.text()
}

/** Text of the hero as it arrives, without running any script. */
function heroOf(html: string): string {
  return /id="hero"[\s\S]*?<h1[^>]*>([\s\S]*?)<\/h1>/.exec(html)?.[1]?.trim() ?? ''
}

async function signIn(plan: 'gold' | 'member' | 'new'): Promise<string> {
  const member = MEMBERS.find((known) => known.plan === plan)?.id ?? ''
  const response = await fetch(`${demo.url}/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': DESKTOP },
    body: new URLSearchParams({ member }),
    redirect: 'manual',
  })
  expect(response.status).toBe(303)
  const session = response.headers.getSetCookie().find((cookie) => cookie.startsWith('session='))
  return session?.split(';')[0] ?? ''
}

/** Every experience there is to see on the home page has a heading of its own. */
describe('who sees which hero, in the first response', () => {
  const seen = new Map<string, string>()
  const remember = (who: string, html: string) => {
    expect(html).toContain('data-sv="hero"')
    seen.set(who, heroOf(html))
  }

  test('a new visitor', async () => remember('new', (await view('/')).html))
  test('a phone', async () => {
    remember('phone', (await view('/', { 'user-agent': PHONE })).html)
  })
  test('a visitor from a campaign link', async () => {
    remember('campaign', (await view('/?utm_source=newsletter&utm_campaign=storm-week')).html)
  })
  test('a visitor from another country', async () => {
    remember('abroad', (await view('/?sv-country=DE')).html)
  })
  test('a returning visitor', async () => {
    const { cookie } = await view('/', { cookie: PROFILE })
    const batch = [...Array(4)].map((_, n) => ({
      type: 'page',
      messageId: `returning-${n}`,
      properties: { path: '/products', category: 'rainwear' },
    }))
    const told = await fetch(`${demo.url}/_sv/v1/batch`, {
      method: 'POST',
      headers: { cookie: `${PROFILE}; ${cookie}` },
      body: JSON.stringify({ batch }),
    })
    expect(await told.json()).toMatchObject({ accepted: 4, refused: {} })
    const known = told.headers.getSetCookie()[0]?.split(';')[0]
    remember('returning', (await view('/', { cookie: `${PROFILE}; ${known}` })).html)
  })
  test('a signed-in visitor, by a JWT of the shop', async () => {
    const session = await signIn('gold')
    const { html, timing } = await view('/', { cookie: `${PROFILE}; ${session}` })
    expect(timing).toContain('desc="personal"')
    remember('signed in', html)
  })
  test('all of them see different things, and none that is known anyhow the default', async () => {
    const fallback = heroOf(await shop('/'))
    expect(fallback).not.toBe('')
    expect(new Set(seen.values()).size).toBe(6)
    // One of the variants that strangers may get says what the shop's own page says.
    const { new: stranger, ...known } = Object.fromEntries(seen)
    expect(stranger).not.toBe('')
    expect(Object.keys(known)).toHaveLength(5)
    expect(Object.values(known)).not.toContain(fallback)
  })
})

describe('consent', () => {
  test('nothing is stored and nothing reports before it was given', async () => {
    const { response, html } = await view('/')
    expect(response.headers.getSetCookie()).toEqual([])
    expect(html).not.toContain('data-sv=\'{"t"')
  })
  test('Global Privacy Control outranks it', async () => {
    const { response } = await view('/', { cookie: PROFILE, 'sec-gpc': '1' })
    expect(response.headers.getSetCookie()).toEqual([])
  })
  test('measurement knows the browser, not the person', async () => {
    const session = await signIn('gold')
    const { html, cookie } = await view('/', { cookie: `consent=measure; ${session}` })
    expect(cookie).not.toBe('')
    expect(html).not.toContain('data-sv="join-strip"')
    const { html: profiled } = await view('/', { cookie: `${PROFILE}; ${session}` })
    expect(heroOf(profiled)).not.toBe(heroOf(html))
  })
  test('withdrawal removes the cookie', async () => {
    const { cookie } = await view('/', { cookie: PROFILE })
    const { response } = await view('/', { cookie: `consent=none; ${cookie}` })
    expect(response.headers.getSetCookie()[0]).toMatch(/^sv=; .*Max-Age=0/)
  })
})

describe('a page view keeps', () => {
  test('the same variant for the same visitor', async () => {
    const first = await view('/', { cookie: PROFILE })
    for (let n = 0; n < 3; n++) {
      const again = await view('/', { cookie: `${PROFILE}; ${first.cookie}` })
      expect(heroOf(again.html)).toBe(heroOf(first.html))
    }
  })
  test('everything outside the slots as the shop sent it', async () => {
    const { html } = await view('/')
    const [head = ''] = (await shop('/')).split('<body')
    expect(html.startsWith(head)).toBe(true)
    expect(html.trimEnd().endsWith('</html>')).toBe(true)
  })
  test('personal pages out of shared caches', async () => {
    const { response } = await view('/')
    expect(response.headers.get('cache-control')).toBe('private, no-store')
    expect(response.headers.get('etag')).toBeNull()
  })
  test.each(['/go', '/nowhere', '/api/stock.json'])('the shop’s own answer to %s', async (path) => {
    const ours = await view(path)
    const theirs = await fetch(demo.origin + path, {
      headers: { 'user-agent': DESKTOP, accept: 'text/html' },
      redirect: 'manual',
    })
    expect(ours.response.status).toBe(theirs.status)
    expect(ours.response.headers.get('location')).toBe(theirs.headers.get('location'))
    if (path !== '/nowhere') expect(ours.html).toBe(await theirs.text())
  })
  test('a HEAD alike to its GET', async () => {
    const head = await fetch(`${demo.url}/`, {
      method: 'HEAD',
      headers: { 'user-agent': DESKTOP },
    })
    expect(head.status).toBe(200)
    expect(head.headers.get('cache-control')).toBe('private, no-store')
    expect(head.headers.get('content-length')).toBeNull()
  })
})

describe('what is broken costs nobody the page', () => {
  const EXPIRED =
    'eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6IngifQ.eyJzdWIiOiJhIiwiZXhwIjoxfQ.AAAA'
  test.each([
    ['a broken cookie', { cookie: `${PROFILE}; sv=local.AAAA` }, 'cookie_invalid'],
    ['a foreign cookie', { cookie: `${PROFILE}; sv=other.key.value` }, 'cookie_invalid'],
    ['a garbled JWT', { cookie: `${PROFILE}; session=x.y` }, 'jwt_malformed'],
    ['a JWT of nobody', { cookie: `${PROFILE}; session=${EXPIRED}` }, 'jwt_'],
  ])('%s', async (_, headers, reason) => {
    const { response, html, timing } = await view('/', headers)
    expect(response.status).toBe(200)
    expect(html).toContain('data-sv="hero"')
    expect(html.trimEnd()).toMatch(/<\/html>|<\/script>$/)
    expect(timing).toContain(reason)
  })
  test('crawlers and prefetches get the shop’s own bytes', async () => {
    const bot = { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1)' }
    expect((await view('/', bot)).html).toBe(await shop('/', bot))
    const ahead = { 'sec-purpose': 'prefetch;prerender' }
    expect((await view('/', ahead)).html).toBe(await shop('/', ahead))
  })
  test('a configuration with mistakes is refused with their places, and pages go on', async () => {
    const draft = Object(await demo.api.get('/sites/demo/configuration'))
    const broken = structuredClone(draft)
    broken.slots[0].selector = 'p + p'
    broken.audiences[0].condition = { 'visitor.signedIn': { $regex: '(a+)+$' } }
    await demo.api.put('/sites/demo/configuration', broken)
    const refusal = await demo.api.post('/sites/demo/publish').catch((error: unknown) => error)
    const places = refusal instanceof ApiError ? refusal.errors.map(({ pointer }) => pointer) : []
    expect(places).toContain('/slots/0/selector')
    expect(places).toContain('/audiences/0/condition/visitor.signedIn/$regex')
    expect((await view('/')).html).toContain('data-sv="hero"')
    await demo.api.put('/sites/demo/configuration', draft)
  })
  test('the off switch gives the shop’s own page back within 5 s', async () => {
    const plain = await shop('/')
    await demo.api.put('/sites/demo/off', { off: true })
    const start = performance.now()
    const isOff = await eventually(
      'the off switch',
      () => view('/'),
      ({ html }) => html === plain,
    )
    expect(isOff.response.headers.get('etag')).not.toBeNull()
    expect(performance.now() - start).toBeLessThan(10_000)
    await demo.api.put('/sites/demo/off', { off: false })
    await eventually(
      'the way back',
      () => view('/'),
      ({ html }) => html.includes('data-sv="hero"'),
    )
  })
})

test('a host that no site claims gets the default origin, untouched', async () => {
  const { hostname, port } = new URL(demo.url)
  const { request } = await import('node:http')
  const html = await new Promise<string>((resolve, reject) => {
    const ask = request(
      {
        hostname: '127.0.0.1',
        port,
        path: '/',
        headers: { host: `elsewhere.example:${port}`, 'user-agent': DESKTOP, accept: 'text/html' },
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk) => chunks.push(chunk))
        response.on('end', () => resolve(Buffer.concat(chunks).toString()))
      },
    )
    ask.on('error', reject)
    ask.end()
  })
  expect(hostname).toBe('localhost')
  expect(html).toBe(await shop('/'))
})

test('whoever asks the API without end is told to wait, and nobody else', async () => {
  const askAs = async (who: string) => {
    const headers = { authorization: `Bearer ${await ownerToken(demo.keys, who)}` }
    return () => fetch(`${demo.url}/_sv/api/v1/session`, { headers })
  }
  const [hasty, calm] = [await askAs('hasty'), await askAs('calm')]
  const statuses: number[] = []
  for (let round = 0; round < 50; round++) {
    const answers = await Promise.all(Array.from({ length: 50 }, hasty))
    statuses.push(...answers.map(({ status }) => status))
    if (statuses.at(-1) === 429) break
  }
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(1200)
  const refused = await hasty()
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '2'])
  expect(await refused.json()).toMatchObject({ code: 'slow_down' })
  expect((await calm()).status).toBe(200)
})
