import { describe, expect, test } from 'vitest'
import { bestProbabilities } from '../../../src/bandit/best.ts'
import { toWorths, toYields } from '../../../src/bandit/worth.ts'
import { random } from '../../bench/random.ts'

/** Evidence of an arm whose rewards are worth `mean` on average, with a deviation as large. */
const arm = (trials: number, rewarded: number, mean: number) => ({
  ...{ trials, rewarded, value: rewarded * mean, value2: rewarded * 2 * mean * mean },
})

describe('worths', () => {
  test('are the means that were seen, drawn to the common one where little was', () => {
    const [known, thin] = toWorths([arm(9000, 900, 20), arm(100, 3, 80)]) ?? []
    expect((known?.mean ?? 0) / 20).toBeCloseTo(1, 1)
    expect(thin?.mean).toBeGreaterThan(20)
    expect(thin?.mean).toBeLessThan(35)
    expect(thin?.spread).toBeGreaterThan(10 * (known?.spread ?? 1))
  })

  test.each([
    ['without a reward', [arm(100, 0, 0)]],
    ['without worth', [arm(100, 9, 0)]],
    ['of refunds', [arm(100, 9, -20)]],
    ['that are not numbers', [{ ...arm(100, 9, 5), value: Number.NaN }]],
    ['that are endless', [{ ...arm(100, 9, 5), value2: Number.POSITIVE_INFINITY }]],
  ])('%s are none', (_, arms) => {
    expect(toWorths(arms)).toBeUndefined()
  })

  test('of an arm that lost money are small, never negative', () => {
    const [, loser] = toWorths([arm(900, 90, 50), arm(900, 90, -20)]) ?? []
    expect(loser?.mean).toBeGreaterThan(0)
    expect(loser?.mean).toBeLessThan(10)
  })
})

test('the chance to yield most agrees with draws of rate times worth', () => {
  const { beta, gamma } = random(4)
  const rates = [
    { a: 40, b: 960 },
    { a: 60, b: 1940 },
    { a: 30, b: 970 },
  ]
  const worths = [
    { mean: 20, spread: 0.01 },
    { mean: 30, spread: 0.02 },
    { mean: 24, spread: 0.05 },
  ]
  const wins = rates.map(() => 0)
  for (let n = 0; n < 60_000; n++) {
    const drawn = rates.map(({ a, b }, k) => {
      const { mean, spread } = worths[k] ?? { mean: 0, spread: 1 }
      return beta(a, b) * mean * gamma(1 / spread) * spread
    })
    const best = drawn.indexOf(Math.max(...drawn))
    wins[best] = (wins[best] ?? 0) + 1
  }
  const { probability } = bestProbabilities(toYields(rates, worths))
  for (const [k, chance] of probability.entries()) {
    expect(Math.abs(chance - (wins[k] ?? 0) / 60_000)).toBeLessThan(0.015)
  }
})
