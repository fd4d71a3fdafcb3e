import { HOLDOUT_ARM } from '../../model/exposure.ts'
import type { ArmReport, Report } from '../../model/report.ts'

/** Variants shown at once: as many as `style.css` has arm colours. A list may hold 1000 offers. */
export const MOST_VARIANTS = 12

export function isHoldout(arm: ArmReport): boolean {
  return arm.arm === HOLDOUT_ARM
}

/** The arms that compete for traffic. */
export function toVariants(experience: Report): readonly ArmReport[] {
  return experience.arms.filter((arm) => !isHoldout(arm))
}

/**
 * The experience with the variants that get most traffic, at most `MOST_VARIANTS`, in their own
 * order (so that rows do not jump about between refreshes), and the holdout last.
 */
export function toShown(experience: Report): Report {
  const variants = toVariants(experience)
  const most = variants.toSorted((a, b) => b.share - a.share).slice(0, MOST_VARIANTS)
  const shown = variants.filter((arm) => most.includes(arm))
  return { ...experience, arms: [...shown, ...experience.arms.filter(isHoldout)] }
}

/** What to call an arm: its name, else its id; the holdout has no variant to be named after. */
export function toArmName(arm: ArmReport): string {
  return isHoldout(arm) ? 'Left alone (holdout)' : arm.name || arm.arm
}

export function toExperienceName(experience: Report): string {
  return experience.name || experience.id
}

/** An arm's colour in `style.css`: its place among the shown variants, `holdout` or `other`. */
export function toColour(shown: Report, arm: string): string {
  if (arm === HOLDOUT_ARM) return 'holdout'
  const place = toVariants(shown).findIndex((variant) => variant.arm === arm)
  return place < 0 || place >= MOST_VARIANTS ? 'other' : String(place)
}

/**
 * Exposures that count as trials: those that reached the experience's rung, for the holdout,
 * as the server has it, all that were delivered. A reward proves its trial, even where the report of it got lost.
 */
export function toTrials(experience: Report, arm: ArmReport): number {
  const rung = isHoldout(arm) ? 'delivered' : experience.rung
  return Math.max(arm.counts[rung], arm.counts.rewarded)
}
