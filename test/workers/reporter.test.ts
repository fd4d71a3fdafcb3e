import { runDurableObjectAlarm } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import * as z from 'zod'
import type { ReporterState } from '../../src/reporter.ts'
import { webhookSecrets } from '../../src/reports/webhook.ts'
import { configurationOf, siteOf } from './configuration.ts'
import { askApi, keys, problemOf, staffToken } from './doors.ts'
import { counts, drain } from './objects.ts'
import { originPage } from './pages.ts'

const SITE = 'told-news'
/** Time passes here by the week. */
const ages = 100 * 86_400
const token = await staffToken('owner', ages)
const URL_OF_HOOK = 'https://hooks.example.com/selvedge'

const MessageSchema = z.object({
  type: z.string(),
  data: z.looseObject({ raised: z.array(z.looseObject({ words: z.string() })).optional() }),
})

/** What the receiver got, as far as its signature is right; it answers with `answer`. */
const received: { id: string; message: z.infer<typeof MessageSchema> }[] = []
let answer = 204
const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
  const request = new Request(input, init)
  if (request.url !== URL_OF_HOOK) return originPage()
  const headers = Object.fromEntries(request.headers)
  const message = new Webhook(secret).verify(await request.text(), headers)
  received.push({ id: headers['webhook-id'] ?? '', message: MessageSchema.parse(message) })
  return new Response(null, { status: answer })
})
afterAll(() => fetched.mockRestore())
afterEach(() => {
  received.length = 0
})

async function state(): Promise<ReporterState> {
  return (await askApi(`GET /sites/${SITE}/notifications`, { token })).json()
}

const [secret = ''] = await webhookSecrets(keys.webhook, SITE)

const reporter = () => env.REPORTERS.getByName(SITE)

/** The time comes. */
async function passes(ms: number): Promise<void> {
  vi.setSystemTime(Date.now() + ms)
  await runDurableObjectAlarm(reporter())
}

const MINUTE = 60_000
const DAY = 1440 * MINUTE

beforeAll(async () => {
  const notify = { url: URL_OF_HOOK }
  const draft = configurationOf({ site: siteOf(SITE, { notify, holdout: 0 }) })
  await askApi(`PUT /sites/${SITE}/configuration`, { body: draft, token })
  expect((await askApi(`POST /sites/${SITE}/publish`, { token })).status).toBe(201)
  await haveVisitors(1)
})

/** Twenty thousand more of each variant. */
async function haveVisitors(seq: number): Promise<void> {
  const learner = env.LEARNERS.getByName(`${SITE}/hero-bandit`)
  const arms = [
    { variant: 'calm', counts: counts({ delivered: seq * 20_000, rewarded: seq * 1000 }) },
    { variant: 'loud', counts: counts({ delivered: seq * 20_000, rewarded: seq * 1600 }) },
  ]
  const totals = arms.map((arm) => ({ version: 0, segment: '', seq, ...arm }))
  await learner.report({ source: 'x', totals })
  await drain(learner)
}

describe('a site that names an address', () => {
  test('is told what has come up, signed, once', async () => {
    expect((await state()).secret).toBe(secret)
    await passes(0)
    expect(received.map(({ message: { type } }) => type)).toEqual(['insights.changed'])
    const [{ words = '' } = {}] = received[0]?.message.data.raised ?? []
    expect(words).toBe('“loud” has won in “hero-bandit”.')
    await passes(15 * MINUTE)
    expect(received).toHaveLength(1)
    expect(await state()).toMatchObject({ waiting: 0, last: { ok: true } })
  })

  test('gets the report of each week, until it is taken, under the same id', async () => {
    answer = 503
    // Nobody got the others for a week by then, which is told too.
    vi.setSystemTime(Date.now() + 6 * DAY)
    await haveVisitors(2)
    await passes(DAY + 60 * MINUTE)
    const types = () => received.map(({ message: { type } }) => type).sort()
    expect(types()).toEqual(['insights.changed', 'report.weekly'])
    expect(await state()).toMatchObject({
      waiting: 2,
      last: { ok: false, detail: 'The receiver answered 503.' },
    })
    await passes(MINUTE)
    answer = 200
    await passes(5 * MINUTE)
    expect((await state()).waiting).toBe(0)
    const weeklies = () => types().filter((type) => type === 'report.weekly').length
    const tried = weeklies()
    expect(new Set(received.map(({ id }) => id)).size).toBe(2)
    const weekly = received.find(({ message: { type } }) => type === 'report.weekly')
    expect(weekly?.message.data).toMatchObject({
      subject: expect.stringContaining('Shop: '),
      html: expect.stringContaining('“loud” is better than'),
    })
    await passes(15 * MINUTE)
    expect(weeklies()).toBe(tried)
  })

  test('has the report sent at once by an owner', async () => {
    const sent = await askApi(`POST /sites/${SITE}/notifications`, { token })
    expect(await sent.json()).toEqual({ ok: true, detail: 'The receiver answered 200.' })
    expect(received.map(({ message: { type } }) => type)).toEqual(['report.now'])
    const editor = { token: await staffToken('editor', ages) }
    const refused = await askApi(`POST /sites/${SITE}/notifications`, editor)
    expect((await problemOf(refused)).code).toBe('forbidden')
  })

  test('shows the letter to whoever reads figures', async () => {
    const marketer = { token: await staffToken('marketer', ages) }
    const letter = await askApi(`GET /sites/${SITE}/overview.html`, marketer)
    expect(letter.headers.get('content-type')).toContain('text/html')
    expect(await letter.text()).toContain('“loud” has won in “hero-bandit”.')
  })

  test('that names none any more is not looked at', async () => {
    const draft = configurationOf({ site: siteOf(SITE) })
    await askApi(`PUT /sites/${SITE}/configuration`, { body: draft, token })
    await passes(7 * DAY)
    expect(received).toEqual([])
    expect(await state()).toMatchObject({ waiting: 0, last: null })
  })
})
