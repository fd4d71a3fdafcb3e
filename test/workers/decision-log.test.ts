import { env } from 'cloudflare:workers'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type LoggedPage, logPage } from '../../src/db/decision-log.ts'
import { isLogged, recordPage, replay } from '../../src/decide/record.ts'
import type { Bundle } from '../../src/model/bundle.ts'
import { AllocationSchema } from '../../src/model/experience.ts'
import type { WeightsByExperience } from '../../src/model/learning.ts'
import type { PageRecord } from '../../src/model/page-record.ts'
import { NO_CAMPAIGN } from '../../src/model/signals.ts'
import { readBundle } from '../../src/site/bundle-store.ts'
import { open } from '../../src/visitor/sealed-cookie.ts'
import { throughGate } from '../subjects.ts'
import { configurationOf, siteOf } from './configuration.ts'
import { askApi, keys, problemOf, publishDraft, staffToken } from './doors.ts'
import { originPage, until, view } from './pages.ts'

const SITE = 'logged'
const DAY = 86_400_000

const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(originPage)
afterAll(() => fetched.mockRestore())

const { experiences, audiences } = configurationOf()
const LEARNING = AllocationSchema.parse({
  kind: 'bandit',
  segments: [{ by: 'returning' }, { by: 'source', values: ['mail'] }],
})
const CONFIGURATION = configurationOf({
  site: siteOf(SITE, {
    ...{ logShare: 10_000, holdout: 0.3, excluded: ['excluded'], layers: [{ id: 'top' }] },
  }),
  audiences: [
    ...audiences,
    { id: 'excluded', condition: { 'signals.campaign.name': 'leave-me' } },
    { id: 'nordic', condition: { 'signals.language': { $in: ['nb', 'sv'] } } },
  ],
  experiences: experiences.map((experience) => ({
    ...experience,
    ...(experience.id === 'hero-bandit' && {
      ...{ sticky: true, allocation: LEARNING },
      ...{ audience: 'nordic', layer: { id: 'top', from: 0, to: 7000 } },
    }),
  })),
})

const WEIGHTS: WeightsByExperience = {
  'hero-bandit': {
    ...{ version: 3, at: 1 },
    shares: { '': { calm: 6000, loud: 4000 }, 'new/mail': { calm: 1000, loud: 9000 } },
  },
  'offer-list': { version: 8, at: 1, shares: { '': { tent: 2500, boots: 7500 } } },
}

const pagesOf = async (query = ''): Promise<{ pages: LoggedPage[]; before: number | null }> =>
  (await askApi(`GET /sites/${SITE}/decisions${query}`)).json()

async function bundleOf({ bundle }: PageRecord): Promise<Bundle> {
  const read = await readBundle(bundle, env.DB, caches.default)
  if (!read.ok) throw new Error(read.error)
  return read.value
}

beforeAll(async () => {
  const published = await publishDraft(CONFIGURATION)
  if ('code' in published) throw new Error(JSON.stringify(published))
  for (const [experience, weights] of Object.entries(WEIGHTS)) {
    await env.BOARD.getByName(SITE).setWeights(experience, weights)
  }
})

/** What a page's token proves of it, by experience. */
const provenBy = (decisions: LoggedPage['decisions']) =>
  decisions.flatMap(({ experience, version, segment, picks, reason }) =>
    reason === 'holdout'
      ? [[experience, version, segment, '~holdout', 0, 1]]
      : picks.map(({ variant, propensity }, rank) => [
          ...[experience, version, segment, variant, rank, propensity],
        ]),
  )

test('what pages were decided from is logged, and replays to what visitors got', async () => {
  const seen: (readonly unknown[])[] = []
  const ids: string[] = []
  for (let n = 0; n < 40; n++) {
    const query = ['', '?utm_source=mail', '?utm_source=anna@mail.example'][n % 3]
    const first = await view(`https://${SITE}.test/${query}`)
    const again = await view(`https://${SITE}.test/products/anna-${n}`, first.cookie)
    seen.push(first.exposures, again.exposures)
    const state = await open(first.cookie.replace('__Host-sv=', ''), SITE, keys.cookie)
    ids.push(state?.id ?? 'none')
  }
  await view(`https://${SITE}.test/?utm_source=x&utm_campaign=leave-me`)
  await view(`https://${SITE}.test/`, 'consent=none')
  const { pages } = await until(pagesOf, (answer) => answer.pages.length === 82)

  for (const page of pages) {
    expect(replay(page, await bundleOf(page), WEIGHTS)).toEqual(page.decisions)
  }
  const reasons = new Set(pages.flatMap((page) => page.decisions.map(({ reason }) => reason)))
  expect(reasons).toEqual(new Set(['bandit', 'ranked', 'sticky', 'holdout', 'excluded']))
  const segments = new Set(pages.flatMap((page) => page.decisions.map(({ segment }) => segment)))
  expect(segments).toEqual(new Set(['', 'new/mail', 'new/*']))
  const proven = pages.filter(({ measured }) => measured).map((page) => provenBy(page.decisions))
  const sorted = (lists: readonly unknown[]) => lists.map((list) => JSON.stringify(list)).sort()
  expect(sorted(proven)).toEqual(sorted([...seen, []]))

  const text = JSON.stringify(pages)
  for (const id of ids) expect(text).not.toContain(id.slice(-22))
  expect(text).not.toMatch(/anna|products|leave-me|Firefox/)
}, 60_000)

describe('a record', () => {
  const campaign = NO_CAMPAIGN
  const subject = throughGate({
    signals: {
      ...{ country: 'NO', region: '', city: '', continent: 'EU', device: 'desktop' },
      ...{
        language: 'nb',
        referrer: '',
        campaign,
        hour: 1,
        weekday: 1,
        date: '2026-11-23',
        path: '/',
      },
      ...{ bot: false, prefetch: false },
    },
    visitor: { tier: 1, returning: false, visits: 1, campaign, signedIn: false, user: {} },
    profile: {},
  })
  const inputs = { subject, now: 1_796_000_000_000, measured: true }
  const seeds = Array.from({ length: 5000 }, (_, n) => `weur-1-visitor-${n}`)
  const shareOf = async (logShare: number | undefined, now = inputs.now, measured = true) => {
    const [page] = (await pagesOf()).pages
    if (!page) throw new Error('Nothing was logged.')
    const bundle = await bundleOf(page)
    const { logShare: _, ...site } = bundle.site
    const changed = { ...bundle, site: { ...site, ...(logShare !== undefined && { logShare }) } }
    return seeds.filter((seed, n) =>
      isLogged(changed, { ...inputs, measured, now: measured ? now : now + n }, seed),
    )
  }

  test('says no more of where a visitor fell than it takes', async () => {
    const [page] = (await pagesOf()).pages
    if (!page) throw new Error('Nothing was logged.')
    const bundle = await bundleOf(page)
    const records = seeds.slice(0, 300).map((seed) => recordPage(inputs, bundle, WEIGHTS, seed))
    const digits = (numbers: Readonly<Record<string, number>>) =>
      Object.values(numbers).map((number) => String(number).replace(/^0\.0*|0+$/g, '').length)
    const buckets = records.flatMap((one) => digits(one.buckets))
    const levels = records.flatMap((one) => digits(one.levels))
    for (const all of [buckets, levels]) {
      expect(all.length).toBeGreaterThan(200)
      expect(all.reduce((sum, count) => sum + count, 0) / all.length).toBeLessThan(1.5)
    }
    for (const record of records) expect(replay(record, bundle, WEIGHTS)).toEqual(record.decisions)
  })

  test('is made of one page view in a thousand, of as many as a site says, or of none', async () => {
    expect((await shareOf(undefined)).length).toBeLessThan(20)
    const some = await shareOf(1000)
    expect(Math.abs(some.length / seeds.length - 0.1)).toBeLessThan(0.02)
    expect(await shareOf(1000, inputs.now + 59_000 - (inputs.now % 60_000))).toEqual(some)
    const next = await shareOf(1000, inputs.now + 60_000)
    expect(next.filter((seed) => some.includes(seed)).length).toBeLessThan(some.length / 4)
    const nobodies = await shareOf(1000, inputs.now, false)
    expect(Math.abs(nobodies.length / seeds.length - 0.1)).toBeLessThan(0.02)
    expect([(await shareOf(0)).length, (await shareOf(10_000)).length]).toEqual([0, seeds.length])
  })
})

describe('the log', () => {
  const record = (at: number): PageRecord => ({
    ...{ at, bundle: 'b', measured: true, slots: [], audiences: {}, reads: {} },
    ...{ buckets: {}, levels: {}, kept: [], decisions: [] },
  })
  const fill = (site: string, count: number, at: number) =>
    env.DB.prepare(
      `INSERT INTO decision_log (site, seq, at, bundle, doc)
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       SELECT ?, i, ?, 'b', '{}' FROM n`,
    )
      .bind(count, site, at)
      .run()
  const rangeOf = (site: string) =>
    env.DB.prepare(
      'SELECT count(*) AS count, min(seq) AS first, max(seq) AS last FROM decision_log WHERE site = ?',
    )
      .bind(site)
      .first()

  test('holds 10,000 pages of a site, and no page for longer than 30 days', async () => {
    const now = Date.now()
    await fill('full', 10_000, now)
    await fill('other', 5, now)
    await fill('silent', 5, now - 30 * DAY - 1)
    await logPage(env.DB, 'full', record(now))
    expect(await rangeOf('full')).toEqual({ count: 10_000, first: 2, last: 10_001 })
    expect(await rangeOf('other')).toEqual({ count: 5, first: 1, last: 5 })
    expect(await rangeOf('silent')).toMatchObject({ count: 0 })
  })

  test('is read from the newest on, a hundred at a time, by who may edit', async () => {
    const known = (await pagesOf()).pages.length
    for (let n = 0; n < 110; n++) await logPage(env.DB, SITE, record(Date.now()))
    const first = await pagesOf()
    const second = await pagesOf(`?before=${first.before}`)
    expect([first.pages.length, second.pages.length]).toEqual([100, known + 10])
    const order = [...first.pages, ...second.pages].map(({ seq }) => seq)
    expect(order).toEqual(order.map((_, n) => (order[0] ?? 0) - n))
    expect(await pagesOf('?before=1')).toEqual({ pages: [], before: null })

    const path = `GET /sites/${SITE}/decisions`
    const asMarketer = await askApi(path, { token: await staffToken('marketer') })
    expect((await problemOf(asMarketer)).status).toBe(403)
    expect((await problemOf(await askApi(path, { token: '' }))).status).toBe(401)
    expect((await problemOf(await askApi('GET /sites/none/decisions'))).code).toBe('not_found')
    expect((await problemOf(await askApi(`${path}?before=x`))).code).toBe('invalid')
  })

  test('that cannot be written costs no page', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    await env.DB.exec('ALTER TABLE decision_log RENAME TO gone')
    const { html } = await view(`https://${SITE}.test/`)
    await until(
      async () => warned.mock.calls.flat().join(),
      (said) => said.includes('not_recorded'),
    )
    await env.DB.exec('ALTER TABLE gone RENAME TO decision_log')
    warned.mockRestore()
    expect(html).toContain('data-sv')
  })
})
