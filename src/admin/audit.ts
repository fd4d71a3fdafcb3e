import { Hono } from 'hono'
import * as z from 'zod'
import { readChangeLog } from '../db/change-log.ts'
import { problem } from '../problem.ts'
import { requireRole, type StaffEnv } from '../staff/guard.ts'
import { mayEnter } from '../staff/token.ts'
import { pageOf, toCursor } from './paging.ts'

/** Who did what, the newest first; all sites together are for owners. Mounted at `/audit`. */
export const audit = new Hono<StaffEnv>().get('/', requireRole('marketer'), async (c) => {
  const site = c.req.query('site')
  const staff = c.get('staff')
  if (site === undefined && (staff.role !== 'owner' || staff.sites)) {
    return problem(c, 'forbidden', { detail: 'Name a site: ?site=<id>.' })
  }
  if (site !== undefined && !mayEnter(staff, site)) return problem(c, 'not_found')
  const page = pageOf(c, z.int().min(1))
  if (!page.ok) return page.response
  const { limit, after: before } = page.value
  const rows = await readChangeLog(c.env.DB, { site, before, limit: limit + 1 })
  const items = rows.slice(0, limit)
  return c.json({ items, next: rows.length > limit ? toCursor(items.at(-1)?.seq) : null })
})
