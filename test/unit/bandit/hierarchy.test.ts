import { describe, expect, test } from 'vitest'
import { mean } from '../../../src/bandit/beta.ts'
import { bestBySegment, explain } from '../../../src/bandit/hierarchy.ts'
import { drawBest } from './draws.ts'

const arm = (trials: number, rate: number) => ({ trials, rewarded: Math.round(trials * rate) })

/** An arm's believed rate in a segment, over all explanations. */
function rateOf(segments: Parameters<typeof explain>[0], g: number, k: number): number {
  return explain(segments).reduce(
    (sum, { weight, rates }) => sum + weight * mean(rates[g]?.[k] ?? { a: 0, b: 1 }),
    0,
  )
}

describe('rates by segment', () => {
  const alike = [
    [arm(50_000, 0.02), arm(50_000, 0.03)],
    [arm(50_000, 0.06), arm(50_000, 0.09)],
    [arm(40, 0.05), arm(40, 0.05)],
  ]

  test('of a thin segment stand to each other as everywhere else', () => {
    expect(rateOf(alike, 2, 1) / rateOf(alike, 2, 0)).toBeGreaterThan(1.3)
    expect(rateOf(alike, 2, 1) / rateOf(alike, 2, 0)).toBeLessThan(1.6)
    expect(bestBySegment(alike)[2]?.[1]).toBeGreaterThan(0.8)
  })

  test('of a segment that is known well are its own, however much others differ', () => {
    const crossing = [...alike, [arm(50_000, 0.05), arm(50_000, 0.03)]]
    expect(rateOf(crossing, 3, 0)).toBeCloseTo(0.05, 3)
    expect(bestBySegment(crossing)[3]?.[0]).toBeGreaterThan(0.99)
    expect(bestBySegment(crossing)[0]?.[1]).toBeGreaterThan(0.99)
  })

  test('of a thin segment say less where known ones differ from each other', () => {
    const crossing = [
      [arm(50_000, 0.03), arm(50_000, 0.06)],
      [arm(50_000, 0.06), arm(50_000, 0.03)],
      [arm(50_000, 0.02), arm(50_000, 0.045)],
      [arm(40, 0.05), arm(40, 0.05)],
    ]
    expect(bestBySegment(crossing)[3]?.[1]).toBeLessThan(bestBySegment(alike)[2]?.[1] ?? 0)
  })

  test('say nothing without data', () => {
    const [none = []] = bestBySegment([[arm(0, 0), arm(0, 0), arm(0, 0)]])
    for (const chance of none) expect(chance).toBeCloseTo(1 / 3, 9)
  })

  test.each([
    [
      'little known',
      [
        [arm(300, 0.03), arm(250, 0.035), arm(120, 0.05)],
        [arm(70, 0.06), arm(90, 0.03), arm(40, 0.05)],
      ],
    ],
    [
      'much known',
      [
        [arm(9000, 0.03), arm(9500, 0.034), arm(4000, 0.031)],
        [arm(2000, 0.06), arm(2900, 0.05), arm(2900, 0.055)],
        [arm(60, 0.03), arm(10, 0.1), arm(30, 0.03)],
      ],
    ],
  ])('agree with draws from the posterior they stand for: %s', (_, segments) => {
    const drawn = drawBest(segments, 3)
    for (const [g, chances] of bestBySegment(segments).entries()) {
      for (const [k, chance] of chances.entries()) {
        expect(Math.abs(chance - (drawn[g]?.[k] ?? Number.NaN))).toBeLessThan(0.03)
      }
    }
  })

  test('are numbers whatever the counts', () => {
    const extreme = [
      [arm(1e15, 0.5), arm(0, 0), arm(1e-9, 0)],
      [arm(10, 1), arm(1e9, 1), arm(1e9, 0)],
    ]
    for (const chances of bestBySegment(extreme)) {
      expect(chances.every(Number.isFinite)).toBe(true)
      expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 9)
    }
  })
})
