import type { Context } from 'hono'
import type { Change } from '../db/change-log.ts'
import type { StaffEnv } from '../staff/guard.ts'
import type { Role } from '../staff/token.ts'

/** Who asks, as the log names them, now. */
export function changeOf(c: Context<StaffEnv>): Change & { readonly role: Role } {
  const { subject, role } = c.get('staff')
  return { by: subject, role, at: Date.now() }
}
