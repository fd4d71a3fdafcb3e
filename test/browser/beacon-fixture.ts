import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest'
import { compileBeacon } from '../../src/cli/build.ts'
import { CHROMIUM } from './chromium.ts'
import { RecordingSite } from './recording-site.ts'

/** The site of the running test, the beacon as built from its source, and the page looked at. */
export const site = new RecordingSite()
export let beacon: string
export let page: Page
let browser: Browser
let context: BrowserContext
let pageErrors: Error[]

/** Gives each test a browser profile of its own; no test may leave an error in a page. */
export function useBeacon(): void {
  beforeAll(async () => {
    beacon = await compileBeacon()
    await site.start()
    browser = await chromium.launch(CHROMIUM)
  })
  afterAll(async () => {
    await browser.close()
    site.stop()
  })
  beforeEach(async () => {
    site.reset()
    site.open('/_sv/beacon.js', (response) =>
      response.setHeader('content-type', 'text/javascript').end(beacon),
    )
    pageErrors = []
    context = await browser.newContext({ viewport: { width: 1000, height: 700 } })
    await openPage(context)
  })
  afterEach(async () => {
    await context.close()
    expect(pageErrors).toEqual([])
  })
}

/** Opens the page that the functions below look at. */
export async function openPage(owner: BrowserContext): Promise<void> {
  page = await owner.newPage()
  page.on('pageerror', (error) => pageErrors.push(error))
}

/** The beacon in the page, with its payload. */
export function inline(payload: unknown, nonce = ''): string {
  return `<script nonce="${nonce}" data-sv='${JSON.stringify(payload)}'>${beacon}</script>`
}

/** The root element of a variant, as high as given in px. */
export function box(mark: string, height: number, content = ''): string {
  return `<div data-sv="${mark}" style="height:${height}px">${content}</div>`
}

export function gap(height: number): string {
  return `<div style="height:${height}px"></div>`
}

/** Waits until an assertion holds. */
export async function eventually(assertion: () => unknown): Promise<void> {
  await vi.waitFor(assertion, { timeout: 20_000, interval: 20 })
}

/** `climbed('1 survived 1 seen')` waits for two steps of the exposure with index 1. */
export async function climbed(steps: string, token = 't1'): Promise<void> {
  const wanted = steps.match(/\d+ \w+/g) ?? []
  await eventually(() => expect(site.steps(token)).toEqual(expect.arrayContaining(wanted)))
}

export async function viewed(count: number): Promise<void> {
  await eventually(() => expect(site.views()).toHaveLength(count))
}

export async function arrived(event: string): Promise<void> {
  await eventually(() => expect(site.named(event)).not.toEqual([]))
}

/** Waits until an expression in the page has a value. */
export async function shows(expression: string, value: unknown): Promise<void> {
  await eventually(async () => expect(await page.evaluate(expression)).toEqual(value))
}

/** Everything the page had to say until now has arrived once this event has. */
export async function settled(): Promise<void> {
  const name = `End ${site.batches.length}`
  await page.evaluate(`selvedge.track('${name}')`)
  await arrived(name)
}

/** Runs in the page: timers of one length are kept in `held` until they are called or cleared. */
export function holdTimers(length: number): void {
  const held = new Map<unknown, () => void>()
  const { setTimeout, clearTimeout } = window
  Object.assign(window, {
    held,
    setTimeout(call: (...values: unknown[]) => void, ms: number, ...values: unknown[]) {
      if (ms !== length) return setTimeout(call, ms, ...values)
      const id = {}
      held.set(id, () => call(...values))
      return id
    },
    clearTimeout: (id: number) => held.delete(id) || clearTimeout(id),
  })
}

/** Makes the page believe that its tab was hidden or shown. */
export async function hide(hidden: boolean): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value })
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
  }, hidden)
}
