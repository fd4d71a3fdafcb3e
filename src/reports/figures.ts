import { bestProbabilities } from '../bandit/best.ts'
import { quantile } from '../bandit/beta.ts'
import { posteriors } from '../bandit/prior.ts'
import { toShares } from '../bandit/shares.ts'
import type { FigureRows } from '../db/figures.ts'
import type { Configuration } from '../model/configuration.ts'
import type { Experience, Rung } from '../model/experience.ts'
import { HOLDOUT_ARM } from '../model/exposure.ts'
import type { ArmFigures, ExperienceFigures, Figures } from '../model/figures.ts'
import { type Counts, NO_COUNTS } from '../model/learning.ts'

/** What a site's experiences did so far, in the order in which they are configured. */
export function toFigures(draft: Configuration, rows: FigureRows, now: number): Figures {
  return {
    generatedAt: now,
    experiences: draft.experiences.map((experience) => toExperience(experience, draft, rows)),
  }
}

/** One experience's figures from a site's rows. */
export function toExperience(
  experience: Experience,
  { goals, variants }: Configuration,
  { arms, history, current, audits }: FigureRows,
): ExperienceFigures {
  const { id, name, slot, allocation, goal } = experience
  const rung = allocation.kind === 'split' ? 'delivered' : allocation.rung
  const counts = new Map(
    arms.filter((arm) => arm.experience === id).map((arm) => [arm.variant, arm.counts]),
  )
  const weights = current[id]
  const audit = audits.get(id)
  const goalName = goals.find((known) => known.id === goal)
  return {
    id,
    name: name || id,
    slot,
    allocation: allocation.kind,
    goal: goalName ? goalName.name || goalName.id : null,
    rung,
    version: weights?.version ?? 0,
    arms: toArms(experience, rung, counts, weights?.shares[''], (variant) => {
      return variants.find((known) => known.id === variant)?.name || variant
    }),
    ...(audit && { audit }),
    history: history
      .filter((version) => version.experience === id)
      .map(({ version, at, shares }) => ({ version, at, shares })),
  }
}

function toArms(
  experience: Experience,
  rung: Rung,
  counts: ReadonlyMap<string, Counts>,
  learned: Readonly<Record<string, number>> | undefined,
  nameOf: (variant: string) => string,
): ArmFigures[] {
  const { variants } = experience
  const fixed = configuredShares(experience)
  const listed = variants.map(({ variant }) => counts.get(variant) ?? NO_COUNTS)
  const trials = listed.map((arm) => ({
    trials: Math.max(arm[rung], arm.rewarded),
    rewarded: arm.rewarded,
  }))
  const best = bestProbabilities(posteriors(trials)).probability
  const arms = variants.map(({ variant }, place) => ({
    arm: variant,
    name: nameOf(variant),
    share: learned?.[variant] ?? fixed[variant] ?? 0,
    counts: listed[place] ?? NO_COUNTS,
    best: variants.length > 1 ? (best[place] ?? null) : null,
    interval: toInterval(trials[place]),
  }))
  const holdout = counts.get(HOLDOUT_ARM)
  if (!holdout) return arms
  return [...arms, toHoldout(holdout)]
}

/** The shares that hold as long as nothing is learned: by weight, or even ones. */
export function configuredShares({ variants, allocation }: Experience): Record<string, number> {
  const shares = toShares(variants.map(({ weight }) => (allocation.kind === 'split' ? weight : 1)))
  return Object.fromEntries(variants.map(({ variant }, place) => [variant, shares[place] ?? 0]))
}

function toHoldout(counts: Counts): ArmFigures {
  const interval = toInterval({ trials: counts.delivered, rewarded: counts.rewarded })
  return { arm: HOLDOUT_ARM, name: 'Left alone', share: 0, counts, best: null, interval }
}

/** 95 % credible interval of a rate under Jeffreys' prior Beta(½, ½); nothing without a trial. */
export function toInterval(
  arm: { readonly trials: number; readonly rewarded: number } | undefined,
): readonly [number, number] | null {
  if (!arm || arm.trials <= 0) return null
  const beta = { a: arm.rewarded + 0.5, b: arm.trials - arm.rewarded + 0.5 }
  return [quantile(beta, 0.025), quantile(beta, 0.975)]
}
