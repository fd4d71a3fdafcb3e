import { describe, expect, test } from 'vitest'
import { keptOf, toEvidence } from '../../../src/bandit/evidence.ts'
import { type Cell, record, type Timeline } from '../../../src/bandit/timeline.ts'
import { type Counts, NO_COUNTS } from '../../../src/model/learning.ts'
import { POLICY } from './policy.ts'

const SECOND = 1000
const HOUR = 3_600_000
const START = 1e12

const cell = (variant: string, counts: Partial<Counts>, segment = ''): Cell => ({
  ...{ segment, variant, counts: { ...NO_COUNTS, ...counts } },
})

/** What is told once a second, second by second. */
function everySecond(seconds: number, tell: (second: number) => readonly Cell[]) {
  let timeline: Timeline = []
  for (let second = 1; second <= seconds; second++) {
    timeline = record(timeline, tell(second), START + second * SECOND)
  }
  return { timeline, now: START + seconds * SECOND }
}

describe('evidence', () => {
  test('is what was counted where rewards come at once and nothing is forgotten', () => {
    const { timeline, now } = everySecond(500, () => [cell('a', { delivered: 3, rewarded: 1 })])
    const [arm] = toEvidence(timeline, ['a'], POLICY, now).get('') ?? []
    expect(arm).toEqual({ trials: 1500, rewarded: 500, value: 0, value2: 0 })
  })

  test('of exposures whose rewards are still to come counts as many as are decided', () => {
    // One exposure a second for two hours; rewards come an hour later on average, at a rate of 20 %.
    const mean = 3600
    const due = (second: number) => 0.2 * -Math.expm1(-second / mean)
    const late = (second: number) => 0.2 * (mean - (second + mean) * Math.exp(-second / mean))
    const { timeline, now } = everySecond(7200, (second) => [
      cell('a', { delivered: 1, rewarded: due(second), delay: late(second) }),
    ])
    const [arm] = toEvidence(timeline, ['a'], POLICY, now).get('') ?? []
    const decided = 7200 - mean * -Math.expm1(-2)
    expect((arm?.trials ?? 0) / decided).toBeCloseTo(1, 1)
    expect((arm?.rewarded ?? 0) / (arm?.trials ?? 1)).toBeCloseTo(0.2, 2)
  })

  test('never says more rewards than trials, or less than nothing', () => {
    const { timeline, now } = everySecond(3, (second) => [
      cell('a', { rewarded: 5 }),
      cell('b', { delivered: second === 1 ? 10 : -20, rewarded: second === 3 ? -4 : 1, value: -9 }),
    ])
    expect(toEvidence(timeline, ['a', 'b'], POLICY, now).get('')).toEqual([
      { trials: 15, rewarded: 15, value: 0, value2: 0 },
      { trials: 0, rewarded: 0, value: -27, value2: 0 },
    ])
  })

  test('of arms that are not listed, and of the holdout, is left out', () => {
    const { timeline, now } = everySecond(2, () => [
      cell('gone', { delivered: 9 }),
      cell('a', { delivered: 1 }),
    ])
    expect(
      toEvidence(timeline, ['a'], POLICY, now)
        .get('')
        ?.map(({ trials }) => trials),
    ).toEqual([2])
  })
})

describe('forgetting', () => {
  const halfLife = { hours: 1, visitors: 1000 }
  const sumOf = ({ timeline, now }: { timeline: Timeline; now: number }) =>
    toEvidence(timeline, ['a'], { ...POLICY, halfLife }, now).get('')?.[0]

  test('halves what is as many visitors old as the half-life', () => {
    // Ten visitors a second, so that 1000 take less than an hour: the clock decides, 1 h to a half.
    const { timeline } = everySecond(1, () => [cell('a', { delivered: 4000, rewarded: 400 })])
    const later = START + SECOND + 2 * HOUR
    const [kept] = keptOf(
      record(timeline, [cell('a', { delivered: 9000 })], later),
      { ...POLICY, halfLife },
      later,
    )
    expect(kept).toBeCloseTo(0.25, 2)
  })

  test('is by visitors where few come: a quiet week wipes nothing out', () => {
    const { timeline } = everySecond(1, () => [cell('a', { delivered: 4000, rewarded: 400 })])
    const later = START + 168 * HOUR
    const [kept = 0] = keptOf(
      record(timeline, [cell('a', { delivered: 10 })], later),
      { ...POLICY, halfLife },
      later,
    )
    // The mean over 4000 visitors, of which the newest are the youngest.
    expect(kept).toBeCloseTo((2 ** -0.01 * (1 - 2 ** -4)) / (4 * Math.LN2), 3)
  })

  test('of a steady stream leaves what the half-life says, for exposures and rewards alike', () => {
    const stream = everySecond(40_000, () => [cell('a', { delivered: 1, rewarded: 0.1 })])
    // Σ 2^(−n / 3600) over seconds, as the clock is the slower one of the two here.
    const whole = (1 - 2 ** (-40_000 / 3600)) / (1 - 2 ** (-1 / 3600))
    const arm = sumOf(stream)
    expect((arm?.trials ?? 0) / whole).toBeCloseTo(1, 2)
    expect((arm?.rewarded ?? 0) / (arm?.trials ?? 1)).toBeCloseTo(0.1, 6)
  })

  test('does not depend on how often the same totals were sent in between', () => {
    const once = everySecond(600, (second) => (second % 2 ? [] : [cell('a', { delivered: 8 })]))
    const split = everySecond(600, (second) =>
      second % 2 ? [] : [cell('a', { delivered: 5 }), cell('a', { delivered: 3 })],
    )
    expect(sumOf(split)).toEqual(sumOf(once))
  })
})
