import type { MiddlewareHandler } from 'hono'
import { getCookie } from 'hono/cookie'
import { configOf } from '../config.ts'
import { problem } from '../problem.ts'
import { cookieName } from '../visitor/cookies.ts'
import { ACCESS_HEADER, verifyAssertion } from './access.ts'
import { mayEnter, ROLES, type Role, type Staff, verifyStaffToken } from './token.ts'

export interface StaffEnv {
  Bindings: Env
  Variables: { staff: Staff }
}

/** Name of the console's session cookie; `__Host-` wherever there is TLS. */
export function sessionCookieName(url: string): string {
  return cookieName('sv-staff', url.startsWith('https:'))
}

/**
 * Lets staff of at least `role` through, by bearer token, console session or Access; everybody else gets a
 * problem, and of a site that they have nothing to do with they are told nothing. What a browser sends by
 * itself (the cookie, or Access's word) is believed from our own pages only.
 *
 * @example api.put('/sites/:site', requireRole('editor'), (c) => …)
 */
export function requireRole(role: Role): MiddlewareHandler<StaffEnv> {
  return async function requireRole(c, next) {
    const bearer = /^Bearer (\S+)$/.exec(c.req.header('authorization') ?? '')?.[1]
    const session = getCookie(c, sessionCookieName(c.req.url))
    const { keys, access } = await configOf(c.env)
    const assertion = access && c.req.header(ACCESS_HEADER)
    const isByBrowser = !bearer && (session ?? assertion) !== undefined
    if (isByBrowser && isForgeable(c.req.raw)) return problem(c, 'cross_site')
    const token = bearer ?? session
    const now = Date.now()
    const staff =
      token === undefined && access && assertion
        ? await verifyAssertion(assertion, access, now)
        : await verifyStaffToken(token ?? '', keys.staff, now)
    if (!staff.ok) {
      const detail = token || assertion ? `The token is ${staff.error}.` : undefined
      return problem(c, 'unauthenticated', detail === undefined ? {} : { detail })
    }
    const { success } = await c.env.STAFF_LIMIT.limit({ key: staff.value.subject })
    if (!success) return problem(c, 'slow_down')
    if (ROLES.indexOf(staff.value.role) < ROLES.indexOf(role)) return problem(c, 'forbidden')
    const site = c.req.param('site')
    if (site !== undefined && !mayEnter(staff.value, site)) return problem(c, 'not_found')
    c.set('staff', staff.value)
    return next()
  }
}

/** Whether a request that changes something may have been made by another site's page. */
export function isForgeable(request: Request): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return false
  const from = request.headers.get('sec-fetch-site')
  if (from !== null) return from !== 'same-origin'
  return request.headers.get('origin') !== new URL(request.url).origin
}
