import { describe, expect, test } from 'vitest'
import { chiSquareTail } from '../../../src/bandit/chi-square.ts'

describe('chiSquareTail', () => {
  test.each([0.001, 0.5, 1, 3, 9, 40, 700])('of two degrees at %s is e^(−x/2)', (x) => {
    expect(chiSquareTail(x, 2) / Math.exp(-x / 2)).toBeCloseTo(1, 12)
  })

  test.each([0.1, 2, 10, 60])('of four degrees at %s is e^(−x/2) (1 + x/2)', (x) => {
    expect(chiSquareTail(x, 4) / (Math.exp(-x / 2) * (1 + x / 2))).toBeCloseTo(1, 12)
  })

  test.each([
    [1, 3.841458820694124, 0.05],
    [1, 10.827566170662733, 0.001],
    [3, 7.814727903251179, 0.05],
    [7, 14.067140449340169, 0.05],
    [19, 30.14352720564616, 0.05],
    [100, 124.34211340400408, 0.05],
  ])('of %i degrees at the table’s %d is %d', (degrees, x, p) => {
    expect(chiSquareTail(x, degrees)).toBeCloseTo(p, 10)
  })

  test('is 1 where there is nothing to test, and never less than 0', () => {
    expect(chiSquareTail(0, 3)).toBe(1)
    expect(chiSquareTail(Number.NaN, 3)).toBe(1)
    expect(chiSquareTail(5, 0)).toBe(1)
    expect(chiSquareTail(Number.POSITIVE_INFINITY, 3)).toBe(0)
    expect(chiSquareTail(1e6, 3)).toBe(0)
  })
})
