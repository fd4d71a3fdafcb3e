import { expect, test } from 'vitest'
import { readCounts } from '../../../src/console/events/reading.ts'
import { OUTCOMES } from '../../../src/model/event-counts.ts'

const HOUR_MS = 3_600_000
const NOW = 500_000 * HOUR_MS + 1

test('counts are read by the hour and the day, in one order, without what never happened', () => {
  const hours = [
    { hour: 500_000, counts: { too_old: 2, accepted: 5 } },
    { hour: 499_977, counts: { accepted: 7 } },
    { hour: 499_976, counts: { accepted: 100, token_forged: 1 } },
  ]
  expect(readCounts(hours, NOW)).toMatchObject([
    { outcome: 'accepted', lastHour: 5, lastDay: 12 },
    { outcome: 'too_old', lastHour: 2, lastDay: 2 },
  ])
})

test('every outcome has words of its own', () => {
  const counts = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 1]))
  const words = readCounts([{ hour: 500_000, counts }], NOW).map((row) => row.words)
  expect(new Set(words).size).toBe(OUTCOMES.length)
})
