import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { configOf } from '../config.ts'
import { logAct } from '../db/change-log.ts'
import { listSites } from '../db/figures.ts'
import { listScheduled, type Scheduled, settleScheduled } from '../db/schedule.ts'
import type { Configuration } from '../model/configuration.ts'
import { problem } from '../problem.ts'
import { requireRole, type StaffEnv } from '../staff/guard.ts'
import { type Body, readBodyOf } from './body.ts'
import { changeOf } from './change.ts'
import type { Platform } from './check.ts'
import { readDraft, readRevision } from './drafts.ts'
import { platformOf } from './platform.ts'
import { NoteSchema, type PublishChange, publish, review } from './publish.ts'
import { mayGoLive } from './reviews.ts'
import { schedulePublication } from './scheduled.ts'

/** Why, and when where not at once: within a year. */
export const PublishWishSchema = z.strictObject({
  note: NoteSchema,
  at: z.iso.datetime({ offset: true }).optional(),
})

type Wish = z.infer<typeof PublishWishSchema>

const LONGEST_WAIT_MS = 366 * 86_400_000

/** What is said with a publication; a call without a body says nothing. */
async function readWish(c: Context): Promise<Body<Wish>> {
  if ((await c.req.text()) === '') return { ok: true, value: { note: '' } }
  return readBodyOf(c, PublishWishSchema)
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
    const draft = await readRevision(c.env.DB, c.req.param('site') ?? '')
    if (!draft) return problem(c, 'not_found')
    if (!(await mayGoLive(c.env.DB, draft))) return problem(c, 'not_approved')
    const { note, at } = wish.value
    const { configuration } = draft
    const change = { ...changeOf(c), note }
    const platform = platformOf(await configOf(c.env))
    if (at !== undefined) return later(c, configuration, Date.parse(at), change, platform)
    const published = await publish(configuration, c.env, change, platform)
    if (!published.ok) return problem(c, 'invalid', { errors: published.error })
    return c.json(published.value, 201)
  })

  .get('/scheduled', requireRole('marketer'), async (c) => {
    const site = c.req.param('site') ?? ''
    if (!(await readDraft(c.env.DB, site))) return problem(c, 'not_found')
    const rows = await listScheduled(c.env.DB, site, SHOWN)
    return c.json({ items: rows.map(toItem) })
  })

  .delete('/scheduled/:id', requireRole('editor'), async (c) => {
    const site = c.req.param('site') ?? ''
    const which = { site, id: Number(c.req.param('id')) }
    const summary = `Called off scheduled publication ${which.id}.`
    const cancelled = await settleScheduled(c.env.DB, which, { state: 'cancelled' })
    if (!cancelled) return problem(c, 'not_found')
    await logAct(c.env.DB, changeOf(c), { action: 'delete', site, kind: 'scheduled', summary })
    await c.env.PUBLISHERS.getByName(site).plan(site)
    return c.body(null, 204)
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

const SHOWN = 50

function toItem({ id, at, hash, note, by, madeAt, state, detail }: Scheduled) {
  return { id, at, hash, note, by, madeAt, state, ...(detail !== '' && { detail }) }
}

async function later(
  c: Context<StaffEnv>,
  configuration: Configuration,
  at: number,
  change: PublishChange,
  platform: Platform,
): Promise<Response> {
  const wait = at - change.at
  if (wait <= 0 || wait > LONGEST_WAIT_MS) {
    const detail = 'Name a time to come, within a year.'
    return problem(c, 'invalid', { errors: [{ code: 'invalid', pointer: '/at', detail }] })
  }
  const scheduled = await schedulePublication(configuration, at, c.env, change, platform)
  if (!scheduled.ok) return problem(c, 'invalid', { errors: scheduled.error })
  return c.json(toItem(scheduled.value), 202)
}
