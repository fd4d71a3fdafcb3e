import type { ExperienceFigures, PublishedShares } from '../../model/figures.ts'
import { SHARES } from '../../model/learning.ts'
import { isHoldout, toArmName, toColour, toRate, toVariants } from './arms.ts'

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
export function toShareRows(experience: ExperienceFigures, until: number): readonly ShareRow[] {
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

function toRest(shares: PublishedShares['shares'], rows: readonly ShareRow[]): number {
  const shown = new Set(rows.map((row) => row.arm))
  const rest = Object.entries(shares).filter(([arm]) => !shown.has(arm))
  return rest.reduce((sum, [, share]) => sum + share, 0) / SHARES
}

/** A row per arm, in the experience's order. */
export function toRateRows(experience: ExperienceFigures): readonly RateRow[] {
  return experience.arms.map((arm) => ({
    arm: arm.arm,
    name: toArmName(arm),
    colour: toColour(experience, arm.arm),
    holdout: isHoldout(arm),
    rate: toRate(experience, arm),
    low: arm.interval?.[0] ?? null,
    high: arm.interval?.[1] ?? null,
  }))
}

/** At most `most` versions, evenly chosen, the first and the newest among them. */
export function thin(
  history: readonly PublishedShares[],
  most: number,
): readonly PublishedShares[] {
  if (history.length <= most) return history
  const stride = (history.length - 1) / (most - 1)
  return Array.from({ length: most }, (_, i) => history[Math.round(i * stride)]).filter(
    (step) => step !== undefined,
  )
}
