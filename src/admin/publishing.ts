import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { configOf } from '../config.ts'
import { logAct } from '../db/change-log.ts'
import { listSites } from '../db/figures.ts'
import { problem } from '../problem.ts'
import { requireRole, type StaffEnv } from '../staff/guard.ts'
import { type Body, readBodyOf } from './body.ts'
import { changeOf } from './change.ts'
import { readDraft } from './drafts.ts'
import { platformOf } from './platform.ts'
import { NoteSchema, publish, review } from './publish.ts'

const WishSchema = z.strictObject({ note: NoteSchema })

/** What is said with a publication; a call without a body says nothing. */
async function readWish(c: Context): Promise<Body<z.infer<typeof WishSchema>>> {
  if ((await c.req.text()) === '') return { ok: true, value: { note: '' } }
  return readBodyOf(c, WishSchema)
}

/** Whether a site is off. */
export const OffSchema = z.strictObject({ off: z.boolean() })

/** What makes a draft live, and what takes all of it away; mounted at `/sites/:site`. */
export const publishing = new Hono<StaffEnv>()
  .post('/check', requireRole('editor'), async (c) => {
    const draft = await readDraft(c.env.DB, c.req.param('site') ?? '')
    if (!draft) return problem(c, 'not_found')
    return c.json(await review(draft, c.env, platformOf(await configOf(c.env))))
  })

  .post('/publish', requireRole('editor'), async (c) => {
    const wish = await readWish(c)
    if (!wish.ok) return wish.response
    const draft = await readDraft(c.env.DB, c.req.param('site') ?? '')
    if (!draft) return problem(c, 'not_found')
    const change = { ...changeOf(c), note: wish.value.note }
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
    const { off } = wish.value
    const action = off ? 'switch-off' : 'switch-on'
    const summary = off ? 'Switched everything off.' : 'Switched on again.'
    await logAct(c.env.DB, changeOf(c), { action, site: id, summary })
    await c.env.BOARD.getByName(id).switchOff(off)
    return c.json({ ...site, off })
  })
