import { type Context, Hono } from 'hono'
import type { Site } from '../model/site.ts'
import { problem } from '../problem.ts'
import { toWeekly } from '../reports/letter.ts'
import { requireRole, type StaffEnv } from '../staff/guard.ts'
import { readDraft } from './drafts.ts'
import { readOverview } from './overview.ts'

/** What a site tells people of itself; mounted at `/sites/:site`. */
export const notifications = new Hono<StaffEnv>()
  /** The weekly report as it would be sent now. */
  .get('/overview.html', requireRole('marketer'), async (c) => {
    const draft = await readDraft(c.env.DB, c.req.param('site') ?? '')
    if (!draft) return problem(c, 'not_found')
    const overview = await readOverview(c.env, draft, Date.now())
    const { html } = await toWeekly(overview, { site: draft.site, console: consoleOf(c) })
    return c.html(html, 200, {
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    })
  })

  /** How what is sent is signed, and what became of the newest. */
  .get('/notifications', requireRole('owner'), async (c) => {
    const site = c.req.param('site') ?? ''
    if (!(await readDraft(c.env.DB, site))) return problem(c, 'not_found')
    return c.json(await c.env.REPORTERS.getByName(site).state(site), 200, {
      'cache-control': 'no-store',
    })
  })

  /** Sends the report at once, to see that it arrives. */
  .post('/notifications', requireRole('owner'), async (c) => {
    const site = c.req.param('site') ?? ''
    if (!(await readDraft(c.env.DB, site))) return problem(c, 'not_found')
    return c.json(await c.env.REPORTERS.getByName(site).sendNow({ site, console: consoleOf(c) }))
  })

/** Has a site looked after that names an address, from now on. */
export function assignReporter(c: Context<StaffEnv>, site: Pick<Site, 'id' | 'notify'>): void {
  if (!site.notify) return
  const assignment = { site: site.id, console: consoleOf(c) }
  c.executionCtx.waitUntil(c.env.REPORTERS.getByName(site.id).assign(assignment))
}

function consoleOf(c: Context): string {
  return `${new URL(c.req.url).origin}/_sv/console/`
}
