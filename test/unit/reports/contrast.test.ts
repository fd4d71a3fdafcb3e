import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Contrast, contrast } from '../../../src/reports/contrast.ts'
import type { Cell, Stratum } from '../../../src/reports/strata.ts'

const cell = (shown: number, sum: number, odds: number): Cell => ({
  ...{ shown, sum, squares: sum, odds },
})

const stratum = (version: number, cells: Readonly<Record<string, Cell>>): Stratum => ({
  version,
  cells: new Map(Object.entries(cells)),
})

/** The estimator as its definition says it, one visitor after another. */
function byVisitor(strata: readonly Stratum[], arm: string, against: string) {
  const scores: [number, number][] = []
  const versions = [...new Set(strata.map(({ version }) => version))]
  for (const version of versions) {
    const earlier = strata.filter((one) => one.version < version)
    const known = (name?: string) =>
      earlier
        .flatMap(({ cells }) => [...cells].filter(([id]) => name === undefined || id === name))
        .reduce((sum, [, c]) => ({ n: sum.n + c.shown, s: sum.s + c.sum }), { n: 0, s: 0 })
    const all = known()
    // (S + 1)/(n + 1/p), p the pooled rate; with no reward yet, one visitor's worth each of all.
    const credit = all.s > 0 ? all.n / all.s : all.n
    const meanOf = (name: string) => {
      const { n, s } = known(name)
      return all.n === 0 ? 0 : (s + (credit * all.s) / all.n) / (n + credit)
    }
    const [m, w] = [meanOf(arm), meanOf(against)]
    for (const { cells } of strata.filter((one) => one.version === version)) {
      const [own, other] = [cells.get(arm), cells.get(against)]
      if (!own || !other) continue
      for (const [name, { shown, sum }] of cells) {
        for (let visitor = 0; visitor < shown; visitor++) {
          const y = visitor < sum ? 1 : 0
          scores.push([
            m + (name === arm ? (y - m) / own.odds : 0),
            w + (name === against ? (y - w) / other.odds : 0),
          ])
        }
      }
    }
  }
  const mean = (of: (score: [number, number]) => number) =>
    scores.reduce((sum, score) => sum + of(score), 0) / scores.length
  const means = [mean(([a]) => a), mean(([, c]) => c)] as const
  return {
    visitors: scores.length,
    means,
    arm: mean(([a]) => (a - means[0]) ** 2),
    against: mean(([, c]) => (c - means[1]) ** 2),
    both: mean(([a, c]) => (a - means[0]) * (c - means[1])),
  }
}

const cells = fc
  .record({
    a: fc.tuple(fc.nat(40), fc.double({ min: 0, max: 1, noNaN: true })),
    b: fc.tuple(fc.nat(40), fc.double({ min: 0, max: 1, noNaN: true })),
    c: fc.tuple(fc.nat(40), fc.double({ min: 0, max: 1, noNaN: true })),
    odds: fc.double({ min: 0.05, max: 0.6, noNaN: true }),
  })
  .map(({ a, b, c, odds }) => ({
    a: cell(a[0], Math.round(a[0] * a[1]), odds),
    b: cell(b[0], Math.round(b[0] * b[1]), 0.35),
    c: cell(c[0], Math.round(c[0] * c[1]), 0.65 - odds),
  }))

const close = (got: Contrast | undefined, want: ReturnType<typeof byVisitor>) => {
  expect(got?.visitors).toBe(want.visitors)
  expect(got?.means[0]).toBeCloseTo(want.means[0], 8)
  expect(got?.means[1]).toBeCloseTo(want.means[1], 8)
  expect(got?.empirical.arm).toBeCloseTo(want.arm, 6)
  expect(got?.empirical.against).toBeCloseTo(want.against, 6)
  expect(got?.empirical.both).toBeCloseTo(want.both, 6)
}

describe('two arms by inverse probability', () => {
  test('counts say what visitors one by one would', () => {
    fc.assert(
      fc.property(fc.array(cells, { minLength: 1, maxLength: 6 }), (list) => {
        // Two strata a version, as segments are.
        const strata = list.map((one, place) => stratum(Math.floor(place / 2), one))
        const want = byVisitor(strata, 'a', 'b')
        fc.pre(want.visitors > 0)
        close(contrast(strata, 'a', 'b'), want)
      }),
      { seed: 1, numRuns: 200 },
    )
  })

  test('one even version is the plain comparison of two rates', () => {
    const even = [stratum(0, { a: cell(5000, 250, 0.5), b: cell(5000, 200, 0.5) })]
    const found = contrast(even, 'a', 'b')
    expect(found?.means[0]).toBeCloseTo(0.05, 12)
    expect(found?.means[1]).toBeCloseTo(0.04, 12)
    // p(1 − p)/n of either, per visitor of the 10,000.
    const variance = 0.05 * 0.95 * 2 + 0.04 * 0.96 * 2
    expect((found?.plugIn.arm ?? 0) + (found?.plugIn.against ?? 0)).toBeCloseTo(variance, 2)
  })

  test('versions in which one of them could not be shown say nothing of the two', () => {
    const early = stratum(0, { a: cell(100, 10, 0.5), c: cell(100, 90, 0.5) })
    const late = stratum(1, { a: cell(50, 5, 0.5), b: cell(50, 10, 0.25), c: cell(0, 0, 0.25) })
    expect(contrast([early, late], 'a', 'b')?.visitors).toBe(100)
    expect(contrast([early], 'a', 'b')).toBeUndefined()
    expect(contrast([], 'a', 'b')).toBeUndefined()
  })

  test.each([
    ['no reward at all', 0, 0],
    ['a reward each time', 1000, 1000],
  ])('%s has means and variances that are numbers', (_, a, b) => {
    const found = contrast([stratum(0, { a: cell(1000, a, 0.5), b: cell(1000, b, 0.5) })], 'a', 'b')
    expect(found?.means[0]).toBeCloseTo(a / 1000, 12)
    for (const spread of [found?.empirical, found?.plugIn]) {
      expect(spread?.arm).toBeGreaterThanOrEqual(0)
      expect(Number.isFinite(spread?.arm)).toBe(true)
    }
  })

  test('worths far apart keep their size', () => {
    const huge = { shown: 1000, sum: 3e9, squares: 9e18, odds: 0.5 }
    const found = contrast([stratum(0, { a: huge, b: { ...huge, sum: 0, squares: 0 } })], 'a', 'b')
    expect(found?.means).toEqual([3e6, 0])
    expect(found?.empirical.arm).toBeGreaterThan(1e15)
  })
})
