import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addCells,
  type Cell,
  record,
  subtractCells,
  sumCells,
  type Timeline,
} from '../../../src/bandit/timeline.ts'
import { NO_COUNTS } from '../../../src/model/learning.ts'

const SECOND = 1000
const DAY = 86_400_000

const seen = (delivered: number, variant = 'a', segment = ''): Cell => ({
  ...{ segment, variant, counts: { ...NO_COUNTS, delivered } },
})

const total = (cells: readonly Cell[]) =>
  cells.reduce((sum, { counts }) => sum + counts.delivered, 0)

/** One report after another, each `wait` ms after the one before. */
function told(reports: readonly (readonly [wait: number, cells: readonly Cell[]])[], start = DAY) {
  let [timeline, now]: [Timeline, number] = [[], start]
  for (const [wait, cells] of reports) {
    now += wait
    timeline = record(timeline, cells, now)
  }
  return { timeline, now }
}

const anyCell = fc
  .tuple(
    fc.integer({ min: -50, max: 1000 }),
    fc.constantFrom('a', 'b', '__proto__'),
    fc.constantFrom('', 'x'),
  )
  .map(([count, variant, segment]) => seen(count, variant, segment))
const anyReports = fc.array(
  fc.tuple(fc.integer({ min: -1e6, max: 1e7 }), fc.array(anyCell, { maxLength: 4 })),
  { maxLength: 60 },
)

describe('a timeline', () => {
  test('loses nothing and counts nothing twice, whatever the clock does', () => {
    fc.assert(
      fc.property(anyReports, (reports) => {
        const { timeline } = told(reports)
        const all = reports.flatMap(([, cells]) => cells)
        const key = ({ segment, variant }: Cell) => `${segment}/${variant}`
        for (const [name, cells] of Map.groupBy(all, key)) {
          const kept = sumCells(timeline).filter((cell) => key(cell) === name)
          expect(kept).toHaveLength(1)
          expect(total(kept)).toBe(total(cells))
        }
      }),
      { seed: 1, numRuns: 200 },
    )
  })

  test('stays in order, its slices apart from each other', () => {
    fc.assert(
      fc.property(anyReports, (reports) => {
        const { timeline } = told(reports)
        for (const [place, { from, until }] of timeline.entries()) {
          expect(until).toBeGreaterThanOrEqual(from)
          if (place > 0) expect(from).toBeGreaterThanOrEqual(timeline[place - 1]?.until ?? 0)
        }
        expect(new Set(timeline.map(({ from }) => from)).size).toBe(timeline.length)
      }),
      { seed: 2, numRuns: 200 },
    )
  })

  test('is short after a report every second for a day, and knows ages to a quarter', () => {
    const { timeline, now } = told(Array.from({ length: 86_400 }, () => [SECOND, [seen(1)]]))
    expect(total(sumCells(timeline))).toBe(86_400)
    expect(timeline.length).toBeLessThan(70)
    for (const { from, until } of timeline) {
      expect(until - from).toBeLessThanOrEqual(Math.max(2 * SECOND, 0.25 * (now - until)))
    }
  })

  test('has a slice a second, however many reports come in it', () => {
    const { timeline } = told(Array.from({ length: 500 }, () => [10, [seen(1)]]))
    expect(timeline.length).toBeLessThanOrEqual(6)
  })

  test('goes back with a clock that is set back, so that nothing is in the future', () => {
    const { timeline, now } = told([
      [0, [seen(5)]],
      [400 * DAY, [seen(7)]],
      [-400 * DAY + SECOND, [seen(9)]],
    ])
    expect(timeline.at(-1)?.until).toBe(now)
    expect(total(sumCells(timeline))).toBe(21)
  })
})

test('taking away what was added leaves what was there', () => {
  fc.assert(
    fc.property(fc.array(anyCell), fc.array(anyCell), (left, right) => {
      const rest = subtractCells(addCells(addCells([], left), right), right)
      const kept = addCells([], left).filter(({ counts }) => counts.delivered !== 0)
      expect(new Set(rest)).toEqual(new Set(kept))
    }),
    { seed: 3, numRuns: 200 },
  )
})
