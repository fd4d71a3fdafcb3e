import { expect, test } from 'vitest'
import {
  arrived,
  box,
  climbed,
  eventually,
  hide,
  holdTimers,
  inline,
  page,
  settled,
  shows,
  site,
  useBeacon,
  viewed,
} from './beacon-fixture.ts'

const HOUR = 3_600_000

useBeacon()

test('waits to fill a batch, but not when the page is hidden or clicked', async () => {
  await page.addInitScript(holdTimers, 200)
  await page.goto(site.serve('/hasty', `<p data-goal="Tap">Tap</p>${inline({ t: 't1', d: [] })}`))
  await shows('held.size', 1)
  expect(site.batches).toEqual([])
  await hide(true)
  await viewed(1)
  await page.click('p')
  await arrived('Tap')
})

test('sends what outlives the page, and sends it again as an ordinary request', async () => {
  await page.addInitScript(() => {
    const { fetch } = window
    const kept: unknown[] = []
    const spy = (url: string, init: RequestInit) => {
      kept.push(init.keepalive)
      return fetch(url, init)
    }
    Object.assign(window, { kept, fetch: spy })
  })
  site.answers = [200, 503]
  await page.goto(site.serve('/kept', inline({ t: 't1', d: [] })))
  await viewed(1)
  // A body of more than 64 KiB is refused by the browser at first.
  await page.evaluate(`selvedge.track('Long', { text: 'x'.repeat(7e4) })`)
  await shows('kept', [true, true, false, false])
  await arrived('Long')
})

test.each([503, 429, 0])('a batch answered %i is sent again as it was', async (status) => {
  site.answers = [status]
  await page.goto(site.serve('/retry', box('hero', 99) + inline({ t: 't1', d: ['hero'] })))
  await climbed('0 delivered')
  const [first, ...later] = site.batches
  expect(first?.status).toBe(status)
  expect(later.flatMap(({ events }) => events)).toEqual(
    expect.arrayContaining([...(first?.events ?? [])]),
  )
  await climbed('0 survived')
  await settled()
  await shows('localStorage.selvedge', '[]')
  expect(site.steps().filter((step) => step === '0 delivered')).toHaveLength(1)
})

test.each([429, 503])('a batch answered %i comes when the edge asked for it', async (status) => {
  site.answers = [status]
  site.retryAfter = '3'
  await page.goto(site.serve('/wait', inline({ t: 't1', d: [''] })))
  await climbed('0 delivered')
  const [first, second] = site.batches
  expect(first?.status).toBe(status)
  // By itself the beacon would have come back after 0.8 s.
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(2_900)
})

test('what one page could not send the next one does', async () => {
  site.answers = Array.from({ length: 99 }, () => 503)
  await page.goto(
    site.serve('/down', `<a data-goal="Wish" href="/up">Go</a>${inline({ t: 't1', d: [''] })}`),
  )
  await eventually(() => expect(site.batches).not.toEqual([]))
  const up = inline({ t: 't2', d: [] })
  site.open('/up', (response) => {
    site.answers = []
    response.setHeader('content-type', 'text/html').end(up)
  })
  await page.click('a')
  await viewed(2)
  await arrived('Wish')
  await climbed('0 delivered')
  const refused = site.batches
    .filter(({ status }) => status === 503)
    .flatMap(({ events }) => events)
  expect(site.accepted()).toEqual(expect.arrayContaining(refused))
})

test('a batch the edge refuses for good is dropped', async () => {
  site.answers = [400]
  await page.goto(site.serve('/bad', inline({ t: 't1', d: [''] })))
  await eventually(() => expect(site.batches).toHaveLength(1))
  await settled()
  expect(site.steps()).toEqual([])
  await shows('localStorage.selvedge', '[]')
})

test('keeps at most 50 events, of the last 24 hours', async () => {
  const event = (messageId: string, age: number) => ({
    type: 'track',
    event: 'Kept',
    messageId,
    timestamp: new Date(Date.now() - age).toISOString(),
  })
  await page.goto(site.serve('/empty', 'empty'))
  await page.evaluate(
    (kept) => localStorage.setItem('selvedge', kept),
    JSON.stringify([event('young', 23 * HOUR), event('old', 25 * HOUR)]),
  )
  await page.goto(site.serve('/kept', inline({ t: 't1', d: [] })))
  await arrived('Kept')
  await settled()
  expect(site.named('Kept').map(({ messageId }) => messageId)).toEqual(['young'])

  const before = site.batches.length
  site.answers = Array.from({ length: 99 }, () => 503)
  await page.evaluate(`for (let i = 0; i < 120; i++) selvedge.track('Many', { i })`)
  await eventually(() => expect(site.batches.length).toBeGreaterThanOrEqual(before + 5))
  await shows('JSON.parse(localStorage.selvedge).length', 50)
  for (const { events } of site.batches) expect(events.length).toBeLessThanOrEqual(50)
})

test('tells of a list of 50 offers in bodies the edge takes', async () => {
  const token = 't'.repeat(4000)
  const marks = Array.from({ length: 50 }, (_, rank) => `offers.${rank}`)
  const offers = marks.map((mark) => box(mark, 5)).join('')
  await page.goto(site.serve('/offers', offers + inline({ t: token, d: marks })))
  await eventually(() => expect(site.steps(token)).toHaveLength(150))
  expect(new Set(site.steps(token)).size).toBe(150)
  for (const { text } of site.batches) expect(text.length).toBeLessThan(64 * 1024)
})
