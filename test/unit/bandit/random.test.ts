import { describe, expect, test } from 'vitest'
import { random } from '../../bench/random.ts'

const DRAWS = 40_000

/** Mean and variance of many draws. */
function moments(draw: () => number): { mean: number; variance: number } {
  const values = Array.from({ length: DRAWS }, draw)
  const mean = values.reduce((sum, value) => sum + value, 0) / DRAWS
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / DRAWS
  return { mean, variance }
}

describe('random', () => {
  test.each([
    [1, [1169703512, 1317941441, 2551256358]],
    [7, [4001537055, 3712519385]],
  ])('of seed %d starts as the reference does', (seed, expected) => {
    const { integer } = random(seed)
    expect(expected.map(() => integer())).toEqual(expected)
  })

  const source = random(11)
  test.each<[string, () => number, number, number]>([
    ['uniform', source.uniform, 1 / 2, 1 / 12],
    ['normal', source.normal, 0, 1],
    ['gamma of 0.5', () => source.gamma(0.5), 0.5, 0.5],
    ['gamma of 20', () => source.gamma(20), 20, 20],
    ['beta of 2 and 6', () => source.beta(2, 6), 1 / 4, 1 / 48],
  ])('%s has its mean and variance', (_, draw, mean, variance) => {
    const found = moments(draw)
    expect(Math.abs(found.mean - mean)).toBeLessThan(4 * Math.sqrt(variance / DRAWS))
    expect(found.variance / variance).toBeGreaterThan(0.95)
    expect(found.variance / variance).toBeLessThan(1.05)
  })
})
