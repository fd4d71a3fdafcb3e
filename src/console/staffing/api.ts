import type { Role } from '../api.ts'
import { type Answer, call } from '../call.ts'
import type { Page } from '../editing/things.ts'

/** Somebody who may do something here. */
export interface StaffMember {
  readonly subject: string
  readonly role: Role
  /** Sites they are kept to; all of them unless given. */
  readonly sites?: readonly string[] | null
}

export interface LogEntry {
  readonly seq: number
  /** Epoch ms. */
  readonly at: number
  readonly by: string
  readonly role: string
  readonly action: string
  readonly kind: string | null
  readonly id: string | null
  readonly summary: string
}

export function listStaff(): Answer<{
  readonly items?: readonly StaffMember[]
  readonly staff?: readonly StaffMember[]
}> {
  return call('GET', '/staff')
}

export function putStaff({ subject, ...rest }: StaffMember): Answer<unknown> {
  return call('PUT', `/staff/${encodeURIComponent(subject)}`, rest)
}

export function removeStaff(subject: string): Answer<null> {
  return call('DELETE', `/staff/${encodeURIComponent(subject)}`)
}

export function readLog(site: string, cursor?: string): Answer<Page<LogEntry>> {
  const query = new URLSearchParams({ site, ...(cursor && { cursor }) })
  return call('GET', `/audit?${query}`)
}
