import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mean } from '../../../src/bandit/beta.ts'
import { isDue, learn, posteriors, publish, relearn } from '../../../src/bandit/learn.ts'
import { newState, type Policy, type Tally } from '../../../src/bandit/state.ts'
import { type Counts, NO_COUNTS, SHARES } from '../../../src/model/learning.ts'

const POLICY: Policy = { kind: 'bandit', floor: 0.01, rung: 'delivered' }

function counted(delivered: number, rewarded: number): Counts {
  return { ...NO_COUNTS, delivered, rewarded }
}

function tally(variant: string, delivered: number, rewarded: number): Tally {
  return { variant, counts: counted(delivered, rewarded) }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

describe('posteriors', () => {
  test('start as one reward in thirty trials', () => {
    expect(posteriors([{ trials: 0, rewarded: 0 }])).toEqual([{ a: 1, b: 30 }])
  })

  test('share a weak prior at the pooled rate while data are thin', () => {
    const arms = posteriors([
      { trials: 20, rewarded: 3 },
      { trials: 10, rewarded: 2 },
    ])
    expect(arms).toEqual([
      { a: 1 + 3, b: 10 + 17 },
      { a: 1 + 2, b: 10 + 8 },
    ])
  })

  test('shrink towards a prior as wide as a logit deviation of 0.22', () => {
    const [arm, fresh] = posteriors([
      { trials: 1e6, rewarded: 12_500 },
      { trials: 0, rewarded: 0 },
    ])
    const prior = fresh ?? { a: 0, b: 0 }
    expect(mean(prior)).toBeCloseTo(0.0125, 3)
    expect(1 / Math.sqrt((prior.a + prior.b) * mean(prior) * (1 - mean(prior)))).toBeCloseTo(
      0.22,
      10,
    )
    expect(arm?.a).toBeCloseTo(prior.a + 12_500, 6)
    expect(arm?.b).toBeCloseTo(prior.b + 987_500, 6)
  })

  test('do not let the arm with most of the traffic set the prior alone', () => {
    const fresh = posteriors([
      { trials: 1e6, rewarded: 50_000 },
      { trials: 2000, rewarded: 40 },
      { trials: 2000, rewarded: 40 },
      { trials: 0, rewarded: 0 },
    ]).at(-1)
    expect(mean(fresh ?? { a: 1, b: 0 })).toBeLessThan(0.04)
  })

  test('count evidence twice from ten arms on', () => {
    const arm = { trials: 100, rewarded: 4 }
    const [nine] = posteriors(Array(9).fill(arm))
    const [ten] = posteriors(Array(10).fill(arm))
    expect(mean(ten ?? { a: 0, b: 1 })).toBeCloseTo(mean(nine ?? { a: 1, b: 1 }), 3)
    expect((ten?.a ?? 0) / (nine?.a ?? 1)).toBeGreaterThan(1.9)
  })
})

describe('learn', () => {
  test('splits evenly without data', () => {
    expect(learn(Array(4).fill(NO_COUNTS), POLICY)).toEqual([2500, 2500, 2500, 2500])
  })

  test('follows the rates, down to the floor', () => {
    const counts = [counted(10_000, 200), counted(10_000, 330), counted(10_000, 500)]
    expect(learn(counts, POLICY)).toEqual([100, 100, 9800])
  })

  test('counts trials on the rung that the experience names', () => {
    const shown = { ...NO_COUNTS, delivered: 50_000, seen: 1000, rewarded: 60 }
    const counts = [shown, { ...shown, seen: 2000 }]
    expect(learn(counts, POLICY)).toEqual([5000, 5000])
    expect(learn(counts, { ...POLICY, rung: 'seen' })[0]).toBeGreaterThan(9000)
  })

  test('gives an arm added to a known field a fair chance', () => {
    const known = [counted(50_000, 1000), counted(50_000, 1500)]
    const [, , newcomer] = learn([...known, NO_COUNTS], POLICY)
    expect(newcomer).toBeGreaterThan(500)
    expect(newcomer).toBeLessThan(5000)
  })

  test('gives nothing away with more rewards than reported trials', () => {
    const shares = learn([counted(0, 40), counted(100, 5)], POLICY)
    expect(sum(shares)).toBe(SHARES)
  })

  test('always gives whole shares that sum exactly and respect the floor', () => {
    const any = fc.record({ delivered: fc.nat(1e9), rewarded: fc.nat(1e7) })
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 20 }), (arms) => {
        const shares = learn(
          arms.map((arm) => ({ ...NO_COUNTS, ...arm })),
          POLICY,
        )
        expect(sum(shares)).toBe(SHARES)
        expect(shares.every((share) => Number.isInteger(share) && share >= 99)).toBe(true)
      }),
      { seed: 1, numRuns: 50 },
    )
  })
})

describe('isDue', () => {
  const growth = { exposures: 1100, learnedFrom: 1000, sincePublication: 1000, armsChanged: false }

  test.each([
    ['a tenth more exposures', {}, true],
    ['less than a tenth', { exposures: 1099 }, false],
    ['less than a second', { sincePublication: 999 }, false],
    ['ten first exposures', { exposures: 10, learnedFrom: 0 }, true],
    ['nine first exposures', { exposures: 9, learnedFrom: 0 }, false],
    ['other arms', { exposures: 1000, armsChanged: true }, true],
    ['other arms within a second', { armsChanged: true, sincePublication: 10 }, false],
    ['exposures gone with a removed arm', { exposures: 800 }, true],
    ['counts that are not numbers', { exposures: Number.NaN }, false],
  ])('after %s: %j → %s', (_, change, due) => {
    expect(isDue({ ...growth, ...change })).toBe(due)
  })

  test('publishes about 80 times on the way to a million visitors', () => {
    let [versions, learnedFrom] = [0, 0]
    for (let exposures = 1; exposures <= 1e6; exposures++) {
      if (!isDue({ ...growth, exposures, learnedFrom })) continue
      versions += 1
      learnedFrom = exposures
    }
    expect(versions).toBeGreaterThan(70)
    expect(versions).toBeLessThan(115)
  })
})

describe('relearn', () => {
  const state = newState(['a', 'b'], POLICY)
  const tallies = [tally('a', 500, 5), tally('b', 500, 40), tally('gone', 9000, 9000)]

  test('publishes the next version from all tallies, and not again from the same ones', () => {
    const next = relearn(state, tallies, 5000)
    expect(next?.weights.version).toBe(1)
    expect(next?.weights.at).toBe(5000)
    expect(next?.learnedFrom).toBe(1000)
    expect(next?.weights.shares['']?.b).toBeGreaterThan(9000)
    expect(next && relearn(next, tallies, 9000)).toBeUndefined()
    expect(state.weights.version).toBe(0)
  })

  test('sees to new and removed arms at once', () => {
    const learned = relearn(state, tallies, 5000) ?? state
    const added = relearn({ ...learned, arms: ['a', 'b', 'c'] }, tallies, 6000)
    expect(Object.keys(added?.weights.shares[''] ?? {})).toEqual(['a', 'b', 'c'])
    expect(added?.weights.shares['']?.c).toBeGreaterThan(100)
    const removed = relearn({ ...learned, arms: ['a'] }, tallies, 6000)
    expect(removed?.weights.shares).toEqual({ '': { a: SHARES } })
  })

  test('keeps the weights it has when a stored count is broken', () => {
    expect(relearn(state, [tally('a', Number.NaN, 1), tally('b', 500, 1)], 5000)).toBeUndefined()
  })
})

test('publish adds a version and leaves the previous one alone', () => {
  const previous = Object.freeze({ version: 7, at: 1, shares: {} })
  expect(publish(previous, { '': { a: SHARES } }, 2)).toEqual({
    version: 8,
    at: 2,
    shares: { '': { a: SHARES } },
  })
})
