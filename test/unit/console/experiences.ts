import { HOLDOUT_ARM } from '../../../src/model/exposure.ts'
import type { ArmFigures, ExperienceFigures } from '../../../src/model/figures.ts'
import { NO_COUNTS } from '../../../src/model/learning.ts'

/** An arm as a table row: id, share in ten-thousandths, trials (delivered and seen), rewards. */
export type ArmRow = readonly [arm: string, share: number, trials: number, rewarded: number]

/** An arm's figures; the interval is a round ±1 percentage point unless given. */
export function toArm(
  [arm, share, trials, rewarded]: ArmRow,
  interval?: readonly [number, number] | null,
): ArmFigures {
  const rate = trials > 0 ? rewarded / trials : 0
  return {
    arm,
    name: arm === HOLDOUT_ARM ? 'Left alone' : arm.toUpperCase(),
    share,
    counts: { ...NO_COUNTS, delivered: trials, seen: trials, rewarded },
    best: null,
    interval: interval === undefined ? [rate - 0.01, rate + 0.01] : interval,
  }
}

/** A bandit with a goal that has learned, unless `more` says otherwise. */
export function toExperience(
  rows: readonly ArmRow[],
  more: Partial<ExperienceFigures> = {},
): ExperienceFigures {
  return {
    id: 'hero',
    name: 'Home hero',
    slot: 'hero',
    allocation: 'bandit',
    goal: 'Purchase',
    rung: 'seen',
    version: 7,
    arms: rows.map((row) => toArm(row)),
    history: [],
    ...more,
  }
}
