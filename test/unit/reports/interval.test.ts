import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Contrast } from '../../../src/reports/contrast.ts'
import {
  alwaysReach,
  differenceOf,
  normalQuantile,
  onceReach,
  ratioOf,
  visitorsUntilClear,
} from '../../../src/reports/interval.ts'

/** Two arms of fixed shares, half and half. */
function half(visitors: number, arm: number, against: number): Contrast {
  const spread = {
    arm: 2 * arm * (1 - arm),
    against: 2 * against * (1 - against),
    both: 0,
  }
  return { visitors, means: [arm, against], empirical: spread, plugIn: spread }
}

describe('the normal quantile', () => {
  // Abramowitz & Stegun, table 26.1, and R's qnorm.
  test.each([
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.995, 2.5758293035489],
    [0.9, 1.2815515655446],
    [0.6, 0.2533471031357997],
    [1e-9, -5.9978070150076865],
    [0.9999, 3.719016485455709],
  ])('of %d is %d', (p, z) => expect(normalQuantile(p)).toBeCloseTo(z, 8))

  test('has no number for what is certain', () => {
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY)
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('a difference', () => {
  test('is told as the textbook tells two proportions', () => {
    // 5 % of 5,000 against 4 % of 5,000: ±1.96·√(.05·.95/5000 + .04·.96/5000)
    const [low, high] = differenceOf(half(10_000, 0.05, 0.04), onceReach())
    expect(low).toBeCloseTo(0.01 - 0.008125, 5)
    expect(high).toBeCloseTo(0.01 + 0.008125, 5)
  })

  test('that is watched is wider than one that is looked at once, and shrinks', () => {
    const [once, always] = [onceReach(), alwaysReach()]
    for (const visitors of [2000, 30_000, 1e6]) {
      expect(always(visitors)).toBeGreaterThan(once(visitors))
      expect(always(2 * visitors)).toBeLessThan(always(visitors))
    }
    // At n = n*: nρ² = 2 ln 20 + ln(1 + 2 ln 20) = 7.9362, √(2·8.9362/7.9362·ln(√8.9362/0.05)) = 3.0352.
    expect(always(30_000) * Math.sqrt(30_000)).toBeCloseTo(3.0352, 3)
    expect(once(30_000) * Math.sqrt(30_000)).toBeCloseTo(1.96, 3)
  })

  test('of arms with hardly any spread of their own takes that of their probabilities', () => {
    const spread = { arm: 0, against: 0, both: 0 }
    const found = differenceOf({ ...half(10_000, 0.05, 0.04), empirical: spread }, onceReach())
    expect(found).toEqual(differenceOf(half(10_000, 0.05, 0.04), onceReach()))
  })
})

describe('a ratio', () => {
  test('leaves out 0 exactly where the difference does', () => {
    const rate = fc.double({ min: 0.005, max: 0.3, noNaN: true })
    fc.assert(
      fc.property(fc.integer({ min: 2000, max: 1e6 }), rate, rate, (visitors, a, b) => {
        const contrast = half(visitors, a, b)
        const ratio = ratioOf(contrast, alwaysReach())
        if (ratio === null) return
        const [low, high] = differenceOf(contrast, alwaysReach())
        expect(ratio[0] > 0).toBe(low > 0)
        expect(ratio[1] < 0).toBe(high < 0)
        expect(ratio[0]).toBeLessThanOrEqual(a / b - 1 + 1e-9)
        expect(ratio[1]).toBeGreaterThanOrEqual(a / b - 1 - 1e-9)
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  test('agrees with the logarithm of a ratio where there is much to go by', () => {
    const found = ratioOf(half(200_000, 0.055, 0.05), onceReach()) ?? [0, 0]
    // ln(a/b) ± 1.96·√((1 − a)/(a·n) + (1 − b)/(b·n)), n = 100,000 each
    const deviation = Math.sqrt(0.945 / 5500 + 0.95 / 5000)
    expect(found[0]).toBeCloseTo(1.1 * Math.exp(-1.96 * deviation) - 1, 3)
    expect(found[1]).toBeCloseTo(1.1 * Math.exp(1.96 * deviation) - 1, 3)
  })

  test('to what may be nothing at all is not told', () => {
    expect(ratioOf(half(2000, 0.05, 0.001), alwaysReach())).toBeNull()
    expect(ratioOf(half(2000, 0.05, 0), alwaysReach())).toBeNull()
  })
})

describe('how many visitors more', () => {
  test('is none once 0 is left out', () => {
    expect(visitorsUntilClear(half(100_000, 0.06, 0.05), alwaysReach())).toBe(0)
  })

  test('is what it then takes', () => {
    const contrast = half(10_000, 0.052, 0.05)
    const more = visitorsUntilClear(contrast, alwaysReach()) ?? 0
    const later = (visitors: number) => differenceOf({ ...contrast, visitors }, alwaysReach())[0]
    expect(later(10_000 + 1.01 * more)).toBeGreaterThan(0)
    expect(later(10_000 + 0.95 * more)).toBeLessThan(0)
  })

  test('is not told of arms that are the same', () => {
    expect(visitorsUntilClear(half(10_000, 0.05, 0.05), alwaysReach())).toBeNull()
  })
})
