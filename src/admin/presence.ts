import { Hono } from 'hono'
import * as z from 'zod'
import { enterPlace } from '../presence/editors.ts'
import { requireRole, type StaffEnv } from '../staff/guard.ts'
import { readBodyOf } from './body.ts'

/** What somebody is editing, such as `variants/hero`. */
export const PresenceSchema = z.strictObject({
  at: z.string().regex(/^[a-z]+\/[a-z0-9-]{1,64}$/, 'write <kind>/<id>, such as variants/hero'),
})

/** Who else is editing the same; mounted at `/sites/:site`. Said every 20 s, forgotten after 45. */
export const presence = new Hono<StaffEnv>().put('/presence', requireRole('editor'), async (c) => {
  const said = await readBodyOf(c, PresenceSchema)
  if (!said.ok) return said.response
  const one = { place: said.value.at, who: c.get('staff').subject, at: Date.now() }
  const others = await enterPlace(c.env, c.req.param('site') ?? '', one)
  return c.json({ others }, 200, { 'cache-control': 'no-store' })
})
