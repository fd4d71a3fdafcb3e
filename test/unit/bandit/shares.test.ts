import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { covers, evenShares, floored, toRecord, toShares } from '../../../src/bandit/shares.ts'
import { SHARES } from '../../../src/model/learning.ts'

const weight = fc.oneof(
  fc.constant(0),
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
)
const weights = fc.array(weight, { minLength: 1, maxLength: 300 })
const ordinary = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), {
  minLength: 1,
  maxLength: 50,
})

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

describe('floored', () => {
  test('lifts by the formula', () => {
    expect(floored([0.9, 0.1, 0], 0.01).map((w) => w.toFixed(4))).toEqual([
      '0.8830',
      '0.1070',
      '0.0100',
    ])
  })

  test('keeps a sum of 1 and leaves no arm below the floor', () => {
    fc.assert(
      fc.property(ordinary, fc.double({ min: 0, max: 0.2, noNaN: true }), (raw, floor) => {
        const lifted = floored(
          raw.map((w) => w / sum(raw)),
          floor,
        )
        const least = Math.min(floor, 0.8 / raw.length)
        expect(sum(lifted)).toBeCloseTo(1, 12)
        expect(Math.min(...lifted)).toBeGreaterThanOrEqual(least)
      }),
      { seed: 1 },
    )
  })

  test('is lowered where the arms are too many for it', () => {
    const leader = floored([1, ...Array(199).fill(0)], 0.01)
    expect(leader[0]).toBeCloseTo(0.204, 12)
    expect(leader[1]).toBeCloseTo(0.004, 12)
  })
})

describe('toShares', () => {
  test.each([
    [
      [1, 1, 1],
      [3334, 3333, 3333],
    ],
    [
      [0.5, 0.25, 0.25],
      [5000, 2500, 2500],
    ],
    [
      [3, 0, 1],
      [7500, 0, 2500],
    ],
    [
      [1, 1e-9],
      [9999, 1],
    ],
    [
      [0, 0],
      [5000, 5000],
    ],
    [
      [Number.NaN, -1, Number.POSITIVE_INFINITY, 2],
      [0, 0, 0, 10_000],
    ],
    [[Number.NaN], [10_000]],
    [
      [Number.MAX_VALUE, Number.MAX_VALUE, Number.MIN_VALUE],
      [5000, 4999, 1],
    ],
    [[], []],
  ])('of %j is %j', (given, shares) => {
    expect(toShares(given)).toEqual(shares)
  })

  test('are whole, sum exactly, keep zeros, and give each positive weight one', () => {
    fc.assert(
      fc.property(weights, (given) => {
        const shares = toShares(given)
        expect(sum(shares)).toBe(SHARES)
        expect(shares.every((share) => Number.isInteger(share) && share >= 0)).toBe(true)
        if (sum(given) === 0) return
        expect(shares.map((share) => share > 0)).toEqual(given.map((w) => w > 0))
      }),
      { seed: 2, numRuns: 500 },
    )
  })

  test('are within one of their due', () => {
    fc.assert(
      fc.property(ordinary, (given) => {
        const shares = toShares(given)
        for (const [k, share] of shares.entries()) {
          expect(Math.abs(share - ((given[k] ?? 0) * SHARES) / sum(given))).toBeLessThan(1)
        }
      }),
      { seed: 3 },
    )
  })

  test('of as many and of more weights than there are shares', () => {
    expect(toShares(Array(SHARES).fill(0.3))).toEqual(Array(SHARES).fill(1))
    expect(sum(toShares(Array(SHARES + 5).fill(0.3)))).toBe(SHARES)
  })
})

test.each([
  [1, [10_000]],
  [3, [3334, 3333, 3333]],
  [0, []],
])('evenShares of %d', (count, shares) => {
  expect(evenShares(count)).toEqual(shares)
})

describe('covers', () => {
  const arms = ['a', '__proto__', 'constructor']
  const weights = { version: 1, at: 0, shares: { '': toRecord(arms, [1, 2, 9997]) } }

  test('the arms that the weights were made for, in any order and after JSON', () => {
    expect(covers(weights, arms.toReversed())).toBe(true)
    expect(covers(JSON.parse(JSON.stringify(weights)), arms)).toBe(true)
  })

  test('neither fewer nor more nor others', () => {
    expect(covers(weights, ['a', 'constructor'])).toBe(false)
    expect(covers(weights, [...arms, 'b'])).toBe(false)
    expect(covers(weights, ['a', '__proto__', 'toString'])).toBe(false)
    expect(covers({ version: 1, at: 0, shares: {} }, ['a'])).toBe(false)
  })
})
