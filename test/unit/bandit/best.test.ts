import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bestProbabilities } from '../../../src/bandit/best.ts'
import type { Beta } from '../../../src/bandit/beta.ts'

const rewards = fc.integer({ min: 0, max: 500 })
const failures = fc.integer({ min: 0, max: 20_000 })
const arm = fc.record({ a: rewards.map((n) => n + 1), b: failures.map((n) => n + 30) })
const huge = fc.record({
  a: fc.double({ min: 1, max: 1e9, noNaN: true }),
  b: fc.double({ min: 1, max: 1e9, noNaN: true }),
})

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/**
 * P(second > first) for whole shapes, term by term:
 * Σ_{i < a₂} B(a₁ + i, b₁ + b₂) / ((b₂ + i) B(1 + i, b₂) B(a₁, b₁)).
 */
function exactWin(first: Beta, second: Beta): number {
  let term = 1
  for (let j = 0; j < second.b; j++) term *= (first.b + j) / (first.a + first.b + j)
  let win = 0
  for (let i = 0; i < second.a; i++) {
    win += term
    term *= ((first.a + i) * (second.b + i)) / ((first.a + first.b + second.b + i) * (1 + i))
  }
  return win
}

describe('bestProbabilities', () => {
  test('of three arms: adaptive quadrature of scipy 1.17', () => {
    const best = bestProbabilities([
      { a: 31, b: 970 },
      { a: 36, b: 965 },
      { a: 41, b: 960 },
    ])
    const probability = [0.06923848555, 0.25532678927, 0.67543472518]
    const loss = [0.01171741518, 0.00672241018, 0.00172740518]
    for (const [k, exact] of probability.entries()) {
      expect(Math.abs((best.probability[k] ?? 0) - exact)).toBeLessThan(1e-9)
    }
    for (const [k, exact] of loss.entries()) {
      expect(Math.abs((best.expectedLoss[k] ?? 0) - exact)).toBeLessThan(1e-9)
    }
    expect(best.expectedMaximum).toBeCloseTo(0.04268644615, 9)
  })

  test('of two arms: the exact sum for whole shapes', () => {
    const small = fc.record({
      a: fc.integer({ min: 1, max: 200 }),
      b: fc.integer({ min: 1, max: 3000 }),
    })
    fc.assert(
      fc.property(small, small, (first, second) => {
        const [, win] = bestProbabilities([first, second]).probability
        expect(Math.abs((win ?? 0) - exactWin(first, second))).toBeLessThan(1e-4)
      }),
      { seed: 1, numRuns: 60 },
    )
  })

  test('of arms without data is even', () => {
    const { probability, expectedLoss } = bestProbabilities(Array(5).fill({ a: 1, b: 30 }))
    for (const chance of probability) expect(chance).toBeCloseTo(0.2, 10)
    expect(new Set(expectedLoss).size).toBe(1)
  })

  test('of one arm is 1, of none nothing', () => {
    const { probability, expectedLoss, expectedMaximum } = bestProbabilities([{ a: 31, b: 970 }])
    expect(probability).toEqual([1])
    expect(expectedLoss[0]).toBeLessThan(1e-9)
    expect(expectedMaximum).toBeCloseTo(31 / 1001, 9)
    expect(bestProbabilities([])).toEqual({ probability: [], expectedLoss: [], expectedMaximum: 0 })
  })

  test('sums to 1, whatever the order, and follows it', () => {
    fc.assert(
      fc.property(fc.array(arm, { minLength: 2, maxLength: 40 }), (arms) => {
        const forwards = bestProbabilities(arms)
        const backwards = bestProbabilities(arms.toReversed())
        expect(Math.abs(sum(forwards.probability) - 1)).toBeLessThan(1e-12)
        for (const [k, chance] of backwards.probability.toReversed().entries()) {
          expect(chance).toBeCloseTo(forwards.probability[k] ?? 0, 10)
        }
      }),
      { seed: 2, numRuns: 40 },
    )
  })

  test('expects no more from any arm than from the best', () => {
    fc.assert(
      fc.property(fc.array(arm, { minLength: 2, maxLength: 8 }), (arms) => {
        const { expectedLoss, expectedMaximum } = bestProbabilities(arms)
        const means = arms.map(({ a, b }) => a / (a + b))
        expect(expectedMaximum).toBeGreaterThan(Math.max(...means) - 1e-5)
        expect(expectedMaximum).toBeLessThanOrEqual(1)
        expect(Math.min(...expectedLoss)).toBeGreaterThanOrEqual(0)
      }),
      { seed: 3, numRuns: 60 },
    )
  })

  test('of 40 arms gives the most to the highest', () => {
    const arms = Array.from({ length: 40 }, (_, k) => ({ a: 20 + k, b: 1000 }))
    const { probability } = bestProbabilities(arms)
    expect(probability).toEqual(probability.toSorted((left, right) => left - right))
  })

  test('resolves narrow posteriors beside a wide one', () => {
    const known = [
      { a: 30_000, b: 970_000 },
      { a: 30_300, b: 969_700 },
    ]
    const { probability } = bestProbabilities([...known, { a: 1, b: 30 }])
    const exact = [0.06459945996, 0.53824616644, 0.3971543736]
    for (const [k, chance] of probability.entries()) {
      expect(Math.abs(chance - (exact[k] ?? 0))).toBeLessThan(5e-5)
    }
  })

  test('stays finite at counts of every size', () => {
    fc.assert(
      fc.property(fc.array(huge, { minLength: 1, maxLength: 6 }), (arms) => {
        const { probability, expectedLoss, expectedMaximum } = bestProbabilities(arms)
        const numbers = [...probability, ...expectedLoss, expectedMaximum]
        expect(numbers.every((number) => Number.isFinite(number) && number >= 0)).toBe(true)
        expect(Math.abs(sum(probability) - 1)).toBeLessThan(1e-12)
      }),
      { seed: 4, numRuns: 40 },
    )
  })

  test('splits evenly between more indistinguishable arms than a product can hold', () => {
    const { probability } = bestProbabilities(Array(1200).fill({ a: 3e7, b: 9.7e8 }))
    expect(probability[0]).toBeCloseTo(1 / 1200, 10)
    expect(probability.every(Number.isFinite)).toBe(true)
  })
})
