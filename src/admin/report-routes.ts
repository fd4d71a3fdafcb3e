import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { readReport } from '../db/report.ts'
import { AIMS } from '../model/experience.ts'
import { problem, toProblems } from '../problem.ts'
import { REPORT_TABLES, toReportCsv } from '../reports/csv.ts'
import { localDays } from '../reports/days.ts'
import { toReport } from '../reports/report.ts'
import { requireRole, type StaffEnv } from '../staff/guard.ts'
import { isZone } from '../visitor/zone.ts'
import { readDraft } from './drafts.ts'

const WishSchema = z.object({
  control: z.string().max(64).optional(),
  segment: z.string().max(512).optional(),
  measure: z.enum(AIMS).optional(),
  days: z.coerce.number().int().min(1).max(400).default(30),
  zone: z.string().max(64).refine(isZone, 'this is no IANA zone').optional(),
})

/** What one experience did, and what can be said of it; mounted at `/sites/:site/experiences/:experience`. */
export const reportRoutes = new Hono<StaffEnv>()
  .get('/report', requireRole('marketer'), (c) =>
    answer(c, (report) => c.json(report, 200, { 'cache-control': 'no-store' })),
  )

  /** One of the report's tables, `?table=arms` unless another is given. */
  .get('/report.csv', requireRole('marketer'), (c) => {
    const table = z.enum(REPORT_TABLES).default('arms').safeParse(c.req.query('table'))
    if (!table.success) return unreadable(c, 'table', table.error)
    return answer(c, (report) =>
      c.body(toReportCsv(report, table.data), 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="${report.id}-${table.data}.csv"`,
        'cache-control': 'no-store',
      }),
    )
  })

  /** What is counted from now on, as it is counted. */
  .get('/live', requireRole('marketer'), async (c) => {
    if (c.req.header('upgrade') !== 'websocket') return problem(c, 'upgrade_required')
    // Browsers send the session's cookie along with any page's sockets, and no rule of origins ends them.
    const from = c.req.header('origin')
    if (from && from !== new URL(c.req.url).origin) return problem(c, 'cross_site')
    const found = await findExperience(c)
    if (!found) return problem(c, 'not_found')
    const name = `${found.draft.site.id}/${found.experience.id}`
    const answer = await c.env.LEARNERS.getByName(name).fetch(c.req.raw)
    return answer.status === 429 ? problem(c, 'overloaded') : answer
  })

async function answer(
  c: Context<StaffEnv>,
  respond: (report: ReturnType<typeof toReport>) => Response,
): Promise<Response> {
  const wish = WishSchema.safeParse(c.req.query())
  if (!wish.success) return unreadable(c, '', wish.error)
  const found = await findExperience(c)
  if (!found) return problem(c, 'not_found')
  const { draft, experience } = found
  const { days, zone = draft.site.timezone, ...asked } = wish.data
  const now = Date.now()
  const { segment } = asked
  const asOf = { days: localDays(now, days, zone), segment }
  const rows = await readReport(c.env, draft.site.id, experience, asOf)
  return respond(toReport(experience, draft, rows, { ...asked, zone }, now))
}

async function findExperience(c: Context<StaffEnv>) {
  const draft = await readDraft(c.env.DB, c.req.param('site') ?? '')
  const experience = draft?.experiences.find(({ id }) => id === c.req.param('experience'))
  return draft && experience && { draft, experience }
}

function unreadable(c: Context<StaffEnv>, name: string, error: z.ZodError): Response {
  const errors = toProblems(error).map((one) => ({
    ...one,
    pointer: name ? `/${name}` : one.pointer,
  }))
  return problem(c, 'invalid', { errors })
}
