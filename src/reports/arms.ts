import { bestProbabilities } from '../bandit/best.ts'
import { type Beta, mean } from '../bandit/beta.ts'
import { posteriors } from '../bandit/prior.ts'
import type { Rung } from '../model/experience.ts'
import { HOLDOUT_ARM } from '../model/exposure.ts'
import type { ArmFigures, ExperienceFigures } from '../model/figures.ts'
import type { ArmReport } from '../model/report.ts'
import { armSample, independent, liftOf, type Sample, toLift } from './lifts.ts'
import type { Outcome, Stratum } from './strata.ts'

/** Lifts are told of the arms with most traffic: a list may hold a thousand. */
const MOST_LIFTS = 30

/** What arms are compared by. */
export interface Compared {
  readonly strata: readonly Stratum[]
  readonly control: string | null
  readonly left: Sample | undefined
  readonly measure: Outcome
}

/** Each arm as a report tells it. */
export function toArms(figures: ExperienceFigures, compared: Compared): ArmReport[] {
  const { arms, goal, rung } = figures
  const variants = arms.filter(({ arm }) => arm !== HOLDOUT_ARM)
  const isPlain = !isMixed(compared.strata) && !isReshared(figures, compared.strata)
  const beliefs = toBeliefs(variants, rung, compared, isPlain)
  const { expectedLoss, probability } = bestProbabilities(beliefs)
  const most = new Set(variants.toSorted((a, b) => b.share - a.share).slice(0, MOST_LIFTS))
  return arms.map((arm) => {
    const place = variants.indexOf(arm)
    const belief = beliefs[place]
    const trials = Math.max(arm.counts[place < 0 ? 'delivered' : rung], arm.counts.rewarded)
    const isRead = goal !== null && trials > 0
    const isCompared = goal !== null && most.has(arm)
    return {
      ...arm,
      interval: goal !== null && arm.interval ? [arm.interval[0], arm.interval[1]] : null,
      best: isRead && variants.length > 1 ? (probability[place] ?? null) : null,
      rate: isRead ? arm.counts.rewarded / trials : null,
      believed: isRead && belief ? mean(belief) : null,
      expectedLoss: isRead ? (expectedLoss[place] ?? null) : null,
      lift: isCompared ? toArmLift(arm, compared, variants.length - 1) : null,
      worth: isCompared ? toArmWorth(arm, compared, variants.length) : null,
    }
  })
}

/**
 * What is believed of each arm's rate. Where plain rates mix other people, or other times, for each arm it is
 * what the arm would bring if everybody got it.
 */
function toBeliefs(
  variants: readonly ArmFigures[],
  rung: Rung,
  { strata, measure }: Compared,
  isPlain: boolean,
): Beta[] {
  const plain = posteriors(
    variants.map(({ counts }) => ({
      trials: Math.max(counts[rung], counts.rewarded),
      rewarded: counts.rewarded,
    })),
  )
  if (isPlain || measure === 'value') return plain
  return plain.map((belief, place) => {
    const sample = armSample(strata, variants[place]?.arm ?? '')
    return (sample && toBeta(sample)) ?? belief
  })
}

/** The Beta of the same mean and variance; nothing where there is none. */
function toBeta({ mean: m, variance, visitors }: Sample): Beta | undefined {
  const size = (m * (1 - m) * visitors) / variance - 1
  return m > 0 && m < 1 && size > 0 ? { a: m * size, b: (1 - m) * size } : undefined
}

/** Whether one version has several segments. */
export function isMixed(strata: readonly Stratum[]): boolean {
  return new Set(strata.map(({ version }) => version)).size < strata.length
}

/** Versions with fewer of all visitors than this part hardly count. */
const LEAST_PART = 0.01
/** Shares that are closer than this are the same. */
const LEAST_CHANGE = 0.02

/** Whether fixed shares were changed on the way. */
export function isReshared(
  { allocation }: Pick<ExperienceFigures, 'allocation'>,
  strata: readonly Stratum[],
): boolean {
  if (allocation !== 'split') return false
  const sizes = strata.map(({ cells }) => sumOf([...cells.values()].map(({ shown }) => shown)))
  const all = sumOf(sizes)
  const told = strata.filter((_, place) => (sizes[place] ?? 0) >= LEAST_PART * all)
  const arms = new Set(told.flatMap(({ cells }) => [...cells.keys()]))
  return [...arms].some((arm) => {
    const odds = told.map(({ cells }) => cells.get(arm)?.odds ?? 0)
    return Math.max(...odds) - Math.min(...odds) >= LEAST_CHANGE
  })
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)

function toArmLift({ arm }: ArmFigures, { strata, control }: Compared, comparisons: number) {
  return control === null || arm === control ? null : liftOf(strata, arm, control, comparisons)
}

function toArmWorth({ arm }: ArmFigures, { strata, left }: Compared, comparisons: number) {
  const sample = left && armSample(strata, arm)
  return sample ? toLift(independent(sample, left), comparisons) : null
}
