import { Hono } from 'hono'
import * as z from 'zod'
import { configOf } from '../config.ts'
import { logAct } from '../db/change-log.ts'
import { problem, toProblems } from '../problem.ts'
import { requireRole, type StaffEnv } from '../staff/guard.ts'
import { signLink } from '../staff/link.ts'
import { changeOf } from './change.ts'
import { readDraft } from './drafts.ts'

export const TraceWishSchema = z.strictObject({ minutes: z.int().min(1).max(1440).default(60) })

/** Links to decision traces; mounted at `/sites/:site`. */
export const traces = new Hono<StaffEnv>()
  /** A link that shows whoever opens it how pages are decided for their own browser. */
  .post('/traces', requireRole('editor'), async (c) => {
    const wish = TraceWishSchema.safeParse(await c.req.json().catch(() => ({})))
    if (!wish.success) return problem(c, 'invalid', { errors: toProblems(wish.error) })
    const draft = await readDraft(c.env.DB, c.req.param('site') ?? '')
    if (!draft) return problem(c, 'not_found')
    const { keys } = await configOf(c.env)
    const now = Date.now()
    const seconds = wish.data.minutes * 60
    const link = { purpose: 'trace', site: draft.site.id, by: c.get('staff').subject } as const
    await logAct(c.env.DB, changeOf(c), {
      ...{ action: 'create', site: draft.site.id, kind: 'traces' },
      summary: `Made a link to decision traces for ${wish.data.minutes} min.`,
    })
    const token = await signLink(link, seconds, keys.link, now)
    const url = `${originOf(c.req.url, draft.site.hosts)}/_sv/trace?token=${token}&path=/`
    return c.json({ url, expiresAt: now + seconds * 1000 }, 201)
  })

/** Where a browser reaches the site: where the API was reached, if that is one of its hosts. */
export function originOf(url: string, hosts: readonly string[]): string {
  const { host, hostname, origin } = new URL(url)
  return hosts.includes(host) || hosts.includes(hostname) ? origin : `https://${hosts[0]}`
}
