import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { configOf } from '../config.ts'
import type { Configuration } from '../model/configuration.ts'
import { problem } from '../problem.ts'
import { requireRole, type StaffEnv } from '../staff/guard.ts'
import { signLink } from '../staff/link.ts'
import { type PickData, withToken } from '../staff/page-link.ts'
import { readBodyOf } from './body.ts'
import { readDraft } from './drafts.ts'
import { lookAt } from './live-page.ts'
import { platformOf } from './platform.ts'
import { PagePathSchema } from './previews.ts'
import { originOf } from './traces.ts'

export const PickWishSchema = z.strictObject({ path: PagePathSchema.default('/') })

export const SelectorsSchema = z.strictObject({
  path: PagePathSchema.default('/'),
  selectors: z.array(z.string().min(1).max(512)).min(1).max(20),
})

/** An hour: as long as somebody may look for the right element. */
const SECONDS = 3600

/** Pages of a site to point at, and what selectors find on them; mounted at `/sites/:site`. */
export const picks = new Hono<StaffEnv>()
  .post('/picks', requireRole('editor'), async (c) => {
    const wish = await readBodyOf(c, PickWishSchema)
    if (!wish.ok) return wish.response
    const draft = await readReachable(c)
    if (!draft.ok) return draft.response
    const { id: site, hosts, origin } = draft.site
    const data: PickData = { origin, hosts, console: new URL(c.req.url).origin }
    const { keys } = await configOf(c.env)
    const now = Date.now()
    const link = { purpose: 'pick', site, by: c.get('staff').subject, data } as const
    const token = await signLink(link, SECONDS, keys.link, now)
    const page = new URL(wish.value.path, originOf(c.req.url, hosts))
    return c.json({ url: withToken(page, 'pick', token), expiresAt: now + SECONDS * 1000 }, 201)
  })

  /** How many elements of the origin's page each selector finds. */
  .post('/selectors', requireRole('editor'), async (c) => {
    const wish = await readBodyOf(c, SelectorsSchema)
    if (!wish.ok) return wish.response
    const draft = await readReachable(c)
    if (!draft.ok) return draft.response
    const { path, selectors } = wish.value
    const { origin, hosts } = draft.site
    const looked = await lookAt(path, { origin, host: hosts[0] ?? '' }, selectors)
    return looked.kind === 'counted'
      ? c.json({ matches: Object.fromEntries(looked.matches) })
      : c.json({ matches: null, why: looked.kind === 'status' ? looked.status : looked.why })
  })

type Reachable =
  | { readonly ok: true; readonly site: Configuration['site'] }
  | { readonly ok: false; readonly response: Response }

/** The draft's site, where its origin is one that may be asked at all. */
async function readReachable(c: Context<StaffEnv>): Promise<Reachable> {
  const draft = await readDraft(c.env.DB, c.req.param('site') ?? '')
  if (!draft) return { ok: false, response: problem(c, 'not_found') }
  const { isAllowedUrl } = platformOf(await configOf(c.env))
  if (isAllowedUrl(draft.site.origin)) return { ok: true, site: draft.site }
  const detail = 'Use a public https host, without a path of ours.'
  const errors = [{ code: 'origin_refused', pointer: '/site/origin', detail }]
  return { ok: false, response: problem(c, 'invalid', { errors }) }
}
