import { type Answer, call } from '../call.ts'
import type { Page } from '../editing/things.ts'

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

export function readLog(site: string, cursor?: string): Answer<Page<LogEntry>> {
  const query = new URLSearchParams({ site, ...(cursor && { cursor }) })
  return call('GET', `/audit?${query}`)
}
