import type { History } from '../model/history.ts'
import { type Counts, NO_COUNTS, plus, type Total } from '../model/learning.ts'
import { record, type Timeline } from './timeline.ts'

/** Counts of one arm in one hour, absolute. */
export interface Hourly {
  /** Hours since the epoch. */
  readonly hour: number
  readonly variant: string
  readonly segment: string
  readonly counts: Counts
}

/** A history as a learner keeps it: each version, segment and arm, and each hour of an arm, once. */
export interface HistoryRows {
  readonly totals: readonly Total[]
  readonly hours: readonly Hourly[]
}

const HOUR_MS = 3_600_000

/** A history's rows, and the same as a learner would have been told it hour by hour. */
export function toRows({ totals, hours }: History): { rows: HistoryRows; timeline: Timeline } {
  const rows = {
    totals: joined(totals, ({ version, segment, variant }) => [version, segment, variant]),
    hours: joined(hours, ({ hour, segment, variant }) => [hour, segment, variant]),
  }
  const byHour = Map.groupBy(rows.hours, ({ hour }) => hour)
  const timeline = [...byHour]
    .sort(([left], [right]) => left - right)
    .reduce<Timeline>((told, [hour, cells]) => record(told, cells, (hour + 1) * HOUR_MS), [])
  return { rows, timeline }
}

/** Rows of one key become one. */
function joined<T extends { readonly counts: Partial<Counts> }>(
  list: readonly T[],
  keyOf: (row: T) => readonly unknown[],
): (Omit<T, 'counts'> & { readonly counts: Counts })[] {
  const rows = new Map<string, Omit<T, 'counts'> & { counts: Counts }>()
  for (const row of list) {
    const key = JSON.stringify(keyOf(row))
    const counts = plus(rows.get(key)?.counts ?? NO_COUNTS, row.counts)
    rows.set(key, { ...row, counts })
  }
  return [...rows.values()]
}
