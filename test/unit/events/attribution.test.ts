import { describe, expect, test } from 'vitest'
import {
  attribute,
  type Credit,
  climb,
  type ExposureRecord,
  STEP_BITS,
  type Touch,
} from '../../../src/events/attribution.ts'
import type { Step } from '../../../src/model/event.ts'
import { HOLDOUT_ARM } from '../../../src/model/exposure.ts'

const WINDOW = 3_600_000

const touchOf = (step: Step, at: number, version = 1): Touch => ({
  ...{ arm: 'a', version, segment: '', step, at, window: WINDOW },
})

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
      (record, earlier) => climb(record, touchOf(earlier, 1000)).record,
      undefined,
    )
    expect(climb(known, touchOf(step, 2000)).adds).toEqual(adds)
  })

  test('under the version of its first report, whatever the page said later', () => {
    const { record } = climb(undefined, touchOf('delivered', 1000, 3))
    const later = climb(record, touchOf('seen', 2000, 4))
    expect(later.record).toMatchObject({ version: 3, firstAt: 1000, lastAt: 2000 })
  })

  test('anew when its window is over, and not a millisecond before', () => {
    const { record } = climb(undefined, touchOf('clicked', 1000, 3))
    const rewarded = { ...record, rewarded: true }
    const inside = climb(rewarded, touchOf('seen', 1000 + WINDOW, 4))
    expect(inside).toMatchObject({ adds: {}, record: { version: 3, rewarded: true } })
    const after = climb(rewarded, touchOf('seen', 1001 + WINDOW, 4))
    expect(after).toEqual({
      adds: { delivered: 1, seen: 1 },
      record: {
        ...{ arm: 'a', version: 4, segment: '', window: WINDOW, steps: 5, rewarded: false },
        ...{ firstAt: 1001 + WINDOW, lastAt: 1001 + WINDOW },
      },
    })
  })

  test('has a bit for each step', () => {
    expect(STEPS.map((step) => STEP_BITS[step])).toEqual([1, 2, 4, 8])
  })
})

const record = (arm: string, changes: Partial<ExposureRecord> = {}): ExposureRecord => ({
  ...{ arm, version: 1, segment: '', window: WINDOW, firstAt: 1000, lastAt: 1000 },
  ...{ steps: 1, rewarded: false },
  ...changes,
})

const AT = 10_000
const order: Credit = {
  ...{ id: 'order', at: AT, value: 25, window: WINDOW, after: 0 },
  ...{ attribution: 'last', rung: 'delivered' },
}
const takers = (records: readonly ExposureRecord[], credit: Credit) =>
  attribute(records, credit).map((change) => change.record.arm)

describe('a reward goes', () => {
  const old = record('old', { lastAt: 2000 })
  const recent = record('recent', { lastAt: 9000 })
  const clicked = record('clicked', { lastAt: 1500, steps: 15 })
  const alone = record(HOLDOUT_ARM, { lastAt: 9500 })

  test.each<[string, string | undefined, readonly ExposureRecord[], Partial<Credit>]>([
    ['to nobody without an exposure', undefined, [], {}],
    ['to the only one', 'old', [old], {}],
    ['to the last touch', 'recent', [old, recent], {}],
    ['to the one clicked before those merely shown', 'clicked', [recent, clicked], {}],
    [
      'to the last of those clicked',
      'later',
      [clicked, record('later', { lastAt: 1600, steps: 15 }), recent],
      {},
    ],
    ['past one that is rewarded', 'old', [old, { ...recent, rewarded: true }], {}],
    ['to nobody when all are', undefined, [{ ...recent, rewarded: true }], {}],
    ['to a touch at the window’s end', 'old', [old], { at: 2000 + WINDOW }],
    ['to nobody after it', undefined, [old], { at: 2001 + WINDOW }],
    ['only to the arm it names', 'old', [recent, old], { arm: 'old' }],
    ['to nobody when that arm has no exposure', undefined, [recent], { arm: 'x' }],
    ['to nobody before it may count', undefined, [old], { after: 9001 }],
    ['to somebody from then on', 'old', [old], { after: 9000 }],
    ['past one too new to count', 'old', [record('new', { firstAt: 5000 }), old], { after: 6000 }],
    ['past those that did not come far enough', 'clicked', [recent, clicked], { rung: 'seen' }],
    ['to nobody when none came far enough', undefined, [recent], { rung: 'survived' }],
    ['to who was left alone, who has nothing to see', HOLDOUT_ARM, [alone, old], { rung: 'seen' }],
  ])('%s', (_, arm, records, changes) => {
    const credit = { ...order, ...changes }
    expect(takers(records, credit)).toEqual(arm === undefined ? [] : [arm])
  })

  test('to all that are open, where it is for all', () => {
    const records = [old, recent, clicked, { ...record('had'), rewarded: true }]
    const all = { ...order, attribution: 'all' } as const
    expect(takers(records, all)).toEqual(['old', 'recent', 'clicked'])
    expect(takers(records, { ...all, rung: 'seen' })).toEqual(['clicked'])
    expect(takers(records, { ...all, at: 2001 + WINDOW })).toEqual(['recent'])
  })

  test('with its value, its square and its delay, and marks the exposure', () => {
    expect(attribute([old], order)).toEqual([
      {
        record: { ...old, rewarded: true },
        adds: { rewarded: 1, value: 25, value2: 625, delay: 9 },
      },
    ])
    const refund = attribute([old], { ...order, value: -2.00049, at: 900 })
    expect(refund[0]?.adds).toEqual({ rewarded: 1, value: -2, value2: 4, delay: 0 })
  })

  test('by lot among what was shown in the same moment, neither first nor last more often', () => {
    const offers = ['a', 'b', 'c', 'd'].map((arm) => record(arm))
    const taken = Array.from({ length: 4000 }, (_, n) => {
      const credit = { ...order, id: `order-${n}` }
      const [arm] = takers(offers, credit)
      expect(takers(offers.toReversed(), credit)).toEqual([arm])
      return arm
    })
    for (const { arm } of offers) {
      const share = taken.filter((one) => one === arm).length / taken.length
      // Four standard deviations of a share of a quarter.
      expect(Math.abs(share - 0.25)).toBeLessThan(4 * Math.sqrt(0.1875 / taken.length))
    }
  })
})
