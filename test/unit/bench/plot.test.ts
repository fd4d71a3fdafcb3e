import { expect, test } from 'vitest'
import { drawPlot, logScale, ticksFor } from '../../bench/plot.ts'

const PLOT = { name: 'size', title: 'Cost by <size>', x: 'kB' }

const line = (label: string, ys: readonly number[]) => ({
  plot: PLOT,
  label,
  points: ys.map((y, n) => ({ x: 10 ** (n + 1), y })),
})

test('a scale gives each power of ten the same length', () => {
  const scale = logScale([1, 1000], [0, 300])
  expect([1, 10, 100, 1000].map((value) => Math.round(scale(value)))).toEqual([0, 100, 200, 300])
})

test('a scale can run upwards, where pixels count downwards', () => {
  const scale = logScale([1, 100], [200, 0])
  expect(scale(1)).toBe(200)
  expect(scale(10)).toBeCloseTo(100)
  expect(scale(100)).toBeCloseTo(0)
})

test('ticks enclose the range', () => {
  expect(ticksFor([0.5, 2])).toEqual([0.5, 1, 2])
  expect(ticksFor([0.7, 13])).toEqual([0.5, 1, 2, 5, 10, 20])
})

test('a drawing has every point of every line inside its frame', () => {
  const drawing = drawPlot(PLOT, [line('spliced', [1, 1.2, 4]), line('streamed', [1, 9, 88])])
  const lines = [...drawing.matchAll(/polyline points="([^"]+)"/g)].map(([, points = '']) =>
    points.split(' ').map((point) => point.split(',').map(Number)),
  )
  expect(lines.map((points) => points.length)).toEqual([3, 3])
  const [, , width = 0, height = 0] =
    /viewBox="([^"]+)"/.exec(drawing)?.[1]?.split(' ').map(Number) ?? []
  for (const [x = -1, y = -1] of lines.flat()) {
    expect(x).toBeGreaterThan(0)
    expect(x).toBeLessThan(width)
    expect(y).toBeGreaterThan(0)
    expect(y).toBeLessThan(height)
  }
  const last = lines.map((points) => points.at(-1)?.[1] ?? 0)
  expect(last[0]).toBeGreaterThan(last[1] ?? 0)
})

test('words cannot become markup', () => {
  const drawing = drawPlot(PLOT, [line('a & b', [1, 2])])
  expect(drawing).toContain('Cost by &lt;size>')
  expect(drawing).toContain('a &amp; b')
})
