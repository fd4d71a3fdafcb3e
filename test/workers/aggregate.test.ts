import { env } from 'cloudflare:workers'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { fromBase64Url } from '../../src/model/base64url.ts'
import { shardOf } from '../../src/visitor/visitor-id.ts'
import { configurationOf, siteOf } from './configuration.ts'
import { ask, publishDraft } from './doors.ts'
import { counts, totalsOf } from './objects.ts'
import { originPage, view } from './pages.ts'
import { message, receipt, stepOf } from './senders.ts'

const SITE = 'nameless'
const HOST = `https://${SITE}.test`

const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(originPage)
afterAll(() => fetched.mockRestore())

const consent = {
  ...{ default: 0 as const, aggregate: true },
  cookie: { name: 'consent', tiers: { all: 2 as const } },
}

beforeAll(async () => {
  const quiet = siteOf('silent', { consent: { ...consent, aggregate: false } })
  for (const site of [siteOf(SITE, { consent }), quiet]) {
    const published = await publishDraft(configurationOf({ site }))
    if ('code' in published) throw new Error(JSON.stringify(published))
  }
})

interface Page {
  readonly token: string
  readonly id: string
  readonly arm: string
  /** What the browser is given to keep. */
  readonly cookie: string
}

/** A page view of somebody who allows nothing. */
async function look(): Promise<Page> {
  const { html, cookie } = await view(`${HOST}/`)
  const { t: token, p: id } = JSON.parse(/data-sv='([^']+)'/.exec(html)?.[1] ?? '{}')
  const payload = new TextDecoder().decode(fromBase64Url(token.split('.')[1]))
  const [, [exposure]] = JSON.parse(payload)
  return { token, id, arm: exposure[3], cookie }
}

async function tell(page: Page, messages: readonly object[], id = page.id): Promise<unknown> {
  const batch = messages.map((message) => ({ ...message, anonymousId: id }))
  const response = await ask(`${HOST}/_sv/v1/batch`, {
    method: 'POST',
    headers: { 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ batch, sentAt: new Date() }),
  })
  expect(response.headers.get('set-cookie')).toBeNull()
  return response.json()
}

const shardOfPage = ({ id }: Page) => env.VISITORS.getByName(shardOf(SITE, id)?.name ?? '')
const totalsOfPage = async (page: Page) => totalsOf(shardOfPage(page), 'hero-bandit')

test('a page of who allows nothing is told of by its own token, and names nobody', async () => {
  const page = await look()
  expect(page.cookie).toBe('')
  const before = (await totalsOfPage(page))[`0/${page.arm}`] ?? counts({})
  const steps = ['delivered', 'seen'].map((step) => stepOf(page.token, step))
  expect(await tell(page, steps)).toEqual(receipt(2))
  expect(await tell(page, steps)).toEqual(receipt(0, {}, 2))
  const after = (await totalsOfPage(page))[`0/${page.arm}`]
  expect(after).toEqual({
    ...before,
    ...{ delivered: before.delivered + 1, seen: before.seen + 1 },
  })
})

test('every view of a page is somebody new', async () => {
  const [one, other] = [await look(), await look()]
  expect(one.id).not.toBe(other.id)
  // Who cannot be told apart is shown the same all day.
  expect(one.arm).toBe(other.arm)
})

test('nothing but steps of its own exposures is taken from such a page', async () => {
  const [page, other] = [await look(), await look()]
  const order = message({ event: 'Order Completed', properties: { revenue: 9 } })
  const identify = message({
    type: 'identify',
    userId: 'ann',
    traits: { email: 'ann@example.org' },
  })
  expect(await tell(page, [order, identify])).toEqual(receipt(0, { no_consent: 2 }))
  expect(await tell(page, [stepOf(other.token)])).toEqual(receipt(0, { token_forged: 1 }))
  expect(await tell(page, [stepOf(page.token)], 'eu-1-x')).toEqual(receipt(0, { token_forged: 1 }))
  expect(await tell(page, [stepOf(page.token)], '')).toEqual(receipt(0, { no_consent: 1 }))
})

test('is silent where the site does not want it', async () => {
  const { html, title } = await view('https://silent.test/')
  expect(title).toMatch(/Calm|Loud/)
  expect(html).not.toContain("data-sv='")
})
