import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Recent, WINDOWS } from '../../../src/model/profile.ts'
import {
  changesAt,
  daysWithin,
  mergeRecent,
  NOTHING_RECENT,
  record,
  within,
} from '../../../src/visitor/recent.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A midnight (UTC): the edge of a bucket of every size. */
const EDGE = Date.UTC(2026, 10, 26)

type Amount = readonly [at: number, amount: number]

function recorded(amounts: readonly Amount[]): Recent {
  let newest = 0
  return amounts.reduce((recent, [at, amount]) => {
    newest = Math.max(newest, at)
    return record(recent, at, amount, newest)
  }, NOTHING_RECENT)
}

const { '1h': H1, '6h': H6, '24h': H24, '7d': D7, '30d': D30, '90d': D90 } = WINDOWS

describe('within a window', () => {
  test.each<[string, window: number, at: number, now: number, expected: number]>([
    ['what fell this very moment', H1, EDGE, EDGE, 1],
    ['at the end of the hour', H1, EDGE, EDGE + H1, 1],
    ['up to a bucket of five minutes later', H1, EDGE, EDGE + H1 + 5 * MINUTE - 1, 1],
    ['and no more', H1, EDGE, EDGE + H1 + 5 * MINUTE, 0],
    ['not so where it fell at its bucket’s end', H1, EDGE - 1, EDGE + H1, 0],
    ['six hours, to the hour', H6, EDGE, EDGE + H6 + HOUR - 1, 1],
    ['six hours and more', H6, EDGE, EDGE + H6 + HOUR, 0],
    ['a day, to the hour', H24, EDGE, EDGE + H24 + HOUR - 1, 1],
    ['a day and more', H24, EDGE, EDGE + H24 + HOUR, 0],
    ['a week, to the day', D7, EDGE, EDGE + D7 + DAY - 1, 1],
    ['a week and more', D7, EDGE, EDGE + D7 + DAY, 0],
    ['30 days, to the day', D30, EDGE, EDGE + D30 + DAY - 1, 1],
    ['30 days and more', D30, EDGE, EDGE + D30 + DAY, 0],
    ['90 days, to the day', D90, EDGE, EDGE + D90 + DAY - 1, 1],
    ['90 days and more', D90, EDGE, EDGE + D90 + DAY, 0],
  ])('counts %s', (_, window, at, now, expected) => {
    expect(within(recorded([[at, 1]]), window, now)).toBe(expected)
  })

  test('adds thousandths up exactly', () => {
    const tenths = Array.from({ length: 10 }, (_, n): Amount => [EDGE + n, 0.1])
    expect(within(recorded(tenths), H1, EDGE + 10)).toBe(1)
    expect(
      within(
        recorded([
          [EDGE, 0.1],
          [EDGE, 0.2],
        ]),
        D7,
        EDGE,
      ),
    ).toBe(0.3)
  })

  test('counts active days, not how much fell on them', () => {
    const recent = recorded([
      [EDGE - 8 * DAY, 1],
      [EDGE - DAY, 1],
      [EDGE - DAY + 1, 9],
      [EDGE, 1],
    ])
    expect([D7, D30].map((window) => daysWithin(recent, window, EDGE + HOUR))).toEqual([2, 3])
  })
})

const windows = fc.constantFrom(...Object.values(WINDOWS))
const amounts = fc.array(
  fc.tuple(
    fc.oneof(
      fc.integer({ min: EDGE - 100 * DAY, max: EDGE }),
      fc.integer({ min: EDGE - 3 * HOUR, max: EDGE }),
    ),
    fc.integer({ min: 1, max: 5000 }).map((n) => n / 1000),
  ),
  { maxLength: 30 },
)

/** The size of the buckets that a window is read from, as docs/visitors.md tells it. */
const grainOf = (window: number) =>
  window <= 2 * HOUR ? 5 * MINUTE : window <= 2 * DAY ? HOUR : DAY

describe('whatever fell, and in whatever order', () => {
  const shuffled = amounts.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }), fc.nat(30)),
  )

  test('the buckets are the same, also of two parts that are merged', () => {
    const property = fc.property(shuffled, ([all, other, cut]) => {
      const whole = recorded(all)
      expect(recorded(other)).toEqual(whole)
      const parts = [other.slice(0, cut), other.slice(cut)] as const
      const newest = Math.max(0, ...all.map(([at]) => at))
      const [one, two] = parts.map(recorded)
      if (!one || !two) throw new Error('There are two parts.')
      expect(mergeRecent(one, two, newest)).toEqual(whole)
      expect(mergeRecent(two, one, newest)).toEqual(whole)
    })
    fc.assert(property, { seed: 1, numRuns: 300 })
  })

  test('a window counts all that fell in it, and at most one bucket more', () => {
    const property = fc.property(amounts, windows, fc.nat(95 * DAY), (all, window, later) => {
      const now = EDGE + later
      const sumSince = (from: number) =>
        all.filter(([at]) => at >= from).reduce((sum, [, amount]) => sum + amount, 0)
      const found = within(recorded(all), window, now)
      expect(found).toBeGreaterThanOrEqual(sumSince(now - window) - 1e-9)
      expect(found).toBeLessThanOrEqual(sumSince(now - window - grainOf(window) + 1) + 1e-9)
    })
    fc.assert(property, { seed: 2, numRuns: 500 })
  })

  test('it is the same until it is said to change, and another from then on', () => {
    const property = fc.property(amounts, windows, fc.nat(2 * DAY), (all, window, later) => {
      const recent = recorded(all)
      const now = EDGE + later
      const [sum, days] = [within(recent, window, now), daysWithin(recent, window, now)]
      const changes = changesAt(recent, window, now)
      if (changes === Number.POSITIVE_INFINITY) {
        expect(sum).toBe(0)
        return
      }
      expect(changes).toBeGreaterThan(now)
      expect(within(recent, window, changes - 1)).toBe(sum)
      expect(within(recent, window, changes)).toBeLessThan(sum)
      if (window > 2 * DAY) expect(daysWithin(recent, window, changes - 1)).toBe(days)
    })
    fc.assert(property, { seed: 3, numRuns: 500 })
  })

  test('a visitor’s buckets are few, however long it goes on', () => {
    const monthsLong = Array.from({ length: 24 * 120 }, (_, n): Amount => [EDGE + n * HOUR, 1])
    const { fives, hours, days } = recorded(monthsLong)
    expect([fives, hours, days].map((level) => Object.keys(level).length)).toEqual([3, 49, 91])
  })
})
