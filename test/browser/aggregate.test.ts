import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { compileBeacon } from '../../src/cli/build.ts'
import { box, eventually, gap } from './beacon-fixture.ts'
import { CHROMIUM } from './chromium.ts'
import { RecordingSite } from './recording-site.ts'

const site = new RecordingSite()
let browser: Browser
let script: string
let page: Page

beforeAll(async () => {
  script = await compileBeacon('aggregate')
  await site.start()
  browser = await chromium.launch(CHROMIUM)
})
afterAll(async () => {
  await browser.close()
  site.stop()
})
beforeEach(async () => {
  site.reset()
  page = await browser.newPage({ viewport: { width: 1000, height: 700 } })
  return () => page.close()
})

/** Puts a page with the script in it on the site; the page's own id is `p1`. */
function serve(body: string, marks: readonly string[]): string {
  const data = JSON.stringify({ t: 't1', d: marks, p: 'p1' })
  return site.serve('/', `${body}<script data-sv='${data}'>${script}</script>`)
}

test('tells which variants were there, stayed, were seen and clicked, each once', async () => {
  const body = box('hero', 300, '<button>Go</button>') + gap(3000) + box('offer.1', 200)
  await page.goto(serve(body, ['hero', '', 'offer.1']))
  await page.click('button')
  await page.click('button')
  const above = ['0 clicked', '0 delivered', '0 seen', '0 survived', '2 delivered', '2 survived']
  await eventually(() => expect(site.steps().sort()).toEqual(above))
  await page.evaluate('scrollTo(0, 1e5)')
  await eventually(() => expect(site.steps().sort()).toContain('2 seen'))
  expect(site.steps()).toHaveLength(above.length + 1)
})

test('keeps nothing in the browser, and names only the page', async () => {
  await page.goto(serve(box('hero', 300), ['hero']))
  await eventually(() => expect(site.steps()).toContain('0 survived'))
  const kept = 'Object.keys(localStorage).length + Object.keys(sessionStorage).length'
  expect(await page.evaluate(`${kept} + document.cookie.length`)).toBe(0)
  expect(await page.context().cookies()).toEqual([])
  expect(await page.evaluate('indexedDB.databases()')).toEqual([])
  expect(await page.evaluate('typeof window.selvedge')).toBe('undefined')
  for (const { text, events } of site.batches) {
    expect(text).not.toContain('Private title')
    for (const event of events) {
      expect(event).toMatchObject({ anonymousId: 'p1', event: 'Selvedge Exposure' })
    }
  }
})

test('does nothing to a page whose site cannot be reached', async () => {
  const errors: Error[] = []
  page.on('pageerror', (error) => errors.push(error))
  site.answers = [0, 0, 0, 0]
  await page.goto(serve(box('hero', 300), ['hero', 'gone']))
  await eventually(() => expect(site.batches.length).toBeGreaterThan(1))
  expect(errors).toEqual([])
})
