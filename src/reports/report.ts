import type { ReportRows } from '../db/report.ts'
import type { Configuration } from '../model/configuration.ts'
import type { Experience } from '../model/experience.ts'
import { HOLDOUT_ARM } from '../model/exposure.ts'
import type { ExperienceFigures } from '../model/figures.ts'
import { type Counts, NO_COUNTS, plus, type Total } from '../model/learning.ts'
import type { ArmReport, Lift, Report, Verdict } from '../model/report.ts'
import { isMixed, isReshared, toArms } from './arms.ts'
import { toCaveats } from './caveats.ts'
import { configuredShares, toExperience } from './figures.ts'
import { independent, type Sample, sampleOf, savedOf, toLift } from './lifts.ts'
import { toSegmentRows } from './segments.ts'
import { momentsOf, type Outcome, type Stratum, toStrata } from './strata.ts'
import { toVerdict } from './verdict.ts'
import { toWatched } from './watched.ts'

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
  const totals = totalsOf(experience, rows, draft, wish)
  const figures = toExperience(experience, draft, figureRows(experience, rows, totals))
  const strata =
    allocation.kind === 'ranked'
      ? []
      : toStrata(totals, rows.versions, measure, configuredShares(experience))
  const control = controlOf(experience, wish)
  const left = toLeft(totals, measure)
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
    caveats: [
      ...toCaveats(experience, draft, { audit, rows, now }),
      ...(isMixed(strata) ? (['mixed'] as const) : []),
      ...(isReshared(figures, strata) ? (['reshared'] as const) : []),
    ],
    worth: found.worth,
    saved: kind === 'bandit' && facts.goal !== null ? savedOf(strata) : null,
    watched: toWatched(experience, draft, rows, { control, segment: wish.segment }),
    days: [...rows.days],
    segments: toSegmentRows(rows, { measure, control, experience }),
    history: history.map((version) => ({ ...version, shares: { ...version.shares } })),
    audit: audit ? { ...audit } : null,
  }
}

/**
 * Those who are left alone are in no segment, and cannot click on what is not there: with a segment, or
 * a click for a goal, they are nobody to compare with.
 */
function totalsOf(
  experience: Experience,
  { totals }: ReportRows,
  { goals }: Configuration,
  { segment }: Pick<ReportWish, 'segment'>,
): Total[] {
  const isClick = goals.find(({ id }) => id === experience.goal)?.kind === 'click'
  return totals.filter((total) => {
    if (total.variant === HOLDOUT_ARM) return segment === undefined && !isClick
    return segment === undefined || total.segment === segment
  })
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
