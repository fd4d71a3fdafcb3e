import { type Experiment, GrowthBook } from '@growthbook/growthbook'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bucket, pickByShares, rankByShares, uniform } from '../../../src/bandit/pick.ts'
import type { Share } from '../../../src/bandit/shares.ts'
import { SHARES } from '../../../src/model/learning.ts'

const IDS = Array.from({ length: 200_000 }, (_, index) => `eu-07-${index.toString(36)}`)

/** χ² that chance exceeds once in a thousand (scipy 1.17, `chi2.isf(.001, df)`). */
const CHI2_001: Record<number, number> = { 1: 10.828, 2: 13.816, 4: 20.515, 23: 49.728, 99: 148.23 }

function chi2(observed: readonly number[], expected: readonly number[]): number {
  return expected.reduce((sum, due, k) => sum + ((observed[k] ?? 0) - due) ** 2 / due, 0)
}

function limit(degrees: number): number {
  return CHI2_001[degrees] ?? Number.NaN
}

function toShares(shares: readonly number[]): Share[] {
  return shares.map((share, index) => [`v${index}`, share])
}

describe('bucket', () => {
  test("is GrowthBook's, for any text", () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(text, text, (seed, id) => {
        const growthbook = new GrowthBook({ attributes: { id } })
        const experiment: Experiment<number> = {
          key: 'k',
          seed,
          hashVersion: 2,
          variations: [0, 1],
        }
        expect(bucket(seed, id) / SHARES).toBe(growthbook.run(experiment).bucket)
      }),
      { seed: 1, numRuns: 1000 },
    )
  })

  test('spreads ids evenly, and anew for each seed', () => {
    const cells = Array(100).fill(0)
    for (const id of IDS) {
      cells[10 * Math.floor(bucket('one', id) / 1000) + Math.floor(bucket('two', id) / 1000)] += 1
    }
    expect(chi2(cells, Array(100).fill(IDS.length / 100))).toBeLessThan(limit(99))
  })
})

describe('uniform', () => {
  test('spreads ids evenly, and anew for each seed', () => {
    const cells = Array(100).fill(0)
    for (const id of IDS) {
      cells[10 * Math.floor(10 * uniform('e:a', id)) + Math.floor(10 * uniform('e:b', id))] += 1
    }
    expect(chi2(cells, Array(100).fill(IDS.length / 100))).toBeLessThan(limit(99))
  })

  test('has far more levels than buckets, none of them 0 or 1', () => {
    const values = IDS.map((id) => uniform('e', id))
    expect(new Set(values).size).toBeGreaterThan(0.999 * IDS.length)
    expect(Math.min(...values.slice(0, 50_000))).toBeGreaterThan(0)
    expect(Math.max(...values.slice(0, 50_000))).toBeLessThan(1)
  })
})

describe('pickByShares', () => {
  test('takes the first arm whose cumulative share exceeds the bucket', () => {
    const shares = toShares([0, 2500, 0, 7500])
    expect(pickByShares(shares, 0)).toEqual({ index: 1, propensity: 0.25 })
    expect(pickByShares(shares, 2499)).toEqual({ index: 1, propensity: 0.25 })
    expect(pickByShares(shares, 2500)).toEqual({ index: 3, propensity: 0.75 })
    expect(pickByShares(shares, 9999)).toEqual({ index: 3, propensity: 0.75 })
  })

  test('meets every share exactly over all buckets', () => {
    const shares = [1, 4999, 3333, 1667]
    const picked = [0, 0, 0, 0]
    for (let at = 0; at < SHARES; at++) {
      const index = pickByShares(toShares(shares), at)?.index ?? -1
      picked[index] = (picked[index] ?? 0) + 1
    }
    expect(picked).toEqual(shares)
  })

  test('picks nothing where shares fall short', () => {
    expect(pickByShares([], 0)).toBeUndefined()
    expect(pickByShares([['a', 10]], 10)).toBeUndefined()
    expect(pickByShares([['a', Number.NaN]], 10)).toBeUndefined()
  })

  test.each([
    ['hero', [5000, 5000]],
    ['banner', [9000, 900, 100]],
    ['offers', [6000, 2500, 1000, 400, 100]],
  ])('serves %s by its shares %j', (seed, shares) => {
    const served = shares.map(() => 0)
    for (const id of IDS) {
      const index = pickByShares(toShares(shares), bucket(seed, id))?.index ?? -1
      served[index] = (served[index] ?? 0) + 1
    }
    const due = shares.map((share) => (IDS.length * share) / SHARES)
    expect(chi2(served, due)).toBeLessThan(limit(shares.length - 1))
  })
})

describe('rankByShares', () => {
  const ARMS = ['a', 'b', 'c', 'd']

  test('orders as often as Plackett and Luce say', () => {
    const shares = [5000, 2500, 1500, 1000]
    const ids = IDS.slice(0, 48_000)
    const found = new Map<string, number>()
    const claimed = new Map<string, number>()
    for (const id of ids) {
      const ranked = rankByShares(ARMS, shares, 3, (arm) => uniform(`list:${arm}:`, id))
      const order = ranked.order.join()
      found.set(order, (found.get(order) ?? 0) + 1)
      claimed.set(
        order,
        ranked.propensities.reduce((product, p) => product * p, 1),
      )
    }
    const exact = new Map(orders(shares, 3))
    const keys = [...exact.keys()]
    expect(keys).toHaveLength(24)
    for (const key of keys) expect(claimed.get(key)).toBeCloseTo(exact.get(key) ?? 0, 12)
    const due = keys.map((key) => ids.length * (exact.get(key) ?? 0))
    expect(
      chi2(
        keys.map((key) => found.get(key) ?? 0),
        due,
      ),
    ).toBeLessThan(limit(23))
  })

  test('gives the last of all arms a propensity of 1 and none to an arm without a share', () => {
    const ranked = rankByShares(ARMS, [0, 9000, 1000, 0], 4, () => 0.5)
    expect(ranked).toEqual({ order: [1, 2], propensities: [0.9, 1] })
    expect(rankByShares(ARMS, [0, 0, 0, 0], 4, () => 0.5)).toEqual({ order: [], propensities: [] })
    expect(rankByShares([], [], 4, () => 0.5).order).toEqual([])
  })

  test('shows no more than it is asked for', () => {
    expect(rankByShares(ARMS, [2500, 2500, 2500, 2500], 2, () => 0.5).order).toEqual([0, 1])
  })
})

/** Every order of `places` arms with its probability, as `[indexes joined, probability]`. */
function orders(shares: readonly number[], places: number): [string, number][] {
  const extend = (placed: readonly number[], probability: number): [string, number][] => {
    if (placed.length === places) return [[placed.join(), probability]]
    const rest = shares.reduce((sum, w, k) => (placed.includes(k) ? sum : sum + w), 0)
    return shares.flatMap((w, k) =>
      placed.includes(k) ? [] : extend([...placed, k], (probability * w) / rest),
    )
  }
  return extend([], 1)
}
