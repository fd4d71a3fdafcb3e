import { expect, test } from 'vitest'
import type { Figure } from '../../bench/figure.ts'
import { toReport, toTable } from '../../bench/report.ts'

const figure = (name: string, more: Partial<Figure> = {}): Figure => ({
  figure: name,
  ours: 3,
  peer: 2,
  ratio: 1.5,
  goal: null,
  unit: 'requests/s',
  note: 'against a proxy',
  ...more,
})

const met = figure('page.vs-proxy', { goal: { sign: '>=', bound: 1.2 } })
const missed = figure('page.vs-constant', { goal: { sign: '<=', bound: 1 } })
const plot = { name: 'size', title: 'Cost by size', x: 'kB' }
const series = (label: string) => ({
  plot,
  label,
  points: [
    { x: 1, y: 1 },
    { x: 10, y: 2 },
  ],
})

const run = { failed: [], machine: '2 × processor', date: '2026-11-22' }

test('a row says whether the goal is met', () => {
  const rows = toTable([met, missed, figure('decide.cost')]).split('\n')
  expect(rows[2]).toBe('| `decide.cost` | 3 | 2 | requests/s | 1.5 | – | – | against a proxy |')
  expect(rows[3]).toBe(
    '| `page.vs-proxy` | 3 | 2 | requests/s | 1.5 | >= 1.2 | yes | against a proxy |',
  )
  expect(rows[4]).toContain('| <= 1 | **missed** |')
})

test('a note cannot break the table', () => {
  const [, , row = ''] = toTable([figure('a.b', { note: 'one | two\nthree' })]).split('\n')
  expect(row.endsWith('| one \\| two three |')).toBe(true)
})

test('the page names what is missed and what could not be measured', () => {
  const page = toReport({ ...run, figures: [met, missed], failed: ['guard.cost'] })['bench.md']
  expect(page).toContain('Of 2 figures with a goal, 1 meet it. Missed: `page.vs-constant`.')
  expect(page).toContain('Not measured, as something failed: `guard.cost`.')
  expect(page).toContain('2026-11-22: 2 × processor')
})

test('lines of one plot share a drawing, which the page shows', () => {
  const figures = [
    figure('growth.a', { series: series('spliced') }),
    figure('growth.b', { series: series('streamed') }),
  ]
  const files = toReport({ ...run, figures })
  expect(Object.keys(files)).toEqual(['bench.md', 'bench-size.svg'])
  expect(files['bench.md']).toContain('![Cost by size](bench-size.svg)')
  expect(files['bench-size.svg']).toContain('spliced')
  expect(files['bench-size.svg']).toContain('streamed')
})
