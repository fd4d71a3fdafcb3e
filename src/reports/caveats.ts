import type { ReportRows } from '../db/report.ts'
import type { Audit } from '../model/audit.ts'
import type { Configuration } from '../model/configuration.ts'
import type { Experience } from '../model/experience.ts'
import type { Caveat } from '../model/report.ts'

/** Part of the exposures whose rewards may be missing before that is worth a word. */
const LEAST_RECENT = 0.1

interface Known {
  readonly audit: Audit | undefined
  readonly rows: ReportRows
  /** Epoch ms. */
  readonly now: number
}

/** Each caveat with when it applies. */
const CASES: readonly (readonly [
  Caveat,
  (experience: Experience, draft: Configuration, known: Known) => boolean,
])[] = [
  ['sample_ratio', (_, __, { audit }) => audit?.sampleRatio?.alarm ?? false],
  ['odd_source', (_, __, { audit }) => (audit?.oddSources.length ?? 0) > 0],
  ['shut', (experience, { variants }) => isShut(experience, variants)],
  ['aggregate', (_, { site }) => site.consent.aggregate === true && site.holdout > 0],
  ['window', (experience, _, known) => isRecent(experience, known)],
]

export function toCaveats(experience: Experience, draft: Configuration, known: Known): Caveat[] {
  return CASES.filter(([, applies]) => applies(experience, draft, known)).map(([caveat]) => caveat)
}

/** Whether offers come and go, or are for some people only. */
function isShut({ variants }: Experience, known: Configuration['variants']): boolean {
  const offers = known.filter(({ id }) => variants.some(({ variant }) => variant === id))
  return offers.some(({ offer }) => {
    return offer && (offer.eligible ?? offer.stock ?? offer.from ?? offer.until) !== undefined
  })
}

/** Whether many exposures are younger than the time in which they may be rewarded. */
function isRecent({ window }: Experience, { rows }: Known): boolean {
  const sum = (days: ReportRows['days']) =>
    days.reduce((all, { counts }) => all + counts.delivered, 0)
  const days = [...new Set(rows.days.map(({ day }) => day))].sort().slice(-Math.ceil(window / 24))
  const recent = sum(rows.days.filter(({ day }) => days.includes(day)))
  const all = rows.totals.reduce((sum, { counts }) => sum + counts.delivered, 0)
  return recent > LEAST_RECENT * all
}
