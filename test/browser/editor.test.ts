import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ownerToken } from '../../src/cli/api-client.ts'
import { eventually, type Instance, startInstance } from '../flows/instance.ts'
import { AGENT, CHROMIUM } from './chromium.ts'
import { attachEditorsApi, type EditorsApi } from './editors-api.ts'

let demo: Instance
let browser: Browser
beforeAll(async () => {
  ;[demo, browser] = await Promise.all([startInstance(), chromium.launch(CHROMIUM)])
})
afterAll(async () => {
  await browser?.close()
  await demo?.close()
})

interface Console {
  readonly page: Page
  readonly context: BrowserContext
  readonly api: EditorsApi
  readonly errors: string[]
}

interface Look {
  readonly width?: number
  readonly colorScheme?: 'light' | 'dark'
}

/** The console with somebody signed in. */
async function openConsole({ width = 1280, colorScheme = 'light' }: Look = {}): Promise<Console> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    userAgent: AGENT,
    colorScheme,
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  const api = await attachEditorsApi(page, demo)
  await page.goto(`${demo.url}/_sv/console/#token=${await ownerToken(demo.keys, 'maria')}`)
  await page.getByRole('link', { name: 'Lavmark', exact: true }).waitFor()
  return { page, context, api, errors }
}

async function goTo(page: Page, path: string): Promise<void> {
  await page.goto(`${demo.url}/_sv/console/#/sites/demo/${path}`)
}

const save = (page: Page) => page.getByRole('button', { name: 'Save draft' }).click()

const saved = (page: Page) => page.getByRole('button', { name: 'Saved', exact: true }).waitFor()

/** The shop's page as somebody new gets it. */
async function homePage(): Promise<string> {
  const response = await fetch(demo.url, {
    headers: { 'user-agent': AGENT, accept: 'text/html', cookie: 'consent=profile' },
  })
  return response.text()
}

describe('an editor', () => {
  test('puts a module on a page from slot to publication, and takes it back', async () => {
    const { page, context, errors } = await openConsole()

    await goTo(page, 'slots/~new')
    await page.getByLabel('Name', { exact: true }).fill('Below the promises')
    await page.getByRole('button', { name: 'Open the page' }).click()
    await page.frameLocator('iframe').getByRole('button', { name: 'The promises' }).click()
    await page.getByText('once on this page').waitFor()
    expect(await page.getByLabel('Selector').inputValue()).toBe('#promises')
    await page.getByLabel('What happens there').selectOption('after')
    await save(page)
    await saved(page)

    await goTo(page, 'modules/~new')
    await page.getByLabel('Name', { exact: true }).fill('Autumn strip')
    const template = page.getByRole('textbox', { name: 'Template' })
    await template.fill('<p class="strip" onclick="go()">{{title}}</p>')
    await page.getByText('The attribute “onclick” is not allowed in a module.').first().waitFor()
    await template.fill('<p class="strip">{{title}}</p>')
    await page.frameLocator('iframe').getByText('Title').waitFor()
    await save(page)
    await saved(page)

    // The experience's own form makes what is missing.
    await goTo(page, 'experiences/~new')
    await page.getByLabel('Name', { exact: true }).fill('Autumn for all')
    await page.getByLabel('Slot').selectOption('below-the-promises')
    await page.getByRole('button', { name: 'New variant…' }).click()
    const dialog = page.getByRole('dialog', { name: 'New variant' })
    await dialog.getByLabel('Name', { exact: true }).fill('Autumn is here')
    await dialog.getByLabel('Module').selectOption('autumn-strip')
    await dialog.getByLabel('Title').fill('Autumn is here & “it rains”')
    await dialog.getByRole('button', { name: 'Save variant' }).click()
    await page.getByText('Everybody gets “Autumn is here” in “Below the promises”.').waitFor()
    await page.getByRole('button', { name: 'New audience…' }).click()
    const audience = page.getByRole('dialog', { name: 'New audience' })
    await audience.getByLabel('Name', { exact: true }).fill('First visits')
    await audience.getByRole('button', { name: 'Add test' }).click()
    await audience.getByLabel('What is tested').selectOption('visitor.returning')
    await audience.getByLabel('Value').selectOption('false')
    await audience.getByText('The visitor is here for the first time.').first().waitFor()
    await audience.getByRole('button', { name: 'Save audience' }).click()
    await page.getByText('“First visits” gets “Autumn is here” in').waitFor()
    await save(page)
    await saved(page)
    expect(await homePage()).not.toContain('Autumn is here')

    await goTo(page, 'publish')
    await page.getByText('experience “autumn-for-all”').waitFor()
    await page.getByText('Everything that can be checked is right.').waitFor()
    await page.getByLabel('Note').fill('Autumn')
    await page.getByRole('button', { name: 'Publish now' }).click()
    await page.getByText('Published: visitors get it within 5 seconds.').first().waitFor()
    const shown = await eventually('the module on the page', homePage, (html) =>
      html.includes('Autumn is here &amp;'),
    )
    expect(shown).toMatch(/<p data-sv="below-the-promises"[^>]* class="strip">/)

    await goTo(page, 'history')
    await page.getByRole('button', { name: /Roll back to this publication 1/ }).click()
    await page.getByRole('button', { name: 'Roll back', exact: true }).click()
    await eventually('the page as it was', homePage, (html) => !html.includes('Autumn is here'))
    expect(errors).toEqual([])
    await context.close()
  })

  test('loses nothing by a reload, and gets it back', async () => {
    const { page, context } = await openConsole()
    await goTo(page, 'variants/hero-mended')
    await page.getByLabel('Title').fill('Not saved yet')
    await page.getByText('Not saved', { exact: true }).waitFor()
    await page.reload()
    await page.getByText('This is your unsaved work').waitFor()
    expect(await page.getByLabel('Title').inputValue()).toBe('Not saved yet')
    await page.getByRole('button', { name: 'Discard it' }).click()
    expect(await page.getByLabel('Title').inputValue()).not.toBe('Not saved yet')
    await context.close()
  })

  test('cannot overwrite what somebody else saved meanwhile', async () => {
    const { page, context, api } = await openConsole()
    await goTo(page, 'variants/hero-mended')
    await page.getByLabel('Title').fill('Mine')
    const stored = api.things.get('variants/hero-mended')
    if (!stored) throw new Error('The demo has no variant hero-mended.')
    api.things.set('variants/hero-mended', {
      ...stored,
      doc: { ...stored.doc, content: { ...Object(stored.doc.content), title: 'Theirs' } },
      version: stored.version + 1,
      updatedBy: 'jonas@example.com',
    })
    await save(page)
    await page.getByText('This variant was changed while you were editing.').waitFor()
    const row = page.getByRole('row', { name: /content › title/ })
    expect(await row.getByRole('cell').allTextContents()).toEqual(['Theirs', 'Mine'])
    await page.getByRole('button', { name: 'Go on with mine' }).click()
    await save(page)
    await saved(page)
    expect(api.things.get('variants/hero-mended')).toMatchObject({
      version: stored.version + 2,
      doc: { content: { title: 'Mine' } },
    })
    await context.close()
  })

  test('keeps the work when the session ends while saving, and goes on after signing in', async () => {
    const { page, context, api } = await openConsole()
    await goTo(page, 'variants/hero-mended')
    await page.getByLabel('Title').fill('Written for an hour')
    api.failing = 401
    await save(page)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    api.failing = null
    await page.getByLabel('Sign-in link or token').fill(await ownerToken(demo.keys, 'maria'))
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('This is your unsaved work').waitFor()
    expect(await page.getByLabel('Title').inputValue()).toBe('Written for an hour')
    await save(page)
    await saved(page)
    await context.close()
  })

  test('deletes, and takes that back', async () => {
    const { page, context, api } = await openConsole()
    await goTo(page, 'audiences')
    const first = page.locator('.thing a').first()
    const name = await first.textContent()
    await first.click()
    await page.getByRole('button', { name: 'Delete audience…' }).click()
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByText(`“${name}” is deleted from the draft.`).waitFor()
    const kept = api.things.size
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('link', { name: name ?? '' }).waitFor()
    expect(api.things.size).toBe(kept + 1)
    await context.close()
  })

  test('is told what to mend by words on the field', async () => {
    const { page, context } = await openConsole()
    await goTo(page, 'goals/~new')
    await page.getByLabel('Name', { exact: true }).fill('Read')
    await page.getByLabel('Id').fill('not an id')
    await save(page)
    const id = page.getByLabel('Id')
    await page.getByText('Use a-z, 0-9 and inner hyphens.').waitFor()
    expect(await id.getAttribute('aria-invalid')).toBe('true')
    await context.close()
  })

  test('builds a rule by keyboard alone', async () => {
    const { page, context, api } = await openConsole()
    await goTo(page, 'audiences/~new')
    await page.getByLabel('Name', { exact: true }).focus()
    await page.keyboard.type('On phones')
    await page.getByRole('button', { name: 'Add test' }).focus()
    await page.keyboard.press('Enter')
    const what = page.getByLabel('What is tested')
    await expect
      .poll(() => what.evaluate((element) => element === document.activeElement))
      .toBe(true)
    await page.keyboard.type('Device')
    await page.getByLabel('Value').focus()
    await page.keyboard.type('phone')
    await page.getByText('Device is phone.').first().waitFor()
    await page.keyboard.press('Control+s')
    await saved(page)
    expect(api.things.get('audiences/on-phones')?.doc).toMatchObject({
      condition: { 'signals.device': 'phone' },
    })
    await context.close()
  })
})

/** Every screen by its address, with words that show that it is all there. */
const SCREENS: readonly (readonly [string, string])[] = [
  ['modules', 'Hero'],
  ['modules/hero', 'With sample content'],
  ['variants', 'Made to be mended'],
  ['variants/hero-mended', 'As it will look'],
  ['audiences', 'Gold members'],
  ['audiences/gold-members', 'Does this visitor match?'],
  ['experiences', 'Hero: everybody else'],
  ['experiences/hero-everybody', 'When and how often'],
  ['slots', 'Hero of the home page'],
  ['slots/hero', 'Point at it on the page'],
  ['goals', 'Something put in the basket'],
  ['policies/~new', 'What it keeps back'],
  ['attributes/~new', 'Believed for (days)'],
  ['counters/~new', 'Property to add up'],
  ['gallery', 'Abandoned basket'],
  ['preview', 'Choose a page and a visitor.'],
  ['publish', 'Everything that can be checked is right.'],
  ['history', 'The shop as it was'],
  ['settings', 'Hosts and measuring'],
  ['team', 'Add or change somebody'],
  ['log', 'Every change, by whom and when.'],
]

const LOOKS: readonly (readonly [string, Look])[] = [
  ['on a desk', {}],
  ['on a phone', { width: 360 }],
  ['in the dark', { colorScheme: 'dark' }],
]

describe('every screen', () => {
  test.each(LOOKS)(
    '%s has no axe findings and nothing that sticks out',
    async (_, look) => {
      const { page, context, errors } = await openConsole(look)
      const found: unknown[] = []
      for (const [path, words] of SCREENS) {
        await goTo(page, path)
        await page.getByText(words).first().waitFor()
        const { violations } = await new AxeBuilder({ page }).exclude('iframe').analyze()
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        found.push(...violations.map(({ id, nodes }) => [path, id, nodes.map(({ html }) => html)]))
        if (wide > 0) found.push([path, `wider by ${wide}`])
      }
      expect(found).toEqual([])
      expect(errors).toEqual([])
      await context.close()
    },
    180_000,
  )
})
