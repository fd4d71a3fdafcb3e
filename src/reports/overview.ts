import type { SiteRows } from '../db/site-report.ts'
import type { Configuration } from '../model/configuration.ts'
import type { Experience } from '../model/experience.ts'
import { HOLDOUT_ARM } from '../model/exposure.ts'
import type { Overview, Standing } from '../model/overview.ts'
import { toCaveats } from './caveats.ts'
import { type Circumstances, toInsights } from './insights.ts'
import { toFindings } from './report.ts'
import { toWatched } from './watched.ts'

/** A site in the time it takes to read a few lines: what needs somebody, and each experience in one. */
export function toOverview(
  draft: Configuration,
  rows: SiteRows,
  circumstances: Omit<Circumstances, 'standings'>,
): Overview {
  const standings = draft.experiences.map((experience) => {
    return toStanding(experience, draft, rows, circumstances.now)
  })
  return {
    generatedAt: circumstances.now,
    insights: toInsights(draft, rows, { ...circumstances, standings }),
    experiences: standings,
  }
}

function toStanding(
  experience: Experience,
  draft: Configuration,
  rows: SiteRows,
  now: number,
): Standing {
  const own = rows.of(experience)
  const { figures, control, arms, verdict, worth } = toFindings(experience, draft, own, {})
  const { id, name, slot, allocation, goal, audit } = figures
  const variants = arms.filter(({ arm }) => arm !== HOLDOUT_ARM)
  const named = 'arm' in verdict ? arms.find(({ arm }) => arm === verdict.arm) : undefined
  return {
    ...{ id, name, slot, allocation, goal },
    shown: variants.reduce((sum, { counts }) => sum + counts.delivered, 0),
    lately: rows.lately(experience.id),
    rewarded: variants.reduce((sum, { counts }) => sum + counts.rewarded, 0),
    verdict,
    names: Object.fromEntries(variants.map((variant) => [variant.arm, variant.name])),
    control,
    lift: named?.lift ?? null,
    worth,
    caveats: toCaveats(experience, draft, { audit, rows: own, now }),
    harmed: toWatched(experience, draft, own, { control, segment: undefined }).flatMap(
      ({ name: goal, harmed }) => harmed.map((arm) => ({ arm, goal })),
    ),
  }
}
