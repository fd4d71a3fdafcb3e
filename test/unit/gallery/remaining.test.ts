import { expect, test } from 'vitest'
import { remaining } from '../../../templates/gallery/remaining.ts'

const DAY = 86_400_000

test.each([
  [2 * DAY + 4 * 3_600_000 + 9 * 60_000 + 5000, '2 d 4 h 9 min'],
  [DAY, '1 d 0 h 0 min'],
  [DAY - 1000, '23 h 59 min 59 s'],
  [61_000, '1 min 1 s'],
  [999, '0 s'],
  [400 * DAY, '400 d 0 h 0 min'],
  [0, undefined],
  [-5, undefined],
  [Number.NaN, undefined],
])('%d ms before it is over: %s', (left, text) => {
  expect(remaining(1_000_000 + left, 1_000_000)).toBe(text)
})
