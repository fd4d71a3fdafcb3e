import { Hono } from 'hono'
import { deleteCookie, setCookie } from 'hono/cookie'
import * as z from 'zod'
import { configOf } from '../config.ts'
import { problem } from '../problem.ts'
import { isForgeable, requireRole, type StaffEnv, sessionCookieName } from '../staff/guard.ts'
import { signStaffToken, verifyStaffToken } from '../staff/token.ts'

/** A working day; after it the console asks to sign in again. */
const SESSION_SECONDS = 12 * 3600

/** A token of `npm run token`. */
export const SignInSchema = z.strictObject({ token: z.string().max(4096) })

/** The console's session: a sign-in token is exchanged for a cookie that scripts cannot read. */
export const session = new Hono<StaffEnv>()
  .post('/', async (c) => {
    if (isForgeable(c.req.raw)) return problem(c, 'cross_site')
    const body = SignInSchema.safeParse(await c.req.json().catch(() => undefined))
    if (!body.success) return problem(c, 'bad_json')
    const { keys } = await configOf(c.env)
    const now = Date.now()
    const staff = await verifyStaffToken(body.data.token, keys.staff, now)
    if (!staff.ok) return problem(c, 'unauthenticated', { detail: `The link is ${staff.error}.` })
    const token = await signStaffToken(staff.value, SESSION_SECONDS, keys.staff, now)
    setCookie(c, sessionCookieName(c.req.url), token, {
      httpOnly: true,
      secure: c.req.url.startsWith('https:'),
      sameSite: 'Strict',
      path: '/',
      maxAge: SESSION_SECONDS,
    })
    return c.body(null, 204)
  })
  .get('/', requireRole('marketer'), (c) => c.json(c.get('staff')))
  .delete('/', requireRole('marketer'), (c) => {
    deleteCookie(c, sessionCookieName(c.req.url), {
      path: '/',
      secure: c.req.url.startsWith('https:'),
    })
    return c.body(null, 204)
  })
