import type { Figures } from '../model/figures.ts'
import { COUNTERS } from '../model/learning.ts'
import type { Lift, Report } from '../model/report.ts'

type Cell = string | number | null

/** Rows as CSV (RFC 4180), safe to open in a spreadsheet. */
function toTable(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(toCell).join(',')}\r\n`).join('')
}

/** A text that a spreadsheet would take for a formula gets a quote in front (OWASP CSV injection). */
function toCell(value: Cell): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** All experiences' arms as they stand. */
export function toFiguresCsv({ experiences }: Figures): string {
  const head = ['experience', 'variant', 'name', 'share', ...COUNTERS, 'best', 'low', 'high']
  const rows = experiences.flatMap((experience) =>
    experience.arms.map(({ arm, name, share, counts, best, interval }) => [
      ...[experience.id, arm, name, share / 10_000],
      ...COUNTERS.map((counter) => counts[counter]),
      ...[best, interval?.[0] ?? null, interval?.[1] ?? null],
    ]),
  )
  return toTable([head, ...rows])
}

const LIFT_COLUMNS = [
  ...['visitors', 'difference', 'once_low', 'once_high', 'always_low', 'always_high'],
  ...['relative', 'relative_once_low', 'relative_once_high'],
  ...['relative_always_low', 'relative_always_high', 'clear'],
]

function toLiftCells(lift: Lift | null): Cell[] {
  const { difference, relative } = lift ?? {}
  const of = (estimate: typeof relative): Cell[] => [
    estimate?.estimate ?? null,
    ...[estimate?.once?.[0] ?? null, estimate?.once?.[1] ?? null],
    ...[estimate?.always?.[0] ?? null, estimate?.always?.[1] ?? null],
  ]
  return [lift?.visitors ?? null, ...of(difference), ...of(relative), lift?.clear ?? null]
}

/** What can be downloaded of a report, one table each. */
export const REPORT_TABLES = ['arms', 'watched', 'days', 'segments', 'history'] as const
export type ReportTable = (typeof REPORT_TABLES)[number]

export function toReportCsv(report: Report, table: ReportTable): string {
  return toTable(TABLES[table](report))
}

const TABLES: Readonly<Record<ReportTable, (report: Report) => (readonly Cell[])[]>> = {
  arms: ({ arms }) => [
    ['variant', 'name', 'share', ...COUNTERS, 'rate', 'low', 'high', 'believed', 'best'].concat(
      'expected_loss',
      LIFT_COLUMNS,
      LIFT_COLUMNS.map((column) => `worth_${column}`),
    ),
    ...arms.map((arm) => [
      ...[arm.arm, arm.name, arm.share / 10_000],
      ...COUNTERS.map((counter) => arm.counts[counter]),
      ...[arm.rate, arm.interval?.[0] ?? null, arm.interval?.[1] ?? null, arm.believed, arm.best],
      ...[arm.expectedLoss, ...toLiftCells(arm.lift), ...toLiftCells(arm.worth)],
    ]),
  ],
  watched: ({ watched }) => [
    ['goal', 'name', 'harm', 'variant', 'shown', 'rewarded', 'rate', ...LIFT_COLUMNS],
    ...watched.flatMap(({ goal, name, harm, arms }) =>
      arms.map(({ arm, shown, rewarded, rate, lift }) => [
        ...[goal, name, harm, arm, shown, rewarded, rate],
        ...toLiftCells(lift),
      ]),
    ),
  ],
  days: ({ days }) => [
    ['day', 'variant', ...COUNTERS],
    ...days.map(({ day, arm, counts }) => [day, arm, ...COUNTERS.map((name) => counts[name])]),
  ],
  segments: ({ segments }) => [
    ['segment', 'variant', 'shown', 'rewarded', 'rate', 'low', 'high', ...LIFT_COLUMNS],
    ...segments.map(({ segment, arm, shown, rewarded, rate, interval, lift }) => [
      ...[segment, arm, shown, rewarded, rate, interval?.[0] ?? null, interval?.[1] ?? null],
      ...toLiftCells(lift),
    ]),
  ],
  history: ({ arms, history }) => [
    ['version', 'at', ...arms.map(({ arm }) => arm)],
    ...history.map(({ version, at, shares }) => [
      ...[version, new Date(at).toISOString()],
      ...arms.map(({ arm }) => (shares[arm] ?? 0) / 10_000),
    ]),
  ],
}
