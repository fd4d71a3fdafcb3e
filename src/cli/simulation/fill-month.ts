import { compile } from '../../admin/compile.ts'
import { toPolicy } from '../../admin/learning-policy.ts'
import type { CompiledExperience } from '../../model/bundle.ts'
import type { Configuration } from '../../model/configuration.ts'
import { HOLDOUT_ARM } from '../../model/exposure.ts'
import { type Report, ReportSchema } from '../../model/report.ts'
import { type ApiClient, ApiError } from '../api-client.ts'
import { nodePlatform } from '../node-platform.ts'
import { createBar } from '../progress.ts'
import { type MonthTruth, simulateMonth } from './month.ts'
import { drawMonthTruth, meanRate } from './month-truth.ts'

export interface Wish {
  readonly visitors: number
  readonly days: number
  readonly seed: string
}

/**
 * Gives every experience that has a goal a past: visitors of so many days, who are shown what the product's
 * own learning would have shown them. Prints what is true of them beside what the reports say.
 */
export async function fillMonth(api: ApiClient, draft: Configuration, wish: Wish): Promise<void> {
  const { site, experiences } = draft
  const compiled = compile(draft, await nodePlatform(draft, { isPrivate: true }))
  if (!compiled.ok) throw new Error('The draft has mistakes: see `npm run config -- validate`.')
  const chosen = compiled.value.experiences.filter(({ goal }) => goal !== undefined)
  const draw = createBar('Experiences', chosen.length)
  const brought: { readonly path: string; readonly truth: MonthTruth }[] = []
  for (const [place, experience] of chosen.entries()) {
    const own = experiences.find(({ id }) => id === experience.id)
    if (!own) continue
    const truth = drawMonthTruth(own, draft, wish.seed)
    await bring(api, site.id, experience, { ...wish, truth, holdout: site.holdout })
    draw(place + 1, experience.id)
    brought.push({ path: `${site.id}/experiences/${experience.id}`, truth })
  }
  const reports = await Promise.all(brought.map(({ path }) => settled(api, path, wish.days)))
  for (const [place, { truth }] of brought.entries()) {
    const report = reports[place]
    if (report && report.arms.length > 1) compare(report, truth)
  }
}

interface Circumstances extends Wish {
  readonly truth: MonthTruth
  readonly holdout: number
}

async function bring(
  api: ApiClient,
  site: string,
  experience: CompiledExperience,
  circumstances: Circumstances,
): Promise<void> {
  const now = Date.now()
  const history = simulateMonth({
    ...circumstances,
    ...{ experience, policy: toPolicy(experience), now },
  })
  try {
    await api.post(`/sites/${site}/experiences/${experience.id}/history`, history)
  } catch (error) {
    throw error instanceof ApiError && error.code === 'exists' ? new Error(COUNTED) : error
  }
}

const COUNTED =
  'Something was counted here before. A past can only be brought to a fresh state: npm start -- --reset.'

const SETTLE_LIMIT_MS = 60_000

/** Waits until a report has everything, in all and by the day, as learners tell the database bit by bit. */
async function settled(api: ApiClient, path: string, days: number): Promise<Report> {
  const start = performance.now()
  const sumOf = (rows: Report['arms'] | Report['days']) =>
    rows.reduce((sum, { counts }) => sum + (counts.delivered ?? 0), 0)
  for (let before = -1; ; ) {
    const report = ReportSchema.parse(await api.get(`/sites/${path}/report?days=${days + 2}`))
    const shown = sumOf(report.arms)
    if (shown > 0 && shown === before && shown === sumOf(report.days)) return report
    if (performance.now() - start > SETTLE_LIMIT_MS) throw new Error('The report never settled.')
    before = shown
    await new Promise((resolve) => setTimeout(resolve, 2_500))
  }
}

const percent = new Intl.NumberFormat('en', {
  ...{ style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 },
  signDisplay: 'exceptZero',
})

function compare({ name, arms, control, verdict }: Report, truth: MonthTruth): void {
  console.log(`\n${name}: ${verdict.kind}`)
  const base = meanRate(truth, control ?? '')
  console.table(
    arms
      .filter(({ arm }) => arm !== HOLDOUT_ARM)
      .map(({ arm, counts, lift }) => {
        const lifted = meanRate(truth, arm) / base - 1
        const range = lift?.relative?.always
        return {
          variant: arm,
          shown: counts.delivered,
          'true lift': percent.format(lifted),
          'lift as reported': range
            ? `${percent.format(range[0])} to ${percent.format(range[1])}`
            : '–',
          'holds the truth': range ? range[0] <= lifted && lifted <= range[1] : '–',
        }
      }),
  )
}
