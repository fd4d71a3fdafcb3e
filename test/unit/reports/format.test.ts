import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chooseLocale, createFormat } from '../../../src/reports/format.ts'

const format = createFormat('en-GB', 'UTC')

describe('rates keep the digits that tell small rates apart', () => {
  test.each([
    [0, '0.0%'],
    [0.0003, '0.03%'],
    [0.0031, '0.31%'],
    [0.0413, '4.1%'],
    [0.5, '50.0%'],
    [1, '100.0%'],
  ])('%d is %s', (value, text) => expect(format.rate(value)).toBe(text))
})

describe('shares are whole percents, except where that would be none', () => {
  test.each([
    [0, '0%'],
    [20, '0.2%'],
    [100, '1%'],
    [6123, '61%'],
    [10_000, '100%'],
  ])('%d ten-thousandths are %s', (value, text) => expect(format.share(value)).toBe(text))
})

describe('parts', () => {
  test.each([
    [0, '0%'],
    [0.934, '93%'],
    [0.0662, '6.6%'],
    [0.0701, '7.0%'],
    [1, '100%'],
  ])('%d is %s', (value, text) => expect(format.part(value)).toBe(text))
})

describe('probabilities', () => {
  test.each([
    [0, '<0.1%'],
    [0.004, '0.4%'],
    [0.6754, '68%'],
    [0.997, '99.7%'],
    [0.99999, '>99.9%'],
    [1, '>99.9%'],
  ])('%d is %s', (value, text) => expect(format.probability(value)).toBe(text))

  test('never look like certainty', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (value) => {
        expect(format.probability(value)).not.toMatch(/^(0|0\.0|100|100\.0)%$/)
      }),
      { seed: 11 },
    )
  })
})

describe('time axes tell their ticks apart', () => {
  const at = Date.UTC(2026, 10, 5, 9, 30, 15)
  test.each([
    ['five minutes', 5 * 60_000, '09:30:15'],
    ['a day', 86_400_000, '09:30'],
    ['three days', 3 * 86_400_000, '5 Nov, 09:30'],
    ['a month', 30 * 86_400_000, '5 Nov'],
    ['three years', 1100 * 86_400_000, 'Nov 2026'],
  ])('over %s', (_, span, text) => expect(format.ticksOver(span)(at)).toBe(text))
})

test('times and counts follow the language', () => {
  const at = Date.UTC(2026, 10, 5, 21, 5, 9)
  expect(format.time(at)).toBe('21:05:09')
  expect(format.moment(at)).toBe('5 Nov 2026, 21:05')
  expect(format.count(1_234_567)).toBe('1,234,567')
  expect(format.compact(1_234_567)).toBe('1.23m')
  expect(createFormat('en-US', 'UTC').moment(at)).toMatch(/^Nov 5, 2026, 9:05\sPM$/u)
})

describe('the language is English, in the reader’s own kind', () => {
  test.each([
    [['sv-SE', 'en-IE', 'en'], 'en-IE'],
    [['EN-us'], 'EN-us'],
    [['sv', 'de'], 'en-GB'],
    [[], 'en-GB'],
  ])('%j gives %s', (preferred, locale) => expect(chooseLocale(preferred)).toBe(locale))
})
