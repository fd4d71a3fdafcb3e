import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { localDays } from '../../../src/reports/days.ts'

const hoursOf = (now: number, zone: string, day: string) => {
  const found = localDays(now, 30, zone).find((one) => one.day === day)
  return found && found.until - found.from
}

describe('days of a calendar', () => {
  test.each([
    ['an ordinary day', Date.UTC(2026, 3, 10), 'Europe/Rome', '2026-04-05', 24],
    ['the day on which clocks go forward', Date.UTC(2026, 3, 10), 'Europe/Rome', '2026-03-29', 23],
    ['the day on which they go back', Date.UTC(2026, 9, 30), 'Europe/Rome', '2026-10-25', 25],
    [
      'a day whose midnight is skipped',
      Date.UTC(2026, 8, 20),
      'America/Santiago',
      '2026-09-06',
      23,
    ],
    ['a day of a zone on the half hour', Date.UTC(2026, 3, 10), 'Asia/Kolkata', '2026-04-05', 24],
  ])('%s', (_, now, zone, day, hours) => expect(hoursOf(now, zone, day)).toBe(hours))

  test('follow each other without a gap, up to now', () => {
    const zones = fc.constantFrom(
      'UTC',
      'Europe/Rome',
      'America/Santiago',
      'Asia/Kolkata',
      'Pacific/Apia',
    )
    const at = fc.integer({ min: Date.UTC(2010, 0), max: Date.UTC(2035, 0) })
    fc.assert(
      fc.property(at, zones, fc.integer({ min: 1, max: 60 }), (now, zone, count) => {
        const days = localDays(now, count, zone)
        expect(days.length).toBe(count)
        expect(days.at(-1)?.until).toBe(Math.floor(now / 3_600_000) + 1)
        for (const [place, { from }] of days.entries()) {
          if (place > 0) expect(from).toBe(days[place - 1]?.until)
        }
      }),
      { seed: 1, numRuns: 40 },
    )
  })
})
