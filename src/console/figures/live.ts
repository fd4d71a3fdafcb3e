import type { News } from '../../model/live.ts'
import type { ArmReport, Report } from '../../model/report.ts'
import { toColour } from './arms.ts'

/** Milliseconds of news that are kept to look at. */
export const KEPT = 5 * 60_000

/** With one more of them, as of when it came, and without those that are long past. */
export function hear(heard: readonly News[], { arms }: News, now: number): readonly News[] {
  return [...heard.filter(({ at }) => now - at < KEPT), { at: now, arms }]
}

/** Exposures of one arm in a few seconds. */
export interface LiveBar {
  /** Epoch ms: from when on. */
  readonly from: number
  readonly arm: string
  readonly colour: string
  readonly delivered: number
}

/** Milliseconds that a bar stands for. */
export const LIVE_BAR = 5_000

/** What was heard within five minutes of `now`, in bars of a few seconds. */
export function toLiveBars(
  report: Report,
  heard: readonly News[],
  now: number,
): readonly LiveBar[] {
  const bars = new Map<string, LiveBar>()
  for (const { at, arms } of heard.filter((news) => now - news.at < KEPT)) {
    const from = Math.floor(at / LIVE_BAR) * LIVE_BAR
    for (const [arm, { delivered = 0 }] of Object.entries(arms)) {
      const colour = toColour(report, arm)
      const key = `${from} ${arm}`
      const before = bars.get(key)?.delivered ?? 0
      if (delivered > 0) bars.set(key, { from, arm, colour, delivered: before + delivered })
    }
  }
  return [...bars.values()]
}

/** What a live table tells of each arm. */
export const LIVE_COUNTERS = ['delivered', 'seen', 'clicked', 'rewarded'] as const

type LiveCounter = (typeof LIVE_COUNTERS)[number]

/** What was heard of one arm in all. */
export interface LiveSum extends Readonly<Record<LiveCounter, number>> {
  readonly arm: ArmReport
}

export function toLiveSums(report: Report, heard: readonly News[]): readonly LiveSum[] {
  const sum = (arm: string, counter: LiveCounter) =>
    heard.reduce((total, { arms }) => total + (arms[arm]?.[counter] ?? 0), 0)
  return report.arms.map((arm) => ({
    arm,
    delivered: sum(arm.arm, 'delivered'),
    seen: sum(arm.arm, 'seen'),
    clicked: sum(arm.arm, 'clicked'),
    rewarded: sum(arm.arm, 'rewarded'),
  }))
}
