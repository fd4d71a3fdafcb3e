import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { AxeBuilder } from '@axe-core/playwright'
import {
  type Browser,
  type BrowserContext,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ownerToken } from '../../src/cli/api-client.ts'
import { run } from '../../src/cli/worker.ts'
import { eventually, type Instance, startInstance } from '../flows/instance.ts'
import { AGENT, CHROMIUM } from './chromium.ts'
import { LOOKS, type Look, SCREENS } from './screens.ts'

let demo: Instance
let browser: Browser
beforeAll(async () => {
  ;[demo, browser] = await Promise.all([startInstance(), chromium.launch(CHROMIUM)])
  const month = ['--days', '14', '--visitors', '4000', '--url', demo.url]
  await run('node', ['src/cli/simulate.ts', ...month])
})
afterAll(async () => {
  await browser?.close()
  await demo?.close()
})

interface Console {
  readonly page: Page
  readonly context: BrowserContext
  readonly errors: string[]
}

/** The console with somebody signed in. */
async function openConsole({
  who = 'maria',
  width = 1280,
  colorScheme = 'light',
}: Look = {}): Promise<Console> {
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
    // None of a page's own scripts runs where its elements are picked.
    const refused = message.text().includes('/_sv/picker.js"')
    if (message.type() === 'error' && !refused) errors.push(message.text())
  })
  await page.goto(`${demo.url}/_sv/console/#token=${await ownerToken(demo.keys, who)}`)
  await page.getByRole('link', { name: 'Lavmark', exact: true }).waitFor()
  return { page, context, errors }
}

async function goTo(page: Page, path: string): Promise<void> {
  await page.goto(`${demo.url}/_sv/console/#/sites/demo/${path}`)
}

/** The name of what is edited; others on the screen have names too. */
const nameOf = (place: Page | Locator) =>
  place.getByRole('region', { name: 'Name and id' }).getByLabel('Name', { exact: true })

/** Empties a text and writes another one at once, as somebody pastes it. */
async function rewrite(place: Locator, text: string): Promise<void> {
  await place.click()
  await place.press('Control+a')
  await place.press('Delete')
  await place.page().keyboard.insertText(text)
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

interface Thing {
  readonly doc: Readonly<Record<string, unknown>>
  readonly version: number
}

/** A thing as it is kept, `audiences/gold-members`. */
async function read(path: string): Promise<Thing> {
  return askApi('GET', path)
}

/** Somebody else changes a thing of this version, or makes one. */
async function write(path: string, doc: object, version?: number): Promise<void> {
  const [header = '', value = ''] =
    version === undefined ? ['if-none-match', '*'] : ['if-match', `"${version}"`]
  await askApi('PUT', path, { body: JSON.stringify(doc), headers: { [header]: value } })
}

async function askApi(
  method: string,
  path: string,
  { body, headers }: { body?: string; headers?: Record<string, string> } = {},
): Promise<Thing> {
  const response = await fetch(`${demo.url}/_sv/api/v1/sites/demo/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${await ownerToken(demo.keys, 'jonas')}`,
      'content-type': 'application/json',
      ...headers,
    },
    ...(body !== undefined && { body }),
  })
  if (!response.ok)
    throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  const text = await response.text()
  return JSON.parse(text)
}

interface Hooks {
  readonly url: string
  readonly received: { readonly body: string; readonly headers: Record<string, string> }[]
  close(): Promise<unknown>
}

/** Somebody's own machine, which takes whatever is sent to it. */
async function listenForHooks(): Promise<Hooks> {
  const received: Hooks['received'] = []
  const server = createServer(async (request, response) => {
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    )
    received.push({ body: await text(request), headers })
    response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () => new Promise((resolve) => server.close(resolve))
  return { url: `http://127.0.0.1:${port}/hook`, received, close }
}

/** A second person looks at the draft that is to be published, and approves it. */
async function approveAs(who: string, note: string): Promise<void> {
  const { page, context } = await openConsole({ who })
  await goTo(page, 'publish')
  const review = page.getByRole('region', { name: 'Review' })
  await review.getByText(note).waitFor()
  await review.getByRole('button', { name: 'Approve' }).click()
  await review.getByText('Approved', { exact: true }).waitFor()
  await context.close()
}

describe('an editor', () => {
  test('puts a module on a page from slot to publication, and takes it back', async () => {
    const { page, context, errors } = await openConsole()

    await goTo(page, 'settings')
    await page.getByLabel('Somebody else approves what is published').check()
    await save(page)
    await saved(page)

    await goTo(page, 'slots/~new')
    await nameOf(page).fill('Below the promises')
    await page.getByRole('button', { name: 'Pick on the page…' }).click()
    const site = page.frameLocator('iframe')
    // From what is in it, outwards by a key.
    await site.locator('#promises strong').first().hover()
    await page.getByTitle('The site’s page, to pick from').focus()
    for (const _ of ['span', 'li', 'ul']) await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await page.getByText('finds this element alone').first().waitFor()
    await page.getByRole('button', { name: 'Use #promises', exact: true }).click()
    expect(await page.getByLabel('Selector').inputValue()).toBe('#promises')
    expect(await page.getByLabel('Pages').inputValue()).toBe('/')
    await page.getByLabel('What happens there').selectOption('after')
    await save(page)
    await saved(page)

    await goTo(page, 'modules/~new')
    await nameOf(page).fill('Autumn strip')
    const template = page.getByRole('textbox', { name: 'Template', exact: true })
    await rewrite(template, '<p class="strip" onclick="go()">{{title}}</p>')
    await page.getByText('The attribute “onclick” is not allowed in a module.').first().waitFor()
    await rewrite(template, '<p class="strip">{{title}}</p>')
    await page.frameLocator('iframe').getByText('Title').waitFor()
    await save(page)
    await saved(page)

    // The experience's own form makes what is missing.
    await goTo(page, 'experiences/~new')
    await nameOf(page).fill('Autumn for all')
    await page.getByLabel('Slot').selectOption('below-the-promises')
    await page.getByRole('button', { name: 'New variant…' }).click()
    const dialog = page.getByRole('dialog', { name: 'New variant' })
    await nameOf(dialog).fill('Autumn is here')
    await dialog.getByLabel('Module').selectOption('autumn-strip')
    await dialog.getByLabel('Title', { exact: true }).fill('Autumn is here & “it rains”')
    await dialog.getByRole('button', { name: 'Save variant' }).click()
    await page.getByText('Everybody gets “Autumn is here” in “Below the promises”.').waitFor()
    await page.getByRole('button', { name: 'New audience…' }).click()
    const audience = page.getByRole('dialog', { name: 'New audience' })
    await nameOf(audience).fill('First visits')
    await audience.getByRole('button', { name: 'Add test' }).click()
    await audience.getByLabel('What is tested').selectOption('visitor.returning')
    await audience.getByLabel('Value').selectOption('false')
    await audience.getByText('The visitor is here for the first time.').first().waitFor()
    await audience.getByRole('button', { name: 'Save audience' }).click()
    await page.getByText('“First visits” gets “Autumn is here” in').waitFor()
    await save(page)
    await saved(page)
    expect(await homePage()).not.toContain('Autumn is here')

    // Whoever was here before is not in the audience, and sees the page without it.
    await goTo(page, 'preview')
    const previewed = page.frameLocator('iframe')
    await previewed.getByText('Autumn is here').waitFor()
    await previewed.getByRole('region', { name: 'Preview' }).waitFor()
    await page.getByLabel('Visitor', { exact: true }).selectOption('Somebody who comes back')
    await previewed.getByText('Good to have you here again').waitFor()
    expect(await previewed.getByText('Autumn is here').count()).toBe(0)

    await goTo(page, 'publish')
    await page.getByText('Autumn for all').first().waitFor()
    await page.getByText('Everything that can be checked is right.').waitFor()
    await page.getByText('as soon as somebody else has approved it').waitFor()
    const review = page.getByRole('region', { name: 'Review' })
    await review.getByLabel('Note').fill('Is the strip right?')
    await review.getByRole('button', { name: 'Ask for a review' }).click()
    await review.getByText('You have a part in this draft').waitFor()
    await approveAs('jonas', 'Is the strip right?')

    await page.reload()
    await review.getByText('Somebody else has approved the draft').waitFor()
    await page.getByRole('region', { name: 'Go live' }).getByLabel('Note').fill('Autumn')
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
    await page.getByLabel('Title', { exact: true }).fill('Not saved yet')
    await page.getByText('Not saved', { exact: true }).waitFor()
    await page.reload()
    await page.getByText('This is your unsaved work').waitFor()
    expect(await page.getByLabel('Title', { exact: true }).inputValue()).toBe('Not saved yet')
    await page.getByRole('button', { name: 'Discard it' }).click()
    expect(await page.getByLabel('Title', { exact: true }).inputValue()).not.toBe('Not saved yet')
    await context.close()
  })

  test('cannot overwrite what somebody else saved meanwhile', async () => {
    const { page, context } = await openConsole()
    await goTo(page, 'variants/hero-mended')
    await page.getByLabel('Title', { exact: true }).fill('Mine')
    const stored = await read('variants/hero-mended')
    const theirs = { ...stored.doc, content: { ...Object(stored.doc.content), title: 'Theirs' } }
    await write('variants/hero-mended', theirs, stored.version)
    await save(page)
    await page.getByText('This variant was changed while you were editing.').waitFor()
    const row = page.getByRole('row', { name: /content › title/ })
    expect(await row.getByRole('cell').allTextContents()).toEqual(['Theirs', 'Mine'])
    expect(await read('variants/hero-mended')).toMatchObject({
      doc: { content: { title: 'Theirs' } },
    })
    await page.getByRole('button', { name: 'Go on with mine' }).click()
    await save(page)
    await saved(page)
    expect(await read('variants/hero-mended')).toMatchObject({
      doc: { content: { title: 'Mine' } },
    })
    await context.close()
  })

  test('sees who else is editing the same', async () => {
    const [mine, theirs] = [await openConsole({ who: 'maria' }), await openConsole({ who: 'jörg' })]
    await goTo(mine.page, 'variants/hero-mended')
    await mine.page.getByLabel('Title', { exact: true }).waitFor()
    await goTo(theirs.page, 'variants/hero-mended')
    await theirs.page.getByText('maria is editing this too.').waitFor()
    await mine.page.getByText('jörg is editing this too.').waitFor({ timeout: 25_000 })
    await goTo(theirs.page, 'variants/hero-nights')
    await theirs.page.getByLabel('Title', { exact: true }).waitFor()
    expect(await theirs.page.getByText('editing this too.').count()).toBe(0)
    expect([mine.errors, theirs.errors]).toEqual([[], []])
    await mine.context.close()
    await theirs.context.close()
  })

  test('keeps the work when the session ends while saving, and goes on after signing in', async () => {
    const { page, context } = await openConsole()
    await goTo(page, 'variants/hero-mended')
    await page.getByLabel('Title', { exact: true }).fill('Written for an hour')
    await context.clearCookies()
    await save(page)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.getByLabel('Sign-in link or token').fill(await ownerToken(demo.keys, 'maria'))
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('This is your unsaved work').waitFor()
    expect(await page.getByLabel('Title', { exact: true }).inputValue()).toBe('Written for an hour')
    await save(page)
    await saved(page)
    await context.close()
  })

  test('deletes, and takes that back', async () => {
    const { page, context } = await openConsole()
    await write('audiences/nobody-needs', {
      ...{ id: 'nobody-needs', name: 'Nobody needs it' },
      condition: { 'visitor.returning': true },
    })
    await goTo(page, 'audiences/nobody-needs')
    await page.getByRole('button', { name: 'Delete audience…' }).click()
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByText('“Nobody needs it” is deleted from the draft.').waitFor()
    await expect(read('audiences/nobody-needs')).rejects.toThrow('404')
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('link', { name: 'Nobody needs it' }).waitFor()
    expect(await read('audiences/nobody-needs')).toMatchObject({ doc: { name: 'Nobody needs it' } })
    await context.close()
  })

  test('is told what to mend by words on the field', async () => {
    const { page, context } = await openConsole()
    await goTo(page, 'goals/~new')
    await nameOf(page).fill('Read')
    await page.getByRole('textbox', { name: 'Id' }).fill('not an id')
    await save(page)
    const id = page.getByRole('textbox', { name: 'Id' })
    await page.getByText(/use a-z, 0-9 and inner hyphens/i).waitFor()
    expect(await id.getAttribute('aria-invalid')).toBe('true')
    await context.close()
  })

  test('has the report sent to an address, which can tell whom it is from', async () => {
    const hook = await listenForHooks()
    const { page, context, errors } = await openConsole()
    await goTo(page, 'settings')
    const news = page.getByRole('region', { name: 'News and reports' })
    await news.getByLabel('Address').fill(hook.url)
    await save(page)
    await saved(page)
    await news.getByRole('button', { name: 'Send the report now' }).click()
    await news.getByText('The receiver answered 204.').waitFor()
    const { secret } = (await askApi('GET', 'notifications')) as unknown as { secret: string }
    const types = hook.received.map(({ body, headers }) =>
      Reflect.get(Object(new Webhook(secret).verify(body, headers)), 'type'),
    )
    expect(types).toContain('report.now')
    expect(errors).toEqual([])

    await page.goto(`${demo.url}/_sv/api/v1/sites/demo/overview.html`)
    await page.getByRole('heading', { name: 'Lavmark' }).waitFor()
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id }) => id)).toEqual([])
    expect(await page.getByRole('row').count()).toBeGreaterThan(3)
    await context.close()
    await hook.close()
  })

  test('builds a rule by keyboard alone', async () => {
    const { page, context } = await openConsole()
    await goTo(page, 'audiences/~new')
    await nameOf(page).focus()
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
    expect(await read('audiences/on-phones')).toMatchObject({
      doc: { condition: { 'signals.device': 'phone' } },
    })
    await context.close()
  })
})

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
