import { describe, expect, test } from 'vitest'
import { type MonthTruth, simulateMonth } from '../../../src/cli/simulation/month.ts'
import { meanRate } from '../../../src/cli/simulation/month-truth.ts'
import type { CompiledExperience } from '../../../src/model/bundle.ts'
import { HOLDOUT_ARM } from '../../../src/model/exposure.ts'
import { checkHistory, type History } from '../../../src/model/history.ts'
import { readCounts } from '../../../src/model/learning.ts'
import { contrast } from '../../../src/reports/contrast.ts'
import { differenceOf, onceReach } from '../../../src/reports/interval.ts'
import { toStrata } from '../../../src/reports/strata.ts'
import { POLICY } from '../bandit/policy.ts'

const NOW = Date.UTC(2026, 10, 27, 12, 30)

const EXPERIENCE: CompiledExperience = {
  ...{
    id: 'hero',
    slot: 'hero',
    kind: 'bandit',
    arms: [
      ['a', 3334],
      ['b', 3333],
      ['c', 3333],
    ],
  },
  ...{ floor: 0.02, rung: 'delivered', window: 86_400_000, attribution: 'last', show: 1 },
}

const RATES: Readonly<Record<string, number>> = { a: 0.05, b: 0.06, c: 0.04, [HOLDOUT_ARM]: 0.045 }

const TRUTH: MonthTruth = {
  segments: new Map([
    ['new', 0.7],
    ['returning', 0.3],
  ]),
  rate: (arm, segment) => (RATES[arm] ?? 0) * (segment === 'new' ? 0.8 : 1.5),
  isWorth: true,
}

const simulate = (seed: string): History =>
  simulateMonth({
    ...{ experience: EXPERIENCE, truth: TRUTH, visitors: 12_000, days: 14, holdout: 0.05 },
    ...{ seed, now: NOW, policy: { ...POLICY, floor: 0.02, segments: ['new', 'returning'] } },
  })

describe('a month of visitors', () => {
  const history = simulate('1')

  test('is a history that an experience can begin with', () => {
    expect(checkHistory(history, NOW)).toEqual([])
    expect(history.versions.length).toBeGreaterThan(10)
  })

  test('is the same for the same seed, and another for another', () => {
    expect(simulate('1')).toEqual(history)
    expect(simulate('2')).not.toEqual(history)
  })

  test('holds all visitors and lies in the days before now', () => {
    const sent = history.totals.reduce((sum, { counts }) => sum + (counts.delivered ?? 0), 0)
    expect(sent).toBe(12_000)
    const hours = history.hours.map(({ hour }) => hour * 3_600_000)
    expect(Math.min(...hours)).toBeGreaterThanOrEqual(NOW - 14 * 86_400_000 - 3_600_000)
    expect(Math.max(...hours)).toBeLessThan(NOW - 1_800_000)
  })

  test('brings each arm what is true of it', () => {
    const totals = history.totals.map((row) => ({
      ...row,
      counts: readCounts({ ...ZEROS, ...row.counts }),
    }))
    const strata = toStrata(totals, history.versions, 'rewards', { a: 3334, b: 3333, c: 3333 })
    const found = contrast(strata, 'b', 'c')
    const truth = meanRate(TRUTH, 'b') - meanRate(TRUTH, 'c')
    const [low, high] = found ? differenceOf(found, onceReach()) : [1, 0]
    expect(low).toBeLessThan(truth)
    expect(high).toBeGreaterThan(truth)
  })
})

const ZEROS = {
  ...{ delivered: 0, survived: 0, seen: 0, clicked: 0, rewarded: 0, value: 0, value2: 0, delay: 0 },
}

describe('a history', () => {
  const counts = { delivered: 10, rewarded: 1 }
  const right: History = {
    versions: [{ version: 1, at: 5, shares: { '': { a: 5000, b: 5000 } } }],
    totals: [{ version: 1, segment: '', variant: 'a', counts }],
    hours: [{ hour: 1, segment: '', variant: 'a', counts }],
  }

  test('whose parts agree has no mistakes', () => expect(checkHistory(right, NOW)).toEqual([]))

  test.each<[string, History, string]>([
    [
      'a version twice',
      { ...right, versions: [...right.versions, ...right.versions] },
      '/versions/1',
    ],
    [
      'counts of a version without weights',
      { ...right, totals: right.totals.map((row) => ({ ...row, version: 7 })) },
      '/totals/0/version',
    ],
    [
      'an hour to come',
      { ...right, hours: right.hours.map((row) => ({ ...row, hour: 9_000_000 })) },
      '/hours/0/hour',
    ],
    ['other sums by the hour', { ...right, hours: [] }, '/hours'],
  ])('with %s is refused', (_, wrong, pointer) => {
    expect(checkHistory(wrong, NOW).map((problem) => problem.pointer)).toContain(pointer)
  })
})
