import { Hono } from 'hono'
import * as z from 'zod'
import { configOf } from '../config.ts'
import { listSites } from '../db/figures.ts'
import { problem } from '../problem.ts'
import { requireRole, type StaffEnv } from '../staff/guard.ts'
import { readBodyOf } from './body.ts'
import { readDraft } from './drafts.ts'
import { platformOf } from './platform.ts'
import { publish } from './publish.ts'

/** Whether a site is off. */
export const OffSchema = z.strictObject({ off: z.boolean() })

/** What makes a draft live, and what takes all of it away; mounted at `/sites/:site`. */
export const publishing = new Hono<StaffEnv>()
  .post('/publish', requireRole('editor'), async (c) => {
    const draft = await readDraft(c.env.DB, c.req.param('site') ?? '')
    if (!draft) return problem(c, 'not_found')
    const change = { by: c.get('staff').subject, at: Date.now() }
    const published = await publish(draft, c.env, change, platformOf(await configOf(c.env)))
    if (!published.ok) return problem(c, 'invalid', { errors: published.error })
    return c.json(published.value, 201)
  })

  .put('/off', requireRole('editor'), async (c) => {
    const wish = await readBodyOf(c, OffSchema)
    if (!wish.ok) return wish.response
    const id = c.req.param('site') ?? ''
    const site = (await listSites(c.env)).find((known) => known.id === id)
    if (!site) return problem(c, 'not_found')
    await c.env.BOARD.getByName(id).switchOff(wish.value.off)
    return c.json({ ...site, off: wish.value.off })
  })
