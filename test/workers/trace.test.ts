import { env } from 'cloudflare:workers'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { replay } from '../../src/decide/record.ts'
import { readBundle } from '../../src/site/bundle-store.ts'
import { signLink } from '../../src/staff/link.ts'
import { Browser, jwt } from './browser.ts'
import { configurationOf, siteOf } from './configuration.ts'
import { ask, askApi, keys, problemOf, publishDraft, staffToken } from './doors.ts'
import { originPage } from './pages.ts'

const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(originPage)
afterAll(() => fetched.mockRestore())

const consent = {
  ...{ default: 2 as const },
  cookie: { name: 'consent', tiers: { none: 0 as const, some: 1 as const } },
}

beforeAll(async () => {
  const draft = configurationOf({
    site: siteOf('traced', { consent, jwt }),
    attributes: [{ id: 'selfExcluded', type: 'flag' }],
    policies: [
      { id: 'excluded', kind: 'self-exclusion', attribute: 'selfExcluded', products: ['bets'] },
    ],
  })
  const [hero, ...others] = draft.experiences
  const variants = draft.variants.map((one) =>
    one.id === 'loud' ? { ...one, product: 'bets' } : one,
  )
  const experiences = [{ ...hero, cap: { people: 3 } }, ...others] as typeof draft.experiences
  const published = await publishDraft({ ...draft, variants, experiences })
  if ('code' in published) throw new Error(JSON.stringify(published))
})

const newLink = async () => {
  const answer = await askApi('POST /sites/traced/traces', { body: { minutes: 5 } })
  expect(answer.status).toBe(201)
  return answer.json<{ url: string; expiresAt: number }>()
}

const UA = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const read = async (url: string, cookie = '', headers: Record<string, string> = {}) =>
  ask(url, { headers: { 'user-agent': UA, cookie, ...headers } })

test('tells a browser how its page is decided, by whom, from what, and takes nothing', async () => {
  const { url, expiresAt } = await newLink()
  expect(new URL(url).host).toBe('traced.test')
  expect(expiresAt - Date.now()).toBeLessThanOrEqual(300_000)
  const response = await read(url)
  expect([response.headers.get('set-cookie'), response.headers.get('cache-control')]).toEqual([
    null,
    'no-store',
  ])
  const told = await response.json<
    Record<string, unknown> & { decisions: object[]; record: never }
  >()
  expect(told).toMatchObject({
    ...{ site: 'traced', path: '/', tier: 2, reader: 'person', off: false },
    mayRead: [
      'signals',
      'visitor.returning',
      'visitor.visits',
      'visitor.campaign',
      'visitor.signedIn',
      'visitor.user',
      'profile',
    ],
    known: { signedIn: false, returning: false },
  })
  const hero = told.decisions.find((one) => Reflect.get(one, 'slot') === 'hero')
  expect(hero).toMatchObject({
    ...{ experience: 'hero-bandit', reason: 'bandit', picks: [{ variant: 'calm', propensity: 1 }] },
    suppressed: [{ variant: 'loud', policy: 'excluded', reason: 'anonymous' }],
    claims: [{ kind: 'place', quota: 'group/hero-bandit', most: 3 }],
  })
  const { caps } = await (await askApi('GET /sites/traced/caps')).json<{
    caps: { taken: number }[]
  }>()
  expect(caps[0]?.taken).toBe(0)
  const bundle = await readBundle(String(told.bundle), env.DB, caches.default)
  if (!bundle.ok) throw new Error(bundle.error)
  expect(replay(told.record, bundle.value, {})).toEqual(told.decisions)
})

test.each([
  ['consent=none', {}, 0, ['signals']],
  ['', { 'sec-gpc': '1' }, 0, ['signals']],
  ['consent=some', {}, 1, ['signals', 'visitor.returning', 'visitor.visits', 'visitor.campaign']],
])('names the tier of “%s” %o, and what it may read', async (cookie, headers, tier, mayRead) => {
  const { url } = await newLink()
  const told = await (await read(url, cookie, headers)).json()
  expect(told).toMatchObject({ tier, mayRead, profile: {} })
})

test('is of the visitor whose cookie comes along', async () => {
  const browser = new Browser({ id: 'traced' })
  await browser.look()
  const { url } = await newLink()
  const told = await (await read(url, browser.cookie)).json()
  expect(told).toMatchObject({ visitor: await browser.id(), known: { returning: true } })
})

test('is nothing for readers who are no persons', async () => {
  const { url } = await newLink()
  const told = await read(url, '', {
    'user-agent': 'Googlebot/2.1 (+http://www.google.com/bot.html)',
  })
  expect(await told.json()).toMatchObject({ reader: 'no person' })
})

test('opens by a link for it only, and for its site only', async () => {
  const sign = (site: string, purpose: 'trace' | 'preview', seconds = 60) =>
    signLink({ site, purpose, by: 'ada' }, seconds, keys.link, Date.now())
  const tokens = [
    ...['', 'garbage', await staffToken('owner')],
    ...[
      await sign('shop', 'trace'),
      await sign('traced', 'preview'),
      await sign('traced', 'trace', -5),
    ],
  ]
  for (const token of tokens) {
    const response = await read(`https://traced.test/_sv/trace?token=${token}`)
    expect([response.status, (await problemOf(response)).code]).toEqual([401, 'unauthenticated'])
  }
  const good = await sign('traced', 'trace')
  for (const path of ['//evil.example/', 'https://evil.example/']) {
    const query = new URLSearchParams({ token: good, path })
    expect((await read(`https://traced.test/_sv/trace?${query}`)).status).toBeGreaterThanOrEqual(
      400,
    )
  }
  expect((await askApi('POST /sites/none/traces', { body: {} })).status).toBe(404)
  const bad = await askApi('POST /sites/traced/traces', { body: { minutes: 0 } })
  expect((await problemOf(bad)).errors).toMatchObject([{ pointer: '/minutes' }])
})
