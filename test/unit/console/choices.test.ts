import { expect, test } from 'vitest'
import { toChoices } from '../../../src/console/figures/choices.ts'
import { NO_COUNTS } from '../../../src/model/learning.ts'
import { toReport } from './reports.ts'

const report = toReport(
  [
    ['a', 5000, 10, 1],
    ['b', 5000, 10, 1],
  ],
  { days: [{ day: '2026-11-01', arm: 'a', counts: NO_COUNTS }] },
)
const chosen = (wish: Parameters<typeof toChoices>[1]) =>
  toChoices(report, wish).map(({ name, value, options }) => [
    ...[name, value],
    options.map(([key]) => key),
  ])

test.each([
  [{}, '30', ['7', '30', '90']],
  [{ days: '7' }, '7', ['7', '30', '90']],
  [{ days: '14' }, '14', ['7', '30', '90', '14']],
])('what is asked for is what is shown as chosen: %j', (wish, value, options) => {
  expect(chosen(wish)).toEqual([['days', value, options]])
})

test('there is nothing to choose where there is no choice', () => {
  expect(toChoices({ ...report, days: [] }, {})).toEqual([])
})
