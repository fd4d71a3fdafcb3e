import { SHARES } from '../../model/learning.ts'
import type { Report } from '../../model/report.ts'
import { calendarOf } from '../../reports/days.ts'
import { isHoldout, toArmName, toColour, toVariants } from './arms.ts'

/** Published shares. */
type Version = Report['history'][number]

/** One arm's share from a moment on. */
export interface ShareRow {
  /** Epoch ms. */
  readonly at: number
  readonly arm: string
  readonly colour: string
  /** 0–1. */
  readonly share: number
}

/** One arm's rate with its interval, for a dot and a line. */
export interface RateRow {
  readonly arm: string
  readonly name: string
  readonly colour: string
  readonly holdout: boolean
  /** 0–1; null without trials. */
  readonly rate: number | null
  readonly low: number | null
  readonly high: number | null
}

/** Versions drawn at most: more steps than this are finer than a plot's pixels. */
export const MOST_STEPS = 240

/**
 * Steps of the stacked plot: each version's shares from its publication on, the newest carried on
 * to `until` (epoch ms), arms in the order of the experience, and on top what arms not shown get.
 */
export function toShareRows(experience: Report, until: number): readonly ShareRow[] {
  const steps = thin(experience.history, MOST_STEPS)
  const newest = steps.at(-1)
  if (newest === undefined) return []
  const arms = toVariants(experience).map(({ arm }) => ({ arm, colour: toColour(experience, arm) }))
  return [...steps, { ...newest, at: Math.max(until, newest.at) }].flatMap(({ at, shares }) => {
    const rows = arms.map((arm) => ({ ...arm, at, share: (shares[arm.arm] ?? 0) / SHARES }))
    const rest = toRest(shares, rows)
    return rest > 0 ? [...rows, { arm: REST, colour: 'other', at, share: rest }] : rows
  })
}

/** Stands for all arms not shown; no variant can be named so. */
export const REST = '~rest'

function toRest(shares: Version['shares'], rows: readonly ShareRow[]): number {
  const shown = new Set(rows.map((row) => row.arm))
  const rest = Object.entries(shares).filter(([arm]) => !shown.has(arm))
  return rest.reduce((sum, [, share]) => sum + share, 0) / SHARES
}

/** A row per arm, in the experience's order. */
export function toRateRows(experience: Report): readonly RateRow[] {
  return experience.arms.map((arm) => ({
    arm: arm.arm,
    name: toArmName(arm),
    colour: toColour(experience, arm.arm),
    holdout: isHoldout(arm),
    rate: arm.rate,
    low: arm.interval?.[0] ?? null,
    high: arm.interval?.[1] ?? null,
  }))
}

/** At most `most` versions, evenly chosen, the first and the newest among them. */
export function thin(history: readonly Version[], most: number): readonly Version[] {
  if (history.length <= most) return history
  const stride = (history.length - 1) / (most - 1)
  return Array.from({ length: most }, (_, i) => history[Math.round(i * stride)]).filter(
    (step) => step !== undefined,
  )
}

/** One comparison, for a dot and two lines. */
export interface LiftRow {
  readonly key: string
  readonly name: string
  readonly colour: string
  /** A part of what it is compared with; else a difference. */
  readonly isRelative: boolean
  readonly estimate: number
  readonly once: readonly [number, number] | null
  readonly always: readonly [number, number] | null
}

/** Variants beside the control, and all of them beside those who are left alone. */
export function toLiftRows(report: Report): readonly LiftRow[] {
  const named = toVariants(report).flatMap((arm) =>
    arm.lift
      ? [{ key: arm.arm, name: toArmName(arm), colour: toColour(report, arm.arm), lift: arm.lift }]
      : [],
  )
  const all = { key: '~all', name: 'All together, beside being left alone', colour: 'holdout' }
  const rows = [...named, ...(report.worth ? [{ ...all, lift: report.worth }] : [])]
  // One axis takes either parts or differences.
  const isRelative = rows.every(({ lift }) => lift.relative !== null)
  return rows.flatMap(({ lift, ...row }) => {
    const told = isRelative ? lift.relative : lift.difference
    return told ? [{ ...row, isRelative, ...told }] : []
  })
}

/** One arm on one day. */
export interface DayPoint {
  readonly day: string
  readonly arm: string
  readonly colour: string
  readonly visitors: number
  readonly rewarded: number
  /** 0–1; null without visitors or a goal, and while the day lasts: rewards are of the day before, too. */
  readonly rate: number | null
}

export function toDayPoints(report: Report): readonly DayPoint[] {
  const shown = new Set(report.arms.map(({ arm }) => arm))
  const today = calendarOf(report.zone).format(report.generatedAt)
  return report.days
    .filter(({ arm }) => shown.has(arm))
    .map(({ day, arm, counts: { delivered, rewarded } }) => ({
      ...{ day, arm, colour: toColour(report, arm), visitors: delivered, rewarded },
      rate:
        report.goal !== null && delivered > 0 && day !== today
          ? Math.min(1, rewarded / delivered)
          : null,
    }))
}

/** One arm's rate by the end of a day, with where it plausibly lay. */
export interface SoFarPoint {
  readonly day: string
  readonly arm: string
  readonly colour: string
  /** Of those delivered since the first day shown. */
  readonly rewarded: number
  readonly visitors: number
  /** 0–1. */
  readonly rate: number
  readonly low: number
  readonly high: number
}

/** What was known at the end of each day: counts summed up from the first day on. */
export function toSoFarPoints(report: Report): readonly SoFarPoint[] {
  if (report.goal === null) return []
  const sums = new Map<string, { visitors: number; rewarded: number }>()
  const days = [...Map.groupBy(toDayPoints(report), ({ day }) => day)].toSorted(byDay)
  return days.flatMap(([day, points]) => {
    for (const { arm, visitors, rewarded } of points) {
      const before = sums.get(arm) ?? { visitors: 0, rewarded: 0 }
      const sum = {
        visitors: before.visitors + visitors,
        rewarded: before.rewarded + rewarded,
      }
      sums.set(arm, sum)
    }
    return [...sums].flatMap(([arm, sum]) => toSoFar(report, day, arm, sum))
  })
}

const byDay = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1)

function toSoFar(
  report: Report,
  day: string,
  arm: string,
  { visitors, rewarded }: { readonly visitors: number; readonly rewarded: number },
): SoFarPoint[] {
  if (visitors === 0) return []
  const rate = Math.min(1, rewarded / visitors)
  const [low, high] = wilson(rate, visitors)
  return [{ day, arm, colour: toColour(report, arm), rewarded, visitors, rate, low, high }]
}

/** 95 %, two-sided. */
const Z = 1.959964

/** Where a rate plausibly lies that was seen among so many: the score interval (Wilson 1927). */
export function wilson(rate: number, trials: number): readonly [low: number, high: number] {
  const square = Z ** 2 / trials
  const middle = (rate + square / 2) / (1 + square)
  const half = (Z / (1 + square)) * Math.sqrt((rate * (1 - rate)) / trials + square / (4 * trials))
  return [Math.max(0, middle - half), Math.min(1, middle + half)]
}

type SegmentRow = Report['segments'][number]

/** One arm in one segment, and how it does beside the others there. */
export interface SegmentCell extends SegmentRow {
  readonly name: string
  /** 0 for the worst of the segment, 1 for the best; null where nothing is known. */
  readonly standing: number | null
}

/** Segments with most visitors that a plot has room for. */
const MOST_SEGMENTS = 12

export function toSegmentCells(report: Report): readonly SegmentCell[] {
  const shown = new Map(toVariants(report).map((arm) => [arm.arm, toArmName(arm)]))
  const rows = report.segments.filter(({ arm }) => shown.has(arm))
  const segments = [...Map.groupBy(rows, ({ segment }) => segment)]
  const visitors = (list: readonly SegmentRow[]) => list.reduce((sum, row) => sum + row.shown, 0)
  return segments
    .toSorted(([, a], [, b]) => visitors(b) - visitors(a))
    .slice(0, MOST_SEGMENTS)
    .flatMap(([, list]) => {
      const rates = list.flatMap(({ rate }) => rate ?? [])
      const [low, high] = [Math.min(...rates), Math.max(...rates)]
      return list.map((row) => ({
        ...row,
        name: shown.get(row.arm) ?? row.arm,
        standing: row.rate === null || high === low ? null : (row.rate - low) / (high - low),
      }))
    })
}
