import { type Context, Hono } from 'hono'
import { listSites } from '../db/figures.ts'
import { type Site, SiteSchema } from '../model/site.ts'
import { problem } from '../problem.ts'
import { requireRole, type StaffEnv } from '../staff/guard.ts'
import { mayEnter } from '../staff/token.ts'
import { mismatch, readBodyOf } from './body.ts'
import { changeOf } from './change.ts'
import { checkSiteIds } from './check.ts'
import { assignReporter } from './notifications.ts'
import { etagOf, type Precondition, preconditionOf } from './precondition.ts'
import { readSite, saveSite } from './sites.ts'

/** Sites and their own documents; mounted at `/sites`. */
export const sites = new Hono<StaffEnv>()
  .get('/', requireRole('marketer'), async (c) => {
    const all = await listSites(c.env)
    return c.json({ sites: all.filter(({ id }) => mayEnter(c.get('staff'), id)) })
  })

  .post('/', requireRole('owner'), async (c) => {
    const site = await readBodyOf(c, SiteSchema)
    if (!site.ok) return site.response
    if (!mayEnter(c.get('staff'), site.value.id)) return problem(c, 'forbidden')
    const location = `${new URL(c.req.url).pathname.replace(/\/$/, '')}/${site.value.id}`
    return save(c, site.value, 'absent', { location })
  })

  .get('/:site', requireRole('marketer'), async (c) => {
    const found = await readSite(c.env.DB, c.req.param('site'))
    if (!found) return problem(c, 'not_found')
    return c.json(found, 200, { etag: etagOf(found.version) })
  })

  .put('/:site', requireRole('editor'), async (c) => {
    const expected = preconditionOf(c)
    if (expected === undefined) return problem(c, 'precondition_required')
    const site = await readBodyOf(c, SiteSchema)
    if (!site.ok) return site.response
    const errors = mismatch(site.value.id, c.req.param('site'), '/id')
    if (errors.length > 0) return problem(c, 'invalid', { errors })
    return save(c, site.value, expected)
  })

async function save(
  c: Context<StaffEnv>,
  site: Site,
  expected: Precondition,
  headers: Record<string, string> = {},
): Promise<Response> {
  const errors = checkSiteIds(site, '')
  if (errors.length > 0) return problem(c, 'invalid', { errors })
  const saved = await saveSite(c.env.DB, site, expected, changeOf(c))
  if (saved.ok) {
    assignReporter(c, site)
    const etag = etagOf(saved.value.version)
    return c.json(saved.value, expected === 'absent' ? 201 : 200, { etag, ...headers })
  }
  switch (saved.error.reason) {
    case 'not_found':
      return problem(c, 'not_found')
    case 'forbidden':
      return problem(c, 'forbidden', { errors: saved.error.errors })
    case 'precondition_failed': {
      const type = c.req.method === 'POST' ? 'exists' : 'precondition_failed'
      return problem(c, type, saved.error.current && { current: saved.error.current })
    }
  }
}
