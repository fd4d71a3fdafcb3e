import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Figures } from '../../src/model/figures.ts'
import { eventually, type Instance, startInstance } from '../flows/instance.ts'
import { AGENT, CHROMIUM } from './chromium.ts'

let demo: Instance
let browser: Browser
beforeAll(async () => {
  ;[demo, browser] = await Promise.all([startInstance(), chromium.launch(CHROMIUM)])
})
afterAll(async () => {
  await browser?.close()
  await demo?.close()
})

async function open(): Promise<{ page: Page; context: BrowserContext; errors: string[] }> {
  const viewport = { width: 1280, height: 900 }
  const context = await browser.newContext({ viewport, userAgent: AGENT })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  return { page, context, errors }
}

/** Answers the shop's banner as a visitor does. */
async function allowAll(page: Page): Promise<void> {
  await page.goto(demo.url)
  await page.getByRole('button', { name: /accept all/i }).click()
  await page.waitForFunction(() => document.cookie.includes('consent=profile'))
}

async function figuresOf(experience: string): Promise<Figures['experiences'][number]> {
  const figures = (await demo.api.get('/sites/demo/figures')) as Figures
  const found = figures.experiences.find(({ id }) => id === experience)
  if (!found) throw new Error(`There are no figures of ${experience}.`)
  return found
}

const sum = (figures: Figures['experiences'][number], counter: 'delivered' | 'seen' | 'rewarded') =>
  figures.arms.reduce((total, { counts }) => total + counts[counter], 0)

describe('a visitor in a real browser', () => {
  // First, so that nothing of the others' is still on its way.
  test('is counted once at every step, in the learner and in D1', async () => {
    const { page, context } = await open()
    const before = await figuresOf('hero-everybody')
    await allowAll(page)
    await page.goto(demo.url)
    await page.waitForSelector('[data-sv="hero"]')
    await page.waitForTimeout(3_500)
    await page.reload()
    await page.waitForTimeout(1_500)
    await page.goto(`${demo.url}/products`)
    await page.locator('main a[href^="/products/"]').first().click()
    await page.getByRole('button', { name: /put in basket/i }).click()
    const after = await eventually(
      'the basket as a reward',
      () => figuresOf('hero-everybody'),
      (figures) => sum(figures, 'rewarded') > sum(before, 'rewarded'),
    )
    // Long enough for anything that would be counted twice to arrive.
    await page.waitForTimeout(4_000)
    const later = await figuresOf('hero-everybody')
    expect(sum(later, 'delivered')).toBe(sum(before, 'delivered') + 1)
    expect(sum(later, 'seen')).toBe(sum(before, 'seen') + 1)
    expect(sum(later, 'rewarded')).toBe(sum(before, 'rewarded') + 1)
    expect(later.arms).toEqual(after.arms)
    await context.close()
  })

  test('gets the personal page in the first response, with nothing swapped by script', async () => {
    const { page, context, errors } = await open()
    await allowAll(page)
    const response = await page.goto(demo.url)
    const source = (await response?.text()) ?? ''
    const shown = await page.locator('#hero h1').textContent()
    expect(source).toContain('data-sv="hero"')
    const withoutScript = await browser.newContext({ javaScriptEnabled: false, userAgent: AGENT })
    await withoutScript.addCookies(await context.cookies())
    const plain = await withoutScript.newPage()
    await plain.goto(demo.url)
    expect(await plain.locator('#hero h1').textContent()).toBe(shown)
    expect(errors).toEqual([])
    await withoutScript.close()
    await context.close()
  })

  test('is recognised after signing in, and unknown again after signing out', async () => {
    const { page, context } = await open()
    await allowAll(page)
    const before = await page.locator('#hero h1').textContent()
    await page.goto(`${demo.url}/sign-in`)
    await page.getByRole('button', { name: /gold/i }).first().click()
    await page.goto(demo.url)
    expect(await page.locator('#join-strip').count()).toBe(0)
    expect(await page.locator('#hero h1').textContent()).not.toBe(before)
    await page.goto(`${demo.url}/sign-out`)
    await page.goto(demo.url)
    expect(await page.locator('#join-strip').count()).toBe(1)
    await context.close()
  })
})

describe('the demo site', () => {
  test.each(['/', '/products', '/benefits', '/sign-in'])('%s has no axe findings', async (path) => {
    const { page, context } = await open()
    await page.goto(demo.url + path)
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([])
    await context.close()
  })
})

describe('the console', () => {
  test('signs in by the link, shows figures and leaves no token in the address', async () => {
    const { page, context, errors } = await open()
    const { ownerToken } = await import('../../src/cli/api-client.ts')
    await page.goto(`${demo.url}/_sv/console/#token=${await ownerToken(demo.keys, 'test')}`)
    await page.getByText('Lavmark').first().click()
    await page.getByRole('heading', { name: 'What to know' }).waitFor()
    expect(page.url()).not.toContain('token=')
    await page.getByRole('link', { name: 'Hero: everybody else' }).click()
    await page.getByRole('heading', { name: 'Comparisons' }).waitFor()
    await page.getByRole('img', { name: /rate and 95% interval/ }).waitFor()
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id }) => id)).toEqual([])
    expect(errors).toEqual([])
    await context.close()
  })

  test('tells of a visit while somebody watches', async () => {
    const { page, context, errors } = await open()
    const { ownerToken } = await import('../../src/cli/api-client.ts')
    await page.goto(`${demo.url}/_sv/console/#token=${await ownerToken(demo.keys, 'test')}`)
    await page.getByText('Lavmark').first().waitFor()
    await page.goto(`${demo.url}/_sv/console/#/sites/demo/figures/hero-everybody`)
    const live = page.getByRole('region', { name: 'Live', exact: true })
    await live.getByRole('button', { name: 'Watch live' }).click()
    await live.getByText('Listening.').waitFor()
    await live.getByText('Nothing has come in yet.').waitFor()

    const visitor = await open()
    await allowAll(visitor.page)
    await visitor.page.goto(demo.url)
    await visitor.page.waitForSelector('[data-sv="hero"]')
    await live
      .getByRole('row', { name: / [1-9] [0-9] [0-9] [0-9]$/ })
      .first()
      .waitFor({ timeout: 20_000 })
    await live.locator('svg rect[fill^="var(--arm"]').first().waitFor()
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id }) => id)).toEqual([])
    await live.getByRole('button', { name: 'Watch live' }).click()
    await live.getByText('What is counted, as it is counted.').waitFor()
    expect([errors, visitor.errors]).toEqual([[], []])
    await visitor.context.close()
    await context.close()
  })
})
