import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { Analytics } from '@segment/analytics-node'
import { build } from 'esbuild'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type HourOfEvents, type OutcomeCounts, sumOutcomes } from '../../src/model/event-counts.ts'
import type { Figures } from '../../src/model/figures.ts'
import { AGENT, CHROMIUM } from '../browser/chromium.ts'
import { eventually, type Instance, startInstance } from './instance.ts'

let demo: Instance
let browser: Browser
let client: string
let writeKey: string

beforeAll(async () => {
  ;[demo, browser, client] = await Promise.all([
    startInstance(),
    chromium.launch(CHROMIUM),
    bundleClient(),
  ])
  writeKey = await makeWriteKey()
})
afterAll(async () => {
  await browser?.close()
  await demo?.close()
})

/** A key as the README says to make one. */
async function makeWriteKey(): Promise<string> {
  const args = ['src/cli/config.ts', 'write-key', '--site', 'demo', '--url', demo.url]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return JSON.parse(stdout).key
}

/** Segment’s own browser client, as a site’s bundler would pack it. */
async function bundleClient(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { AnalyticsBrowser } from '@segment/analytics-next'`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'segment',
    platform: 'browser',
    logLevel: 'error',
  })
  return outputFiles[0]?.text ?? ''
}

async function countsOf(): Promise<OutcomeCounts> {
  const { hours } = (await demo.api.get('/sites/demo/events/counts')) as { hours: HourOfEvents[] }
  return sumOutcomes(...hours.map(({ counts }) => counts))
}

/** Waits until the site’s counts have grown by as much, and by nothing else. */
async function grownBy(before: OutcomeCounts, growth: OutcomeCounts): Promise<void> {
  const wanted = sumOutcomes(before, growth)
  await eventually('the counts', countsOf, (now) => JSON.stringify(now) === JSON.stringify(wanted))
}

/** A client whose deliveries and failures can be looked at. */
function nodeClient(key = writeKey, settings: object = {}) {
  const analytics = new Analytics({
    ...{
      writeKey: key,
      host: demo.url,
      path: '/_sv/v1/batch',
      maxRetries: 0,
      httpRequestTimeout: 60_000,
      ...settings,
    },
  })
  const answers: { status: number; body: string }[] = []
  const errors: unknown[] = []
  analytics.on('http_response', ({ status, body }) => answers.push({ status, body: String(body) }))
  analytics.on('error', (error) => errors.push(error))
  return { analytics, answers, errors }
}

async function figuresOf(experience: string): Promise<{ rewarded: number; value: number }> {
  const figures = (await demo.api.get('/sites/demo/figures')) as Figures
  const arms = figures.experiences.find(({ id }) => id === experience)?.arms ?? []
  const sum = (counter: 'rewarded' | 'value') =>
    arms.reduce((total, { counts }) => total + counts[counter], 0)
  return { rewarded: sum('rewarded'), value: sum('value') }
}

async function openShop(): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    userAgent: AGENT,
  })
  const page = await context.newPage()
  await page.addInitScript(keepAnswers)
  await page.goto(demo.url)
  await page.getByRole('button', { name: /accept all/i }).click()
  await page.waitForFunction(() => document.cookie.includes('consent=profile'))
  await page.goto(demo.url)
  await page.waitForSelector('[data-sv="hero"]')
  return { page, context }
}

interface Heard {
  readonly path: string
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** Runs in the page: keeps the answers of our doors, which Segment’s client leaves unread. */
function keepAnswers(): void {
  const heard: unknown[] = []
  const { fetch } = window
  const listening = async (...asked: Parameters<typeof fetch>): Promise<Response> => {
    const response = await fetch(...asked)
    const { pathname: path } = new URL(response.url)
    const { status } = response
    if (/^\/_sv\/v1\/\w$/.test(path))
      heard.push({ path, status, body: await response.clone().json() })
    return response
  }
  Object.assign(window, { heard, fetch: listening })
}

/** What the single-letter doors answered the page until now. */
const heardBy = (page: Page): Promise<Heard[]> => page.evaluate('heard')

describe('analytics-node', () => {
  test('delivers all six types, and each is counted once', async () => {
    const before = await countsOf()
    const { analytics, answers, errors } = nodeClient()
    analytics.identify({ userId: 'six', traits: { plan: 'gold' } })
    analytics.track({ userId: 'six', event: 'order_placed', properties: { value: 12 } })
    analytics.page({ userId: 'six', properties: { path: '/thank-you' } })
    analytics.screen({ userId: 'six', name: 'Basket' })
    analytics.group({ userId: 'six', groupId: 'club' })
    analytics.alias({ userId: 'six', previousId: 'six-before' })
    await analytics.closeAndFlush()
    expect(answers.map(({ status }) => status)).toEqual([200])
    expect(errors).toEqual([])
    await grownBy(before, { accepted: 6 })
  })

  test('delivers five hundred events of as many people in batches', async () => {
    const before = await countsOf()
    const { analytics, answers, errors } = nodeClient(writeKey, { flushAt: 100, maxRetries: 3 })
    for (let n = 0; n < 500; n++) {
      analytics.track({ userId: `crowd-${n}`, event: 'order_placed', properties: { value: n } })
    }
    await analytics.closeAndFlush()
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(errors).toEqual([])
    await grownBy(before, { accepted: 500 })
  })

  test('sends again what it was not answered, and that counts once', async () => {
    const before = await countsOf()
    let lost = 0
    // The answer of the first attempt is lost on the way.
    const httpClient = async (url: string, init: object) => {
      const response = await fetch(url, init)
      if (lost++ === 0) throw new Error('The connection was cut.')
      return response
    }
    const { analytics, errors } = nodeClient(writeKey, { httpClient, maxRetries: 3 })
    analytics.track({ userId: 'retry', event: 'order_placed', properties: { value: 1 } })
    await analytics.closeAndFlush()
    expect([lost, errors]).toEqual([2, []])
    await grownBy(before, { accepted: 1, duplicate: 1 })
  })

  test('gives up at once with a key that is none', async () => {
    const before = await countsOf()
    const { analytics, answers, errors } = nodeClient(`svk_${'A'.repeat(43)}`, { maxRetries: 3 })
    analytics.track({ userId: 'nobody', event: 'order_placed' })
    await analytics.closeAndFlush()
    expect(answers.map(({ status }) => status)).toEqual([401])
    expect(errors).toHaveLength(1)
    await grownBy(before, { bad_write_key: 1 })
  })
})

describe('analytics-next', () => {
  test('starts with our settings and delivers each type by itself', async () => {
    const { page, context } = await openShop()
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(String(error)))
    await page.evaluate(client)
    await page.evaluate(`(async () => {
      const [analytics] = await segment.AnalyticsBrowser.load({
        writeKey: 'demo', cdnURL: location.origin + '/_sv',
      })
      await analytics.identify('ann', { plan: 'gold' })
      await analytics.track('advice_asked', { topic: 'tents' })
      await analytics.page()
      await analytics.screen('Basket')
      await analytics.group('club')
      await analytics.alias('ann', 'ann-before')
    })()`)
    const told = await eventually(
      'six answers',
      () => heardBy(page),
      ({ length }) => length >= 6,
    )
    expect(told.map(({ path }) => path.slice(-1)).sort()).toEqual(['a', 'g', 'i', 'p', 's', 't'])
    for (const { status, body } of told) {
      expect([status, body]).toEqual([
        200,
        { success: true, accepted: 1, duplicates: 0, refused: {} },
      ])
    }
    expect(errors).toEqual([])
    await context.close()
  })

  test('delivers in batches', async () => {
    const { page, context } = await openShop()
    await page.evaluate(client)
    await page.evaluate(`(async () => {
      const deliveryStrategy = { strategy: 'batching', config: { size: 3, timeout: 300 } }
      const [analytics] = await segment.AnalyticsBrowser.load(
        { writeKey: 'demo', cdnURL: location.origin + '/_sv' },
        { integrations: { 'Segment.io': { deliveryStrategy } } },
      )
      for (let n = 0; n < 7; n++) analytics.track('advice_asked', { n })
    })()`)
    const sum = (heard: readonly Heard[]) =>
      heard.reduce((all, { body }) => all + Number(body.accepted), 0)
    const heard = await eventually(
      'seven events',
      () => heardBy(page),
      (all) => sum(all) === 7,
    )
    expect(new Set(heard.map(({ path }) => path))).toEqual(new Set(['/_sv/v1/b']))
    await context.close()
  })

  test('is refused without consent, and does not come back with it', async () => {
    const context = await browser.newContext({ userAgent: AGENT })
    const page = await context.newPage()
    await page.addInitScript(keepAnswers)
    await page.goto(demo.url)
    await page.evaluate(client)
    await page.evaluate(`(async () => {
      const [analytics] = await segment.AnalyticsBrowser.load({
        writeKey: 'demo', cdnURL: location.origin + '/_sv',
      })
      await analytics.track('advice_asked')
    })()`)
    const [told] = await eventually(
      'an answer',
      () => heardBy(page),
      ({ length }) => length > 0,
    )
    expect(told?.body).toMatchObject({ success: true, accepted: 0, refused: { no_consent: 1 } })
    await page.waitForTimeout(3_000)
    expect(await heardBy(page)).toHaveLength(1)
    await context.close()
  })
})

test('a purchase that a server reports rewards what the browser was shown, once', async () => {
  const before = await figuresOf('hero-everybody')
  const { page, context } = await openShop()
  await page.evaluate(`selvedge.identify('buyer-7', { plan: 'new' })`)
  await page.waitForTimeout(3_500)
  const bought = { userId: 'buyer-7', event: 'basket_added', messageId: 'sale-7' }
  for (let time = 0; time < 3; time++) {
    const { analytics, errors } = nodeClient()
    analytics.track({ ...bought, properties: { value: 75 } })
    await analytics.closeAndFlush()
    expect(errors).toEqual([])
  }
  const grown = { rewarded: before.rewarded + 1, value: before.value + 75 }
  await eventually(
    'the reward',
    () => figuresOf('hero-everybody'),
    (now) => JSON.stringify(now) === JSON.stringify(grown),
  )
  // Long enough for anything that would be counted twice to arrive.
  await page.waitForTimeout(4_000)
  expect(await figuresOf('hero-everybody')).toEqual(grown)
  await context.close()
})
