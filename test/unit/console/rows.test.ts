import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MOST_VARIANTS, toColour, toRate, toShown } from '../../../src/console/figures/arms.ts'
import { REST, thin, toRateRows, toShareRows } from '../../../src/console/figures/rows.ts'
import { HOLDOUT_ARM } from '../../../src/model/exposure.ts'
import { SHARES } from '../../../src/model/learning.ts'
import { type ArmRow, toExperience } from './experiences.ts'

const ALONE: ArmRow = [HOLDOUT_ARM, 0, 400, 8]

/** Forty arms, every third with much traffic. */
const FORTY: ArmRow[] = Array.from({ length: 40 }, (_, i) => [
  `v${i}`,
  i % 3 === 0 ? 600 + i : 10,
  100,
  3,
])

describe('what is shown of many arms', () => {
  const shown = toShown(toExperience([...FORTY.slice(0, 20), ALONE, ...FORTY.slice(20)]))

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
    const few = toExperience([
      ['a', 1, 1, 1],
      ['b', 2, 1, 1],
    ])
    expect(toShown(few).arms).toEqual(few.arms)
  })
})

describe('rates', () => {
  const rate = (row: ArmRow, more = {}) => {
    const experience = toExperience([row], more)
    return experience.arms.map((arm) => toRate(experience, arm))[0]
  }

  test('are rewards out of what reached the rung', () => {
    const experience = toExperience([['a', 10_000, 200, 10]])
    const [arm] = experience.arms.map((a) => ({ ...a, counts: { ...a.counts, delivered: 400 } }))
    expect(arm && toRate(experience, arm)).toBe(0.05)
    expect(arm && toRate({ ...experience, rung: 'delivered' }, arm)).toBe(0.025)
  })

  test('of the holdout are out of the delivered: nobody can see what is not there', () => {
    const experience = toExperience([ALONE])
    const [arm] = experience.arms.map((a) => ({ ...a, counts: { ...a.counts, seen: 0 } }))
    expect(arm && toRate(experience, arm)).toBe(0.02)
  })

  test('are unknown without trials or goal, and never above 1', () => {
    expect(rate(['a', 1, 0, 0])).toBeNull()
    expect(rate(['a', 1, 50, 5], { goal: null })).toBeNull()
    expect(rate(['a', 1, 5, 9])).toBe(1)
  })

  test('stand in the order of the arms, with their intervals', () => {
    const rows = toRateRows(toExperience([['a', 1, 100, 50], ALONE]))
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
  const two = toExperience([['a', 8000, 9, 1], ['b', 2000, 9, 1], ALONE], { history })

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
    expect(toShareRows(toExperience([['a', 1, 1, 1]]), 5_000)).toEqual([])
  })

  test('add up to all traffic at every step, with what is not shown as the rest', () => {
    const shares = Object.fromEntries(FORTY.map(([arm]) => [arm, SHARES / 40]))
    const many = toShown(toExperience(FORTY, { history: [{ version: 1, at: 1, shares }] }))
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
