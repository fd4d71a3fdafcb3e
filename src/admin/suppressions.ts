import type { Counted } from '../site/period-counts.ts'

/** How often a policy kept variants from pages on one day (UTC), by its very wording and the reason. */
export interface SuppressionCount {
  /** `2026-11-26`. */
  readonly day: string
  readonly policy: string
  /** Name of the wording. */
  readonly version: string
  readonly reason: string
  /** Variants × page views. */
  readonly count: number
}

/** A board's counts, one row for each policy, wording and reason; newest day first. */
export function toSuppressionCounts(days: readonly Counted[]): SuppressionCount[] {
  return days.flatMap(({ period, counts }) => {
    const day = new Date(period * 86_400_000).toISOString().slice(0, 10)
    return Object.entries(counts).map(([name, count]) => {
      const [policy = '', version = '', reason = ''] = name.split('/')
      return { day, policy, version, reason, count }
    })
  })
}
