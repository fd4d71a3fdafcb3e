import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MOST_VARIANTS, toColour, toShown } from '../../../src/console/figures/arms.ts'
import {
  REST,
  thin,
  toDayPoints,
  toLiftRows,
  toRateRows,
  toSegmentCells,
  toShareRows,
  toSoFarPoints,
  wilson,
} from '../../../src/console/figures/rows.ts'
import { HOLDOUT_ARM } from '../../../src/model/exposure.ts'
import { NO_COUNTS, SHARES } from '../../../src/model/learning.ts'
import { type ArmRow, toLift, toReport } from './reports.ts'

const ALONE: ArmRow = [HOLDOUT_ARM, 0, 400, 8]

/** Forty arms, every third with much traffic. */
const FORTY: ArmRow[] = Array.from({ length: 40 }, (_, i) => [
  `v${i}`,
  i % 3 === 0 ? 600 + i : 10,
  100,
  3,
])

describe('what is shown of many arms', () => {
  const shown = toShown(toReport([...FORTY.slice(0, 20), ALONE, ...FORTY.slice(20)]))

  test('are those with most traffic, in their own order, and the holdout last', () => {
    const ids = shown.arms.map(({ arm }) => arm)
    expect(ids).toEqual([...Array.from({ length: 12 }, (_, i) => `v${(i + 2) * 3}`), HOLDOUT_ARM])
  })

  test('each has a colour of its own', () => {
    const colours = shown.arms.map(({ arm }) => toColour(shown, arm))
    expect(new Set(colours).size).toBe(MOST_VARIANTS + 1)
    expect(colours.at(-1)).toBe('holdout')
    expect(toColour(shown, 'v1')).toBe('other')
  })

  test('few arms are all shown', () => {
    const few = toReport([
      ['a', 1, 1, 1],
      ['b', 2, 1, 1],
    ])
    expect(toShown(few).arms).toEqual(few.arms)
  })
})

describe('rates', () => {
  test('stand in the order of the arms, with their intervals', () => {
    const rows = toRateRows(toReport([['a', 1, 100, 50], ALONE]))
    expect(rows).toMatchObject([
      { arm: 'a', name: 'A', colour: '0', holdout: false, rate: 0.5, low: 0.49, high: 0.51 },
      { arm: HOLDOUT_ARM, name: 'Left alone (holdout)', colour: 'holdout', holdout: true },
    ])
  })
})

describe('shares over time', () => {
  const history = [
    { version: 0, at: 1_000, shares: { a: 5000, b: 5000 } },
    { version: 1, at: 2_000, shares: { a: 8000, b: 2000 } },
  ]
  const two = toReport([['a', 8000, 9, 1], ['b', 2000, 9, 1], ALONE], { history })

  test('hold from their publication on, the newest until now; the holdout takes no part', () => {
    expect(toShareRows(two, 5_000).map(({ at, arm, share }) => [at, arm, share])).toEqual([
      [1_000, 'a', 0.5],
      [1_000, 'b', 0.5],
      [2_000, 'a', 0.8],
      [2_000, 'b', 0.2],
      [5_000, 'a', 0.8],
      [5_000, 'b', 0.2],
    ])
  })

  test('never run backwards, whatever the clocks say', () => {
    expect(toShareRows(two, 500).at(-1)?.at).toBe(2_000)
  })

  test('without a version there are none', () => {
    expect(toShareRows(toReport([['a', 1, 1, 1]]), 5_000)).toEqual([])
  })

  test('add up to all traffic at every step, with what is not shown as the rest', () => {
    const shares = Object.fromEntries(FORTY.map(([arm]) => [arm, SHARES / 40]))
    const many = toShown(toReport(FORTY, { history: [{ version: 1, at: 1, shares }] }))
    const rows = toShareRows(many, 9).filter(({ at }) => at === 1)
    expect(rows.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12)
    expect(rows.at(-1)).toMatchObject({ arm: REST, colour: 'other', share: 0.7 })
  })
})

test('thinning keeps the first and the newest, in order, each once', () => {
  const length = fc.integer({ min: 1, max: 2_000 })
  const most = fc.integer({ min: 2, max: 300 })
  fc.assert(
    fc.property(length, most, (length, most) => {
      const history = Array.from({ length }, (_, version) => ({ version, at: version, shares: {} }))
      const versions = thin(history, most).map(({ version }) => version)
      expect(versions).toHaveLength(Math.min(length, most))
      expect(versions[0]).toBe(0)
      expect(versions.at(-1)).toBe(length - 1)
      expect(versions).toEqual([...new Set(versions)].toSorted((a, b) => a - b))
    }),
    { seed: 14, numRuns: 60 },
  )
})

describe('comparisons', () => {
  const two = toReport([
    ['a', 5000, 900, 90],
    ['b', 5000, 900, 99],
  ])
  const [a, b] = two.arms
  const withLift = (relative: number | null) => ({
    ...two,
    arms: a && b ? [a, { ...b, lift: toLift(relative) }] : [],
  })

  test('are of all arms but the control, and of everything beside being left alone', () => {
    const rows = toLiftRows({ ...withLift(0.1), worth: toLift(0.3) })
    expect(rows.map(({ key, isRelative, estimate }) => [key, isRelative, estimate])).toEqual([
      ['b', true, 0.1],
      ['~all', true, 0.3],
    ])
  })

  test('are differences as soon as one of them is no part of anything', () => {
    const rows = toLiftRows({ ...withLift(0.1), worth: toLift(null) })
    expect(rows.map(({ isRelative, estimate }) => [isRelative, estimate])).toEqual([
      [false, 0.005],
      [false, 0.005],
    ])
  })

  test('there are none of a single variant', () => {
    expect(toLiftRows(toReport([['a', 10_000, 900, 90]]))).toEqual([])
  })
})

test('days have a rate where somebody came, of the arms that are shown', () => {
  const counts = (delivered: number, rewarded: number) => ({
    ...(toReport([['a', 1, delivered, rewarded]]).arms[0]?.counts ?? NO_COUNTS),
  })
  const days = [
    { day: '2026-11-26', arm: 'a', counts: counts(0, 2) },
    { day: '2026-11-27', arm: 'a', counts: counts(50, 5) },
    { day: '2026-11-27', arm: 'gone', counts: counts(50, 5) },
  ]
  const points = toDayPoints(toReport([['a', 1, 50, 7]], { days }))
  expect(points.map(({ day, rate }) => [day, rate])).toEqual([
    ['2026-11-26', null],
    ['2026-11-27', 0.1],
  ])
  // In Auckland it is the 27th already: the day is not over, and its rate would be of other people.
  const early = { days, generatedAt: Date.parse('2026-11-26T12:00Z'), zone: 'Pacific/Auckland' }
  expect(toDayPoints(toReport([['a', 1, 50, 7]], early))[1]?.rate).toBeNull()
})

test('segments are told with most visitors first, each arm by its place in its row', () => {
  const row = (segment: string, arm: string, shown: number, rate: number | null) => ({
    ...{ segment, arm, shown, rate, rewarded: 1, interval: null, lift: null },
  })
  const segments = [
    row('few', 'a', 10, 0.1),
    row('few', 'b', 10, 0.1),
    row('many', 'a', 500, 0.02),
    row('many', 'b', 500, 0.04),
    row('many', 'gone', 500, 0.9),
  ]
  const report = toReport(
    [
      ['a', 1, 510, 1],
      ['b', 1, 510, 1],
    ],
    { segments },
  )
  expect(
    toSegmentCells(report).map(({ segment, arm, standing }) => [segment, arm, standing]),
  ).toEqual([
    ['many', 'a', 0],
    ['many', 'b', 1],
    ['few', 'a', null],
    ['few', 'b', null],
  ])
})

describe('rates up to each day', () => {
  const day = (name: string, arm: string, delivered: number, rewarded: number) => ({
    ...{ day: name, arm },
    counts: { ...NO_COUNTS, delivered, rewarded },
  })
  const report = toReport(
    [
      ['a', 0, 0, 0],
      ['b', 0, 0, 0],
    ],
    {
      days: [
        day('2026-11-03', 'a', 50, 10),
        day('2026-11-01', 'a', 100, 10),
        day('2026-11-02', 'b', 200, 4),
      ],
    },
  )

  test('are summed up in the order of the days, also over days without anybody', () => {
    const points = toSoFarPoints(report)
    expect(
      points.map(({ day, arm, visitors, rewarded }) => [day, arm, visitors, rewarded]),
    ).toEqual([
      ['2026-11-01', 'a', 100, 10],
      ['2026-11-02', 'a', 100, 10],
      ['2026-11-02', 'b', 200, 4],
      ['2026-11-03', 'a', 150, 20],
      ['2026-11-03', 'b', 200, 4],
    ])
    for (const { low, rate, high } of points) expect(low < rate && rate < high).toBe(true)
  })

  test('are none without a goal', () => {
    expect(toSoFarPoints({ ...report, goal: null })).toEqual([])
  })
})

// Newcombe 1998 (Statistics in Medicine 17, 857–872), table I, method 3.
test.each([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])('%d of %d lies in the score interval as published', (seen, trials, low, high) => {
  const interval = wilson(seen / trials, trials)
  expect(interval[0]).toBeCloseTo(low, 4)
  expect(interval[1]).toBeCloseTo(high, 4)
})
