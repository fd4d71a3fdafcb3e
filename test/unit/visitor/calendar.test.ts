import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { distance } from '../../../src/visitor/calendar.ts'

/** A date, today, and from one to the other: calendar days, full years, days to the next anniversary. */
const VECTORS: readonly (readonly [string, string, string, number, number, number])[] = [
  ['born today', '2026-11-26', '2026-11-26', 0, 0, 0],
  ['a day old', '2026-11-25', '2026-11-26', 1, 0, 364],
  ['18 tomorrow', '2008-11-27', '2026-11-26', 6573, 17, 1],
  ['18 today', '2008-11-26', '2026-11-26', 6574, 18, 0],
  ['18 yesterday', '2008-11-25', '2026-11-26', 6575, 18, 364],
  ['18 on New Year’s Day, the eve', '2009-01-01', '2026-12-31', 6573, 17, 1],
  ['18 on New Year’s Day', '2009-01-01', '2027-01-01', 6574, 18, 0],
  [
    'born on 29 February, of age on 1 March: the day before',
    '2008-02-29',
    '2026-02-28',
    6574,
    17,
    1,
  ],
  ['born on 29 February, of age on 1 March', '2008-02-29', '2026-03-01', 6575, 18, 0],
  ['born on 29 February, in a year that has one', '2008-02-29', '2028-02-29', 7305, 20, 0],
  ['the day before it', '2008-02-29', '2028-02-28', 7304, 19, 1],
  ['from one 1 March, over a leap day', '2007-03-01', '2008-02-29', 365, 0, 1],
  ['30 days after a contract', '2026-10-27', '2026-11-26', 30, 0, 335],
  ['29 days after, where it is still yesterday', '2026-10-27', '2026-11-25', 29, 0, 336],
  ['to come tomorrow', '2026-11-27', '2026-11-26', -1, -1, 1],
  ['to come in a year', '2027-11-26', '2026-11-26', -365, -1, 0],
  ['over a change of clocks', '2026-10-24', '2026-10-26', 2, 0, 363],
  ['in a century without a leap day', '1899-03-01', '1900-03-01', 365, 1, 0],
  ['of the year 99', '0099-12-31', '0100-12-31', 365, 1, 0],
]

describe('from a date to today', () => {
  test.each(VECTORS)('%s', (_, date, today, days, years, daysToNext) => {
    expect(distance(date, today)).toEqual({ days, years, daysToNext })
  })

  test.each([
    ...['2001-02-29', '1900-02-29', '2026-04-31', '2026-13-01', '2026-00-10', '2026-01-00'],
    ...['2026-1-1', '26-01-01', '2026-01-01T00:00:00Z', ' 2026-01-01', '2026/01/01', '', 'x'],
    ...['+2026-01-01', '2026-01-01\n', '٢٠٢٦-٠١-٠١'],
  ])('“%s” is no day', (text) => {
    expect(distance(text, '2026-11-26')).toBeUndefined()
    expect(distance('2026-11-26', text)).toBeUndefined()
  })

  const days = fc
    .integer({ min: Date.UTC(1900, 0, 1) / 86_400_000, max: Date.UTC(2100, 0, 1) / 86_400_000 })
    .map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10))

  test('a year is full on its anniversary and not before', () => {
    const property = fc.property(days, days, (date, today) => {
      const found = distance(date, today)
      if (!found) throw new Error('Both are days.')
      expect(found.days).toBe((Date.parse(today) - Date.parse(date)) / 86_400_000)
      expect(found.daysToNext).toBeGreaterThanOrEqual(0)
      expect(found.daysToNext).toBeLessThanOrEqual(366)
      const next = new Date(Date.parse(today) + found.daysToNext * 86_400_000)
      const then = distance(date, next.toISOString().slice(0, 10))
      expect(then).toMatchObject({
        daysToNext: 0,
        years: found.years + (found.daysToNext > 0 ? 1 : 0),
      })
    })
    fc.assert(property, { seed: 1, numRuns: 1000 })
  })
})
