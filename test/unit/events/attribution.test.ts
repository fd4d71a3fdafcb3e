import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  attribute,
  climb,
  type ExposureRecord,
  type Reward,
  STEP_BITS,
} from '../../../src/events/attribution.ts'
import type { Step } from '../../../src/model/event.ts'
import { COUNTERS, type Counts, NO_COUNTS } from '../../../src/model/learning.ts'

const WINDOW = 3_600_000

const exposureOf = (arm: string, version = 1) => ({
  ...{ experience: 'hero', version, segment: '', arm, rank: 0, propensity: 0.5 },
})

const counts = (changes: Partial<Counts>): Counts => ({ ...NO_COUNTS, ...changes })

describe('an exposure climbs', () => {
  const STEPS: readonly Step[] = ['delivered', 'survived', 'seen', 'clicked']

  test.each([
    [[], 'delivered', { delivered: 1 }],
    [[], 'survived', { delivered: 1, survived: 1 }],
    [[], 'seen', { delivered: 1, seen: 1 }],
    [[], 'clicked', { delivered: 1, survived: 1, seen: 1, clicked: 1 }],
    [['delivered'], 'delivered', {}],
    [['delivered'], 'seen', { seen: 1 }],
    [['seen'], 'delivered', {}],
    [['seen'], 'survived', { survived: 1 }],
    [['seen'], 'clicked', { survived: 1, clicked: 1 }],
    [['clicked'], 'seen', {}],
    [['clicked'], 'survived', {}],
  ] as const)('after %j, %s adds %j', (before, step, adds) => {
    const known = before.reduce<ExposureRecord | undefined>(
      (record, earlier) => climb(record, exposureOf('a'), earlier, 1000, WINDOW).record,
      undefined,
    )
    expect(climb(known, exposureOf('a'), step, 2000, WINDOW).adds).toEqual(counts(adds))
  })

  test('under the version of its first report, whatever the page said later', () => {
    const { record } = climb(undefined, exposureOf('a', 3), 'delivered', 1000, WINDOW)
    const later = climb(record, exposureOf('a', 4), 'seen', 2000, WINDOW)
    expect(later.record).toMatchObject({ version: 3, firstAt: 1000, lastAt: 2000 })
  })

  test('anew when its window is over, and not a millisecond before', () => {
    const { record } = climb(undefined, exposureOf('a', 3), 'clicked', 1000, WINDOW)
    const rewarded = { ...record, rewarded: true }
    const inside = climb(rewarded, exposureOf('a', 4), 'seen', 1000 + WINDOW, WINDOW)
    expect(inside).toMatchObject({ adds: NO_COUNTS, record: { version: 3, rewarded: true } })
    const after = climb(rewarded, exposureOf('a', 4), 'seen', 1001 + WINDOW, WINDOW)
    expect(after).toEqual({
      adds: counts({ delivered: 1, seen: 1 }),
      record: {
        ...{ experience: 'hero', arm: 'a', version: 4, segment: '' },
        ...{ firstAt: 1001 + WINDOW, lastAt: 1001 + WINDOW, steps: 5, rewarded: false },
      },
    })
  })

  test('has a bit for each step', () => {
    expect(STEPS.map((step) => STEP_BITS[step])).toEqual([1, 2, 4, 8])
  })
})

const record = (arm: string, changes: Partial<ExposureRecord> = {}): ExposureRecord => ({
  ...{ experience: 'hero', arm, version: 1, segment: '', firstAt: 1000, lastAt: 1000 },
  ...{ steps: 1, rewarded: false },
  ...changes,
})

describe('a reward goes', () => {
  const AT = 10_000
  const order: Reward = { experience: 'hero', value: 25, window: WINDOW }
  const taker = (records: readonly ExposureRecord[], reward = order, at = AT) =>
    attribute(records, reward, at)?.record.arm

  const old = record('old', { lastAt: 2000 })
  const recent = record('recent', { lastAt: 9000 })
  const clicked = record('clicked', { lastAt: 1500, steps: 15 })

  test.each<[string, string | undefined, readonly ExposureRecord[], Reward, number]>([
    ['to nobody without an exposure', undefined, [], order, AT],
    ['to the only one', 'old', [old], order, AT],
    ['to the last touch', 'recent', [old, recent], order, AT],
    ['to the one clicked before those merely shown', 'clicked', [recent, clicked], order, AT],
    [
      'to the last of those clicked',
      'later',
      [clicked, record('later', { lastAt: 1600, steps: 15 }), recent],
      order,
      AT,
    ],
    ['past one that is rewarded', 'old', [old, { ...recent, rewarded: true }], order, AT],
    ['to nobody when all are', undefined, [{ ...recent, rewarded: true }], order, AT],
    ['to a touch at the window’s end', 'old', [old], order, 2000 + WINDOW],
    ['to nobody after it', undefined, [old], order, 2001 + WINDOW],
    ['to nobody shown later', undefined, [record('late', { firstAt: AT + 5001 })], order, AT],
    [
      'to one shown in the same moment',
      'late',
      [record('late', { firstAt: AT + 5000 })],
      order,
      AT,
    ],
    ['only to the arm it names', 'old', [recent, old], { ...order, arm: 'old' }, AT],
    ['to nobody when that arm has no exposure', undefined, [recent], { ...order, arm: 'x' }, AT],
  ])('%s', (_, arm, records, reward, at) => expect(taker(records, reward, at)).toBe(arm))

  test('with its value and its square, and marks the exposure', () => {
    expect(attribute([old], order, AT)).toEqual({
      record: { ...old, rewarded: true },
      adds: counts({ rewarded: 1, value: 25, value2: 625 }),
    })
    expect(attribute([old], { ...order, value: -3 }, AT)?.adds).toEqual(
      counts({ rewarded: 1, value: -3, value2: 9 }),
    )
  })
})

type Report = { readonly visitor: string; readonly at: number } & (
  | { readonly step: Step; readonly arm: string }
  | { readonly reward: Reward }
)

/** Books reports as a visitor shard does, in memory, and gives the totals by arm. */
function book(reports: readonly Report[], window: number): ReadonlyMap<string, Counts> {
  const records = new Map<string, ExposureRecord>()
  const totals = new Map<string, Counts>()
  const apply = (visitor: string, { record, adds }: { record: ExposureRecord; adds: Counts }) => {
    records.set(`${visitor} ${record.arm}`, record)
    const total = { ...(totals.get(record.arm) ?? NO_COUNTS) }
    for (const counter of COUNTERS) total[counter] += adds[counter]
    totals.set(record.arm, total)
  }
  for (const report of reports) {
    const { visitor, at } = report
    if ('step' in report) {
      const { arm, step } = report
      apply(visitor, climb(records.get(`${visitor} ${arm}`), exposureOf(arm), step, at, window))
    } else {
      const own = [...records].filter(([key]) => key.startsWith(`${visitor} `))
      const change = attribute(
        own.map(([, known]) => known),
        report.reward,
        at,
      )
      if (change) apply(visitor, change)
    }
  }
  return totals
}

const reports = (latest: number): fc.Arbitrary<Report[]> => {
  const report: fc.Arbitrary<Report> = fc
    .tuple(
      fc.record({ visitor: fc.constantFrom('v1', 'v2', 'v3'), at: fc.nat(latest) }),
      fc.oneof(
        fc.record({
          step: fc.constantFrom<Step>('delivered', 'survived', 'seen', 'clicked'),
          arm: fc.constantFrom('a', 'b'),
        }),
        fc.record({
          reward: fc.record({
            experience: fc.constant('hero'),
            value: fc.integer({ min: -5, max: 100 }),
            window: fc.constant(WINDOW),
            arm: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
          }),
        }),
      ),
    )
    .map(([who, what]) => ({ ...who, ...what }))
  return fc.uniqueArray(report, { selector: ({ at }) => at, maxLength: 40 })
}

/** The same reports in any order, some of them several times. */
const disordered = (latest: number) =>
  reports(latest).chain((all) =>
    fc
      .array(fc.nat(Math.max(0, all.length - 1)), { maxLength: 20 })
      .map((places) => [...all, ...places.flatMap((place) => all[place] ?? [])])
      .chain((sent) => fc.shuffledSubarray(sent, { minLength: sent.length }))
      .map((sent) => ({ all, sent })),
  )

const LADDER = ['delivered', 'survived', 'seen', 'clicked'] as const

describe('the books', () => {
  test('show the same exposures in whatever order, and however often, reports of one window come', () => {
    const property = fc.property(disordered(WINDOW), ({ all, sent }) => {
      const [orderly, chaotic] = [book(all, WINDOW), book(sent, WINDOW)]
      for (const arm of ['a', 'b']) {
        const steps = all.filter((report) => 'step' in report && report.arm === arm)
        const persons = (...proofs: Step[]) =>
          new Set(
            steps.flatMap((report) =>
              'step' in report && proofs.includes(report.step) ? [report.visitor] : [],
            ),
          ).size
        const expected = {
          delivered: persons(...LADDER),
          survived: persons('survived', 'clicked'),
          seen: persons('seen', 'clicked'),
          clicked: persons('clicked'),
        }
        expect(orderly.get(arm) ?? NO_COUNTS).toMatchObject(expected)
        expect(chaotic.get(arm) ?? NO_COUNTS).toMatchObject(expected)
      }
    })
    fc.assert(property, { seed: 5, numRuns: 300 })
  })

  test('never show more rewards than exposures, over any number of windows', () => {
    const property = fc.property(disordered(20 * WINDOW), ({ sent }) => {
      for (const total of book(sent, WINDOW).values()) {
        expect(total.rewarded).toBeLessThanOrEqual(total.delivered)
        expect(total.clicked).toBeLessThanOrEqual(Math.min(total.seen, total.survived))
        expect(Math.max(total.seen, total.survived)).toBeLessThanOrEqual(total.delivered)
      }
    })
    fc.assert(property, { seed: 6, numRuns: 300 })
  })
})
