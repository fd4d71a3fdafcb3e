import { bestProbabilities } from '../bandit/best.ts'
import { mean } from '../bandit/beta.ts'
import { posteriors } from '../bandit/prior.ts'
import type { ReportRows } from '../db/report.ts'
import type { Configuration } from '../model/configuration.ts'
import type { Experience } from '../model/experience.ts'
import { HOLDOUT_ARM } from '../model/exposure.ts'
import type { ArmFigures, ExperienceFigures } from '../model/figures.ts'
import { type Counts, NO_COUNTS, plus, type Total } from '../model/learning.ts'
import type { ArmReport, Lift, Report, Verdict } from '../model/report.ts'
import { toCaveats } from './caveats.ts'
import { configuredShares, toExperience } from './figures.ts'
import { armSample, independent, liftOf, type Sample, sampleOf, savedOf, toLift } from './lifts.ts'
import { toSegmentRows } from './segments.ts'
import { momentsOf, type Outcome, type Stratum, toStrata } from './strata.ts'
import { toVerdict } from './verdict.ts'

/** What a reader may ask a report for. */
export interface ReportWish {
  /** What the arms are compared with: the first variant unless given. */
  readonly control?: string
  /** Visitors of this segment only. */
  readonly segment?: string
  /** Rewards or their worth: what the experience aims at unless given. */
  readonly measure?: Outcome
  /** IANA zone. */
  readonly zone: string
}

/** Lifts are told of the arms with most traffic: a list may hold a thousand. */
const MOST_LIFTS = 30

/** What all that is told of an experience is made from. */
export interface Findings {
  readonly figures: ExperienceFigures
  readonly measure: Outcome
  readonly control: string | null
  readonly arms: readonly ArmReport[]
  readonly verdict: Verdict
  /** All variants together beside those who are left alone. */
  readonly worth: Lift | null
  readonly strata: readonly Stratum[]
}

/** What was counted of an experience, and what follows from it. */
export function toFindings(
  experience: Experience,
  draft: Configuration,
  rows: ReportRows,
  wish: Omit<ReportWish, 'zone'>,
): Findings {
  const { allocation } = experience
  const measure = wish.measure ?? (allocation.kind === 'split' ? 'rewards' : allocation.aim)
  const totals = rows.totals.filter(
    ({ segment, variant }) =>
      wish.segment === undefined || segment === wish.segment || variant === HOLDOUT_ARM,
  )
  const figures = toExperience(experience, draft, figureRows(experience, rows, totals))
  const strata =
    allocation.kind === 'ranked'
      ? []
      : toStrata(totals, rows.versions, measure, configuredShares(experience))
  const control = controlOf(experience, wish)
  // Those who are left alone are in no segment: they would be compared with other people.
  const left = wish.segment === undefined ? toLeft(totals, measure) : undefined
  const arms = toArms(figures, { strata, control, left, measure })
  const variants = arms.filter(({ arm }) => arm !== HOLDOUT_ARM)
  const verdict = toVerdict({ ...figures, control, variants })
  const worth = left && figures.goal !== null ? toWorth(totals, left, measure) : null
  return { figures, measure, control, arms, verdict, worth, strata }
}

/** One experience's report, from what was counted of it by now (epoch ms). */
export function toReport(
  experience: Experience,
  draft: Configuration,
  rows: ReportRows,
  wish: ReportWish,
  now: number,
): Report {
  const { figures, measure, control, strata, ...found } = toFindings(experience, draft, rows, wish)
  const { history, audit, ...facts } = figures
  const { kind } = experience.allocation
  return {
    ...facts,
    generatedAt: now,
    zone: wish.zone,
    ...{ measure, control, segment: wish.segment ?? null },
    arms: [...found.arms],
    verdict: found.verdict,
    caveats: toCaveats(experience, draft, { audit, rows, now }),
    worth: found.worth,
    saved: kind === 'bandit' && facts.goal !== null ? savedOf(strata) : null,
    days: [...rows.days],
    segments: toSegmentRows(rows, { measure, control, experience }),
    history: history.map((version) => ({ ...version, shares: { ...version.shares } })),
    audit: audit ? { ...audit } : null,
  }
}

/** The rows of one experience's figures, summed over versions and segments. */
function figureRows({ id }: Experience, rows: ReportRows, totals: readonly Total[]) {
  const sums = new Map<string, Counts>()
  for (const { variant, counts } of totals) {
    sums.set(variant, plus(sums.get(variant) ?? NO_COUNTS, counts))
  }
  return {
    arms: [...sums].map(([variant, counts]) => ({ experience: id, variant, counts })),
    history: rows.versions.map(({ version, at, shares }) => {
      return { experience: id, version, at, shares: shares[''] ?? {} }
    }),
    current: rows.current ? { [id]: rows.current } : {},
    audits: new Map(rows.audit ? [[id, rows.audit]] : []),
  }
}

function controlOf(
  { variants }: Experience,
  { control }: Pick<ReportWish, 'control'>,
): string | null {
  const known = variants.find(({ variant }) => variant === control)
  return (known ?? variants[0])?.variant ?? null
}

interface Compared {
  readonly strata: readonly Stratum[]
  readonly control: string | null
  readonly left: Sample | undefined
  readonly measure: Outcome
}

function toArms(figures: ExperienceFigures, compared: Compared): ArmReport[] {
  const { arms, goal, rung } = figures
  const variants = arms.filter(({ arm }) => arm !== HOLDOUT_ARM)
  const beliefs = posteriors(
    variants.map(({ counts }) => ({
      trials: Math.max(counts[rung], counts.rewarded),
      rewarded: counts.rewarded,
    })),
  )
  const { expectedLoss } = bestProbabilities(beliefs)
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
      best: goal === null ? null : arm.best,
      rate: isRead ? arm.counts.rewarded / trials : null,
      believed: isRead && belief ? mean(belief) : null,
      expectedLoss: isRead && place >= 0 ? (expectedLoss[place] ?? null) : null,
      lift: isCompared ? toArmLift(arm, compared, variants.length - 1) : null,
      worth: isCompared ? toArmWorth(arm, compared, variants.length) : null,
    }
  })
}

function toArmLift({ arm }: ArmFigures, { strata, control }: Compared, comparisons: number) {
  return control === null || arm === control ? null : liftOf(strata, arm, control, comparisons)
}

function toArmWorth({ arm }: ArmFigures, { strata, left }: Compared, comparisons: number) {
  const sample = left && armSample(strata, arm)
  return sample ? toLift(independent(sample, left), comparisons) : null
}

/** Those who are left alone. */
function toLeft(totals: readonly Total[], measure: Outcome): Sample | undefined {
  return toSample(
    totals.filter(({ variant }) => variant === HOLDOUT_ARM),
    measure,
  )
}

/** Everybody who was shown something, whatever it was, beside those who were not. */
function toWorth(totals: readonly Total[], left: Sample, measure: Outcome): Lift | null {
  const all = toSample(
    totals.filter(({ variant }) => variant !== HOLDOUT_ARM),
    measure,
  )
  return all ? toLift(independent(all, left), 1) : null
}

function toSample(totals: readonly Total[], measure: Outcome): Sample | undefined {
  const sum = totals.reduce((all, { counts }) => plus(all, counts), NO_COUNTS)
  return sampleOf(momentsOf(sum, measure))
}
