import { describe, expect, test } from 'vitest'
import { hear, KEPT, toLiveBars, toLiveSums } from '../../../src/console/figures/live.ts'
import type { News } from '../../../src/model/live.ts'
import { toReport } from './reports.ts'

describe('what is heard live', () => {
  const report = toReport([
    ['a', 0, 0, 0],
    ['b', 0, 0, 0],
  ])
  const news = (at: number, arms: News['arms']): News => ({ at, arms })
  const heard = [
    news(10_000, { a: { delivered: 2, rewarded: 1 } }),
    news(14_999, { a: { delivered: 3 }, b: { clicked: 1 } }),
    news(15_000, { b: { delivered: 4 }, gone: { delivered: 9 } }),
  ]

  test('is drawn in bars of five seconds, of the last five minutes', () => {
    const bars = toLiveBars(report, heard, 20_000)
    expect(bars.map(({ from, arm, delivered }) => [from, arm, delivered])).toEqual([
      [10_000, 'a', 5],
      [15_000, 'b', 4],
      [15_000, 'gone', 9],
    ])
    expect(bars.map(({ colour }) => colour)).toEqual(['0', '1', 'other'])
    expect(toLiveBars(report, heard, 14_999 + KEPT)).toHaveLength(2)
  })

  test('is summed for each arm that is shown', () => {
    const sums = toLiveSums(report, heard)
    expect(sums.map(({ arm, ...counts }) => [arm.arm, ...Object.values(counts)])).toEqual([
      ['a', 5, 0, 0, 1],
      ['b', 4, 0, 1, 0],
    ])
  })

  test('is forgotten once it is long past, by the reader’s own clock', () => {
    const later = hear(heard, news(1, { a: { delivered: 1 } }), 12_000 + KEPT)
    expect(later.map(({ at }) => at)).toEqual([14_999, 15_000, 12_000 + KEPT])
  })
})
