import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { expect, test, vi } from 'vitest'
import { BEACON_LIMIT, beaconProblem } from '../../src/cli/build.ts'
import {
  arrived,
  beacon,
  box,
  climbed,
  eventually,
  gap,
  hide,
  holdTimers,
  inline,
  openPage,
  page,
  settled,
  shows,
  site,
  useBeacon,
  viewed,
} from './beacon-fixture.ts'
import { CHROMIUM } from './chromium.ts'
import type { Batch } from './recording-site.ts'

useBeacon()

test('fits into a page: at most 1,536 bytes gzipped, ASCII, no closing tag', () => {
  expect(BEACON_LIMIT).toBe(1536)
  expect(beaconProblem(beacon)).toBeUndefined()
  expect(beaconProblem('0</SCRIPT>')).toContain('</script')
  expect(beaconProblem('é')).toContain('ASCII')
  expect(beaconProblem(Array.from({ length: 999 }, (_, i) => i ** 5).join())).toContain('1536')
  expect(beacon).not.toMatch(/\beval\b|new Function|sourceMappingURL/)
})

test('reports each step of an exposure once, and the view, without personal data', async () => {
  const body = box('hero', 300, '<p>plain</p><button><b>Go</b></button>')
  const url = site.serve('/ladder', body + inline({ t: 't1', d: ['hero'] }))
  await page.goto(`${url}?email=ann@example.org#part`)
  await climbed('0 survived 0 seen')
  await page.click('p')
  await settled()
  expect(site.steps()).not.toContain('0 clicked')
  await page.click('b')
  await page.focus('button')
  await page.keyboard.press('Enter')
  await settled()

  expect(site.steps().sort()).toEqual(['0 clicked', '0 delivered', '0 seen', '0 survived'])
  expect(site.accepted()[0]).toMatchObject({
    type: 'page',
    properties: { path: '/ladder', category: 'news' },
  })
  expect(site.views()).toEqual(['/ladder'])
  for (const { contentType, sentAt, text, events } of site.batches) {
    expect(contentType).toMatch(/^text\/plain/)
    expect(text).not.toMatch(/ann@|Private|#part/)
    for (const { timestamp } of [...events, { timestamp: sentAt }])
      expect(new Date(timestamp).toISOString()).toBe(timestamp)
  }
  const ids = site.batches.flatMap(({ events }) => events.map(({ messageId }) => messageId))
  expect(new Set(ids).size).toBe(ids.length)
})

test('sees what is below the fold only once it is scrolled to', async () => {
  const body = box('hero', 300) + gap(3000) + box('benefits.2', 300)
  await page.goto(site.serve('/fold', body + inline({ t: 't1', d: ['hero', 'benefits.2'] })))
  await climbed('1 survived 0 seen')
  expect(site.steps()).toContain('1 delivered')
  expect(site.steps()).not.toContain('1 seen')
  await page.evaluate(() => scrollTo(0, 1e5))
  await climbed('1 seen')
})

test('sees what is higher than the view once it fills half of it', async () => {
  const body = gap(400) + box('long', 9000)
  await page.goto(site.serve('/long', body + inline({ t: 't1', d: ['long'] })))
  await climbed('0 survived')
  expect(site.steps()).not.toContain('0 seen')
  await page.evaluate(() => scrollTo(0, 60))
  await climbed('0 seen')
})

test('a look lasts one second without a break, in a page that is not hidden', async () => {
  await page.addInitScript(holdTimers, 1000)
  const body = box('hero', 300) + gap(3000)
  await page.goto(site.serve('/look', body + inline({ t: 't1', d: ['hero'] })))
  await shows('held.size', 1)
  await page.evaluate('scrollTo(0, 1e5)')
  await shows('held.size', 0)
  await page.evaluate('scrollTo(0, 0)')
  await shows('held.size', 1)
  await hide(true)
  await shows('held.size', 0)
  await hide(false)
  await shows('held.size', 1)
  await settled()
  expect(site.steps()).not.toContain('0 seen')
  await page.evaluate('for (const call of held.values()) call()')
  await climbed('0 seen')
})

test('tells what hydration removed from what it replaced by its equal', async () => {
  const hydrate = `<script>addEventListener('load', () => {
    document.querySelector('[data-sv=gone]').remove()
    const old = document.querySelector('[data-sv=same]')
    old.replaceWith(old.cloneNode(true))
  })</script>`
  const body = box('gone', 50) + box('same', 50) + hydrate
  await page.goto(site.serve('/hydrate', body + inline({ t: 't1', d: ['gone', 'same'] })))
  await climbed('1 survived 1 seen')
  await settled()
  expect(site.steps().filter((step) => step.startsWith('0'))).toEqual(['0 delivered'])
})

test('delivers a holdout, which has no element, and goes no further', async () => {
  const body = `${box('hero', 99)}<div data-sv=""><button>Go</button></div>`
  await page.goto(site.serve('/holdout', body + inline({ t: 't1', d: ['', 'hero', ''] })))
  await page.click('button')
  await climbed('1 survived 1 seen')
  await settled()
  expect(site.steps().filter((step) => !step.startsWith('1'))).toEqual([
    '0 delivered',
    '2 delivered',
  ])
})

test('a click on a goal arrives although the page goes away', async () => {
  const goal = 'data-goal="Plan Chosen" data-goal-value="49.5" data-goal-category="plans"'
  const link = `<a href="/next" ${goal}><b>Choose</b></a>`
  await page.goto(site.serve('/goal', box('hero', 99, link) + inline({ t: 't1', d: ['hero'] })))
  site.serve('/next', 'next')
  await page.click('b')
  await page.waitForURL('**/next')
  await climbed('0 clicked')
  await arrived('Plan Chosen')
  expect(site.named('Plan Chosen').map(({ properties }) => properties)).toEqual([
    { value: 49.5, category: 'plans' },
  ])
})

test('a goal on a form is its submission, and a script is no visitor', async () => {
  const form =
    '<form data-goal="Form Sent" action="/next"><input name="q"><button>Send</button></form>'
  const url = site.serve('/form', box('hero', 99, form) + inline({ t: 't1', d: ['hero'] }))
  site.serve('/next', 'next')
  await page.goto(url)
  await page.evaluate(`document.querySelector('input').click()`)
  await settled()
  expect(site.steps()).not.toContain('0 clicked')
  await page.click('input')
  await settled()
  expect(site.steps()).toContain('0 clicked')
  expect(site.named('Form Sent')).toEqual([])
  await page.click('button')
  await page.waitForURL('**/next?q=')
  await arrived('Form Sent')
  expect(site.named('Form Sent')[0]?.properties).toEqual({})
})

test('a page that moves on without loading is viewed by paths', async () => {
  await page.goto(site.serve('/app', inline({ t: 't1', d: [] })))
  await viewed(1)
  await page.evaluate(`history.pushState(0, '', '/app/two?q=secret')`)
  await viewed(2)
  await page.evaluate(`history.replaceState(0, '', '/app/two?q=other')`)
  await page.evaluate(`history.pushState(0, '', '/login'); history.replaceState(0, '', '/home')`)
  await viewed(3)
  await page.evaluate('history.back()')
  await viewed(4)
  await settled()
  expect(site.views()).toEqual(['/app', '/app/two', '/home', '/app/two'])
})

test('coming back from the back/forward cache is a view, not an exposure', async () => {
  const caching = await chromium.launch({
    ...CHROMIUM,
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
  try {
    await openPage(await caching.newContext())
    await page.goto(site.serve('/first', box('hero', 99) + inline({ t: 't1', d: ['hero'] })))
    await climbed('0 delivered 0 seen 0 survived')
    await page.evaluate('window.kept = true')
    await page.goto(site.serve('/second', inline({ t: 't2', d: [''] })))
    await viewed(2)
    await page.evaluate('history.back()').catch(() => {})
    await viewed(3)
    await shows('window.kept', true)
    await settled()
  } finally {
    await caching.close()
  }
  expect(site.views()).toEqual(['/first', '/second', '/first'])
  expect(site.steps().sort()).toEqual(['0 delivered', '0 seen', '0 survived'])
})

test('a second copy on the page doubles nothing and brings its own exposures', async () => {
  const payload = { t: 't1', d: ['hero', ''] }
  const external = `<script src="/_sv/beacon.js" data-sv='${JSON.stringify(payload)}' async></script>`
  await page.goto(
    site.serve('/twice', box('hero', 99, '<a href="#x">Go</a>') + inline(payload) + external),
  )
  await climbed('0 survived 0 seen')
  await page.click('a')
  await page.evaluate((code) => {
    document.body.insertAdjacentHTML('beforeend', '<p data-sv="more">more</p>')
    const script = document.createElement('script')
    script.dataset.sv = '{"t":"t2","d":["more"]}'
    script.textContent = code
    document.body.append(script)
  }, beacon)
  await climbed('0 survived 0 seen', 't2')
  await settled()
  expect(site.steps().sort()).toEqual([
    '0 clicked',
    '0 delivered',
    '0 seen',
    '0 survived',
    '1 delivered',
  ])
  expect(site.steps('t2').sort()).toEqual(['0 delivered', '0 seen', '0 survived'])
  expect(site.views()).toEqual(['/twice'])
})

test('works from a module, where there is no current script', async () => {
  const module = `<script type="module" src="/_sv/beacon.js" data-sv='{"t":"t1","d":["hero"]}'></script>`
  await page.goto(site.serve('/module', box('hero', 99) + module))
  await climbed('0 seen')
})

test('works under a strict policy with a nonce and trusted types', async () => {
  const policy =
    "default-src 'none'; script-src 'nonce-r4nd'; style-src 'unsafe-inline'; connect-src 'self'; " +
    "base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  const body = box('hero', 99) + inline({ t: 't1', d: ['hero'] }, 'r4nd')
  await page.goto(site.serve('/strict', body, { 'content-security-policy': policy }))
  await climbed('0 seen 0 survived')
  expect(complaints.filter((text) => text.includes('Content Security Policy'))).toEqual([])
})

test('makes the calls queued before it came, and survives the impossible ones', async () => {
  const queue = `<script>
    const loop = {}
    loop.loop = loop
    window.selvedge = [['track', 'Early', { a: 1 }], ['identify', 'ann', { plan: 'pro' }], null, ['nothing']]
    selvedge.push(['track', 'Loop', loop])
  </script>`
  await page.goto(site.serve('/queue', queue + inline({ t: 't1', d: [] })))
  await page.evaluate(`
    selvedge.push(['track', 'Late', { n: 2 }])
    selvedge.push()
    selvedge.track('Big', { n: 1n })
    selvedge.page()
  `)
  await settled()
  expect(site.named('Early')[0]?.properties).toEqual({ a: 1 })
  expect(site.named('Late')[0]?.properties).toEqual({ n: 2 })
  expect(site.accepted().find(({ type }) => type === 'identify')).toMatchObject({
    userId: 'ann',
    traits: { plan: 'pro' },
  })
  expect([...site.named('Loop'), ...site.named('Big')]).toEqual([])
  expect(site.views()).toEqual(['/queue', '/queue'])
})

test('does what it can without storage, observers or a payload it understands', async () => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, 'IntersectionObserver')
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new DOMException('denied', 'SecurityError')
      },
    })
  })
  site.answers = [503]
  await page.goto(site.serve('/bare', box('hero', 99) + inline({ t: 't1', d: ['hero'] })))
  await climbed('0 survived')
  await page.goto(site.serve('/broken', `<script data-sv="{oops">${beacon}</script>`))
  await eventually(() => expect(site.views()).toContain('/broken'))
})

test('sends nothing from a page being prerendered until it is shown', {
  timeout: 120_000,
}, async () => {
  const rules = '{"prerender":[{"urls":["/shown"],"eagerness":"immediate"}]}'
  const url = site.serve(
    '/start',
    `<script type="speculationrules">${rules}</script>
    <script>fetch('/ready').then(() => location.assign('/shown'))</script>`,
  )
  const ask = `<script>
    selvedge.track('Ahead')
    setTimeout(() => fetch('/prerendering-for-a-second'), 1000)
  </script>`
  site.serve('/shown', box('hero', 99) + inline({ t: 't1', d: ['hero'] }) + ask)
  let waiting: ServerResponse | undefined
  let early: readonly Batch[] | undefined
  let shown = 0
  site.open('/ready', (response) => {
    waiting = response
  })
  site.open('/prerendering-for-a-second', (response) => {
    early = [...site.batches]
    shown = Date.now()
    response.end()
    waiting?.end()
  })
  // Driven from inside: Chromium does not show a prerendered page while DevTools looks on.
  const profile = mkdtempSync(join(tmpdir(), 'beacon-'))
  const chrome = spawn(
    CHROMIUM.executablePath,
    [
      ...CHROMIUM.args,
      '--headless=new',
      '--remote-debugging-pipe',
      `--user-data-dir=${profile}`,
      url,
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  )
  try {
    await vi.waitFor(() => expect(site.steps()).toContain('0 seen'), 60_000)
  } finally {
    await stop(chrome)
    await eventually(() => rmSync(profile, { recursive: true, force: true }))
  }
  expect(site.purposes.get('/shown')).toContain('prerender')
  expect(early).toEqual([])
  expect(site.views()).toEqual(['/shown'])
  expect(site.named('Ahead')).toHaveLength(1)
  for (const { event, timestamp } of site.accepted())
    if (event !== 'Ahead') expect(Date.parse(timestamp)).toBeGreaterThanOrEqual(shown)
})

async function stop(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill()
  await gone
}
