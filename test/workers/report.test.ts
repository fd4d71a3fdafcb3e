import { env } from 'cloudflare:workers'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { foldHours } from '../../src/db/reports.ts'
import { HOLDOUT_ARM } from '../../src/model/exposure.ts'
import { type Counts, NO_COUNTS, plus, SHARES } from '../../src/model/learning.ts'
import { NewsSchema } from '../../src/model/live.ts'
import { OverviewSchema } from '../../src/model/overview.ts'
import { type Report, ReportSchema } from '../../src/model/report.ts'
import { random } from '../bench/random.ts'
import { configurationOf, siteOf } from './configuration.ts'
import { ask, askApi, problemOf, staffToken } from './doors.ts'
import { counts, drain } from './objects.ts'
import { originPage } from './pages.ts'

const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(originPage)
afterAll(() => fetched.mockRestore())

const SITE = 'told-true'
const RATES: Readonly<Record<string, number>> = { calm: 0.05, loud: 0.08, [HOLDOUT_ARM]: 0.04 }

beforeAll(async () => {
  const draft = configurationOf({ site: siteOf(SITE, { holdout: 0.1 }) })
  const [hero, ...rest] = draft.experiences
  const experiences = hero
    ? [hero, { ...hero, id: 'untouched', name: '=1+1', variants: hero.variants }, ...rest]
    : rest
  await askApi(`PUT /sites/${SITE}/configuration`, { body: { ...draft, experiences } })
  expect((await askApi(`POST /sites/${SITE}/publish`)).status).toBe(201)
})

const learner = () => env.LEARNERS.getByName(`${SITE}/hero-bandit`)

/** Visitors who get what the board's weights say, told as a shard tells it: round after round. */
async function send(rounds: number, perRound: number): Promise<void> {
  const { uniform } = random(7)
  const board = env.BOARD.getByName(SITE)
  for (let round = 0; round < rounds; round++) {
    const weights = (await board.read(undefined))?.weights['hero-bandit']
    const [version, shares] = [weights?.version ?? 0, weights?.shares[''] ?? {}]
    const sums: Record<string, Counts> = {}
    for (let visitor = 0; visitor < perRound; visitor++) {
      const isLeft = uniform() < 0.1
      const calm = uniform() * SHARES < (shares.calm ?? SHARES / 2)
      const arm = isLeft ? HOLDOUT_ARM : calm ? 'calm' : 'loud'
      const isRewarded = uniform() < (RATES[arm] ?? 0)
      const worth = isRewarded ? { rewarded: 1, value: 20, value2: 400 } : {}
      sums[arm] = plus(sums[arm] ?? NO_COUNTS, { delivered: 1, ...worth })
    }
    const totals = Object.entries(sums).map(([variant, told]) => ({
      version: variant === HOLDOUT_ARM ? 0 : version,
      ...{ segment: '', variant, seq: 1, counts: told },
    }))
    await learner().report({ source: `${SITE}:weur:${round}`, totals })
    await learner().learnNow()
  }
  await drain(learner())
}

async function read(path = 'hero-bandit/report', query = ''): Promise<Report> {
  const answer = await askApi(`GET /sites/${SITE}/experiences/${path}${query}`)
  expect(answer.status).toBe(200)
  return ReportSchema.parse(await answer.json())
}

describe('a report', () => {
  let report: Report
  beforeAll(async () => {
    await send(12, 3000)
    report = await read()
  })
  const armOf = (arm: string) => report.arms.find((one) => one.arm === arm)

  test('compares arms among visitors who could have got either, and holds the truth', () => {
    const lift = armOf('loud')?.lift
    expect(report.control).toBe('calm')
    expect(armOf('calm')?.lift).toBeNull()
    expect(lift?.visitors).toBeGreaterThan(30_000)
    for (const range of [lift?.difference.once, lift?.difference.always]) {
      expect(range?.[0]).toBeLessThan(0.03)
      expect(range?.[1]).toBeGreaterThan(0.03)
    }
    expect(lift?.relative?.always?.[0]).toBeLessThan(0.6)
    expect(lift?.relative?.always?.[1]).toBeGreaterThan(0.6)
    expect([lift?.clear, lift?.more]).toEqual(['above', 0])
    expect(report.verdict).toEqual({ kind: 'better', arm: 'loud' })
  })

  test('counts everybody once, in arms and in days', () => {
    const shown = report.arms.map(({ counts: { delivered } }) => delivered)
    expect(shown.reduce((sum, count) => sum + count, 0)).toBe(36_000)
    const daily = report.days.reduce((sum, { counts: { delivered } }) => sum + delivered, 0)
    expect(daily).toBe(36_000)
    expect(report.zone).toBe('Europe/Rome')
  })

  test('tells what personalising is worth, and what learning saved', () => {
    const pick = report.arms.filter(({ arm }) => arm !== HOLDOUT_ARM)
    const rewards = pick.reduce((sum, arm) => sum + arm.counts.rewarded, 0)
    const shown = pick.reduce((sum, arm) => sum + arm.counts.delivered, 0)
    expect(report.worth?.difference.once?.[0]).toBeLessThan(rewards / shown - 0.04)
    expect(report.worth?.difference.once?.[1]).toBeGreaterThan(rewards / shown - 0.04)
    expect(report.worth?.clear).toBe('above')
    expect(armOf('loud')?.worth?.clear).toBe('above')
    // An even split would have had 6.5 % of them.
    const saved = shown * (rewards / shown - 0.065)
    expect(report.saved?.once?.[0]).toBeLessThan(saved)
    expect(report.saved?.once?.[1]).toBeGreaterThan(saved)
  })

  test('tells worths too, and takes another arm to compare with', async () => {
    const worth = await read('hero-bandit/report', '?measure=value&control=loud')
    const lift = worth.arms.find(({ arm }) => arm === 'calm')?.lift
    expect([worth.measure, worth.control]).toEqual(['value', 'loud'])
    expect(lift?.difference.estimate).toBeCloseTo(
      -20 * (armOf('loud')?.lift?.difference.estimate ?? 0),
      6,
    )
    expect(worth.verdict).toEqual({ kind: 'control', arm: 'loud' })
  })

  test('of what nobody was shown says so, and names are no formulas', async () => {
    const none = await read('untouched/report')
    expect(none.verdict).toEqual({ kind: 'nothing' })
    expect([none.worth, none.saved, none.days]).toEqual([null, null, []])
    expect(none.arms.map(({ rate, lift }) => [rate, lift])).toEqual([
      [null, null],
      [null, null],
    ])
    const csv = await askApi(`GET /sites/${SITE}/experiences/untouched/report.csv`)
    expect((await csv.text()).split('\r\n')).toHaveLength(4)
  })

  test.each(['arms', 'days', 'history'])('has %s as a table', async (table) => {
    const path = `/sites/${SITE}/experiences/hero-bandit/report.csv?table=${table}`
    const answer = await askApi(`GET ${path}`)
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    const [head = '', ...rows] = (await answer.text()).trimEnd().split('\r\n')
    for (const row of rows) expect(row.split(',')).toHaveLength(head.split(',').length)
    expect(rows.length).toBeGreaterThan(0)
  })

  test.each([
    ['?zone=Nowhere/Land', '/zone'],
    ['?days=0', '/days'],
    ['?days=many', '/days'],
    ['?measure=fame', '/measure'],
  ])('refuses %s', async (query, pointer) => {
    const path = `/sites/${SITE}/experiences/hero-bandit/report${query}`
    const refusal = await problemOf(await askApi(`GET ${path}`))
    expect([refusal.status, refusal.errors?.[0]?.pointer]).toEqual([422, pointer])
  })

  test.each(['nowhere/experiences/hero-bandit', `${SITE}/experiences/gone`])(
    'of %s is not there',
    async (path) => {
      expect((await askApi(`GET /sites/${path}/report`)).status).toBe(404)
    },
  )

  test('goes on after its experience is gone from the draft, once it is back', async () => {
    const configuration = `/sites/${SITE}/configuration`
    const draft = Object(await (await askApi(`GET ${configuration}`)).json())
    const without = { ...draft, experiences: draft.experiences.slice(1) }
    await askApi(`PUT ${configuration}`, { body: without })
    expect((await askApi(`GET /sites/${SITE}/experiences/hero-bandit/report`)).status).toBe(404)
    await askApi(`PUT ${configuration}`, { body: draft })
    expect((await read()).arms).toEqual(report.arms)
  })
})

test('an overview has each experience in a line, and what needs somebody', async () => {
  const answer = await askApi(`GET /sites/${SITE}/overview`)
  const { experiences, insights } = OverviewSchema.parse(await answer.json())
  const [hero, none] = experiences
  expect([hero?.id, hero?.verdict.kind, hero?.lift?.clear]).toEqual([
    'hero-bandit',
    'better',
    'above',
  ])
  expect([hero?.shown, hero?.lately]).toEqual([hero?.lately, hero?.shown])
  expect([none?.name, none?.verdict.kind]).toEqual(['=1+1', 'nothing'])
  expect(insights).toContainEqual({ kind: 'winner', experience: 'hero-bandit', arm: 'loud' })
})

test('a guardrail that is broken is told, in the report and in the overview', async () => {
  const { experiences, ...draft } = Object(
    await (await askApi(`GET /sites/${SITE}/configuration`)).json(),
  )
  const [hero, ...rest] = experiences
  const watched = [{ goal: 'thanks', harm: 'less' }, { goal: 'click' }]
  const body = { ...draft, experiences: [{ ...hero, watched }, ...rest] }
  expect((await askApi(`PUT /sites/${SITE}/configuration`, { body })).status).toBe(204)
  const book = env.LEARNERS.getByName(`${SITE}/hero-bandit~thanks`)
  const totals = [
    { variant: 'calm', counts: counts({ delivered: 20_000, rewarded: 2000 }) },
    { variant: 'loud', counts: counts({ delivered: 20_000, rewarded: 1500 }) },
  ].map((arm) => ({ version: 0, segment: '', seq: 1, ...arm }))
  await book.report({ source: 'x', totals })
  await drain(book)
  const [thanks, click] = (await read()).watched
  expect([thanks?.goal, thanks?.harmed, thanks?.arms[1]?.rate]).toEqual(['thanks', ['loud'], 0.075])
  expect([click?.harmed, click?.arms.map(({ shown }) => shown)]).toEqual([[], [0, 0]])
  const overview = OverviewSchema.parse(await (await askApi(`GET /sites/${SITE}/overview`)).json())
  expect(overview.insights).toContainEqual({
    ...{ kind: 'guardrail', experience: 'hero-bandit', arm: 'loud', goal: 'thanks' },
  })
})

describe('a fixed split', () => {
  const site = 'ramped'
  const book = () => env.LEARNERS.getByName(`${site}/hero-bandit`)
  let told = 0

  /** Publishes these weights, and has that many visitors, who are rewarded at these rates. */
  async function phase(weights: readonly number[], visitors: readonly number[], rates: number[]) {
    const draft = configurationOf({ site: siteOf(site, { holdout: 0 }) })
    const [hero, ...rest] = draft.experiences
    if (!hero) throw new Error('There is no experience.')
    const variants = hero.variants.map((one, place) => ({ ...one, weight: weights[place] ?? 0 }))
    const experiences = [{ ...hero, variants, allocation: { kind: 'split' as const } }, ...rest]
    await askApi(`PUT /sites/${site}/configuration`, { body: { ...draft, experiences } })
    expect((await askApi(`POST /sites/${site}/publish`)).status).toBe(201)
    await drain(book())
    const now = (await env.BOARD.getByName(site).read(undefined))?.weights['hero-bandit']
    const totals = hero.variants.map(({ variant }, place) => {
      const delivered = visitors[place] ?? 0
      const counted = counts({ delivered, rewarded: delivered * (rates[place] ?? 0) })
      return { version: now?.version ?? 0, segment: '', variant, seq: 1, counts: counted }
    })
    await book().report({ source: `phase ${++told}`, totals })
    await drain(book())
    return now
  }

  const reported = async () =>
    ReportSchema.parse(
      await (await askApi(`GET /sites/${site}/experiences/hero-bandit/report`)).json(),
    )

  test('that was opened up in a better time is compared within each time', async () => {
    // Both variants do the same; only the time is another.
    const first = await phase([9, 1], [9000, 1000], [0.02, 0.02])
    const second = await phase([1, 1], [5000, 5000], [0.1, 0.1])
    expect([first?.version, first?.shares['']]).toEqual([1, { calm: 9000, loud: 1000 }])
    expect([second?.version, second?.shares['']]).toEqual([2, { calm: 5000, loud: 5000 }])
    const { arms, history, caveats } = await reported()
    const [calm, loud] = arms
    // Plainly compared, “loud” would be ahead by far.
    expect((loud?.rate ?? 0) / (calm?.rate ?? 1)).toBeGreaterThan(1.7)
    expect(loud?.lift?.difference.estimate).toBeCloseTo(0, 6)
    expect(loud?.lift?.clear).toBeNull()
    expect(loud?.best).toBeCloseTo(0.5, 1)
    expect(caveats).toContain('reshared')
    expect(history.map(({ version }) => version)).toEqual([1, 2])
  })

  test('that is not shown as published is told', async () => {
    expect((await reported()).caveats).not.toContain('sample_ratio')
    await phase([1, 1], [9000, 4000], [0.1, 0.1])
    vi.setSystemTime(Date.now() + 120_000)
    await drain(book())
    vi.useRealTimers()
    const { caveats, audit } = await reported()
    expect(audit?.sampleRatio).toMatchObject({ alarm: true })
    expect(caveats).toContain('sample_ratio')
  })
})

describe('whoever listens', () => {
  const path = `/_sv/api/v1/sites/${SITE}/experiences/hero-bandit/live`
  const upgrade = async (headers: Record<string, string> = {}, to = path) => {
    const authorization = `Bearer ${await staffToken('marketer')}`
    return ask(to, { headers: { authorization, upgrade: 'websocket', ...headers } })
  }
  const told = (seq: number, delivered: number, rewarded: number) => ({
    source: 'live',
    totals: [
      { version: 0, segment: '', variant: 'calm', seq, counts: counts({ delivered, rewarded }) },
    ],
  })

  test('hears what each report adds, and nothing of one that comes again', async () => {
    const { status, webSocket } = await upgrade()
    expect(status).toBe(101)
    const heard: unknown[] = []
    webSocket?.accept()
    webSocket?.addEventListener('message', ({ data }) => {
      heard.push(NewsSchema.parse(JSON.parse(String(data))).arms)
    })
    for (const report of [told(1, 5, 1), told(1, 5, 1), told(2, 8, 1), told(3, 7, 1)]) {
      await learner().report(report)
    }
    await vi.waitFor(() =>
      expect(heard).toEqual([{ calm: { delivered: 5, rewarded: 1 } }, { calm: { delivered: 3 } }]),
    )
    webSocket?.close()
  })

  test.each([
    ['upgrade_required', { upgrade: 'h2c' }, path],
    ['cross_site', { origin: 'https://elsewhere.test' }, path],
    ['unauthenticated', { authorization: 'Bearer none' }, path],
    ['not_found', {}, path.replace('hero-bandit', 'gone')],
  ])('is refused with %s', async (code, headers, to) => {
    expect((await problemOf(await upgrade(headers, to))).code).toBe(code)
  })

  test('is one of at most 32', async () => {
    const all = await Promise.all(Array.from({ length: 33 }, () => upgrade()))
    const refused = all.filter(({ status }) => status === 429)
    expect(refused.length).toBeGreaterThan(0)
    for (const { webSocket } of all) {
      webSocket?.accept()
      webSocket?.close()
    }
  })
})

describe('a history from elsewhere', () => {
  const path = `POST /sites/${SITE}/experiences/untouched/history`
  const at = Date.now() - 48 * 3_600_000
  const hour = Math.floor(at / 3_600_000)
  const shares = { '': { calm: 3000, loud: 7000 } }
  const arms = [
    { variant: 'calm', counts: { delivered: 3000, rewarded: 150 } },
    { variant: 'loud', counts: { delivered: 7000, rewarded: 560 } },
  ]
  const history = {
    versions: [{ version: 4, at, shares }],
    totals: arms.map((arm) => ({ version: 4, ...arm })),
    hours: arms.flatMap(({ variant, counts: { delivered, rewarded } }) => [
      { hour, variant, counts: { delivered } },
      { hour: hour + 3, variant, counts: { rewarded } },
    ]),
  }
  const untouched = () => env.LEARNERS.getByName(`${SITE}/untouched`)

  test('is refused with its mistakes, and by whoever does not own the site', async () => {
    const wrong = { ...history, hours: history.hours.slice(1) }
    const refusal = await problemOf(await askApi(path, { body: wrong }))
    expect([refusal.code, refusal.errors?.[0]?.pointer]).toEqual(['invalid', '/hours'])
    const token = await staffToken('editor')
    expect((await askApi(path, { body: history, token })).status).toBe(403)
    expect((await read('untouched/report')).verdict).toEqual({ kind: 'nothing' })
  })

  test('is reported as if it had been counted here, and learned from', async () => {
    const brought = await askApi(path, { body: history })
    expect([brought.status, await brought.json()]).toEqual([201, { version: 4 }])
    await drain(untouched())
    const report = await read('untouched/report')
    expect(report.arms.map(({ counts: { delivered } }) => delivered)).toEqual([3000, 7000])
    expect(report.arms[1]?.lift?.difference.estimate).toBeCloseTo(0.03, 6)
    expect(report.version).toBeGreaterThan(4)
    expect(report.days.reduce((sum, { counts }) => sum + counts.rewarded, 0)).toBe(710)
  })

  test('comes before all else: what is counted already is not added to', async () => {
    expect((await problemOf(await askApi(path, { body: history }))).code).toBe('exists')
    const { arms: again } = await read('untouched/report')
    expect(again.map(({ counts: { delivered } }) => delivered)).toEqual([3000, 7000])
  })
})

describe('hours that are long over', () => {
  const DAY = 86_400_000
  const rows = async () => {
    const query =
      'SELECT hour, variant, delivered FROM rollup WHERE site = ? ORDER BY hour, variant'
    return (await env.DB.prepare(query).bind('old').all()).results
  }

  test('become days, once, and whole', async () => {
    const hours = [0, 1, 23, 24, 47, 48, 71, 72].flatMap((hour) =>
      ['a', 'b'].map((variant) => ({ hour: 24_000 + hour, variant })),
    )
    const values = (count: Counts) => [count.delivered, 0, 0, 0, 0, 0, 0, 0]
    const insert = env.DB.prepare(
      `INSERT INTO rollup VALUES ('old', 'hero', ?, '', ?${', ?'.repeat(8)})`,
    )
    await env.DB.batch(
      hours.map(({ hour, variant }) =>
        insert.bind(variant, hour, ...values(counts({ delivered: hour - 23_999 }))),
      ),
    )
    const fold = () =>
      foldHours(env.DB, { site: 'old', experience: 'hero', before: 1002 * DAY + 5 })
    await fold()
    const want = [
      ...['a', 'b'].map((variant) => ({ hour: 24_000, variant, delivered: 1 + 2 + 24 })),
      ...['a', 'b'].map((variant) => ({ hour: 24_024, variant, delivered: 25 + 48 })),
      ...[24_048, 24_071, 24_072].flatMap((hour) =>
        ['a', 'b'].map((variant) => ({ hour, variant, delivered: hour - 23_999 })),
      ),
    ]
    expect(await rows()).toEqual(want)
    await fold()
    expect(await rows()).toEqual(want)
  })
})
