import { expect, test } from 'vitest'
import { readSlot } from '../../../src/console/slots/reading.ts'

const FOUND = { slot: 'hero', pages: 10, missing: 0, repeated: 0, lastFoundAt: 1, framework: '' }

test.each([
  ['found everywhere', FOUND, 'good', /every page/],
  ['gone', { ...FOUND, missing: 10 }, 'warning', /any page/],
  ['sometimes missing', { ...FOUND, missing: 1 }, 'warning', /some pages/],
  ['hydrated', { ...FOUND, framework: 'next' }, 'warning', /next root/],
  ['repeated', { ...FOUND, repeated: 2 }, 'warning', /Several/],
])('a slot %s', (_, health, tone, words) => {
  const reading = readSlot(health)
  expect(reading.tone).toBe(tone)
  expect(reading.words).toMatch(words)
})
