import type { HourOfEvents } from '../model/event-counts.ts'
import type { Figures } from '../model/figures.ts'
import { ok } from '../model/result.ts'
import type { SlotHealth } from '../model/slot-health.ts'
import { type Answer, API, call, sitePath } from './call.ts'

/** Who is signed in. */
export interface Session {
  readonly subject: string
  readonly role: Role
}

export type Role = 'editor' | 'marketer' | 'owner'

/** A site as the console lists it. */
export interface SiteSummary {
  readonly id: string
  readonly name: string
  readonly hosts: readonly string[]
  /** Content hash of the current bundle; null before the first publication. */
  readonly bundle: string | null
  /** Epoch ms. */
  readonly publishedAt: number | null
  /** The off switch: the site's own pages pass untouched. */
  readonly off: boolean
}

export function openSession(token: string): Answer<null> {
  return call('POST', '/session', { token })
}

export function readSession(): Answer<Session> {
  return call('GET', '/session')
}

export function closeSession(): Answer<null> {
  return call('DELETE', '/session')
}

export async function listSites(): Answer<readonly SiteSummary[]> {
  const answer = await call<{ sites: readonly SiteSummary[] }>('GET', '/sites')
  return answer.ok ? ok(answer.value.sites) : answer
}

export function switchSite(site: string, off: boolean): Answer<SiteSummary> {
  return call('PUT', sitePath(site, 'off'), { off })
}

export function readFigures(site: string): Answer<Figures> {
  return call('GET', sitePath(site, 'figures'))
}

export async function readSlots(site: string): Answer<readonly SlotHealth[]> {
  const answer = await call<{ slots: readonly SlotHealth[] }>('GET', sitePath(site, 'slot-health'))
  return answer.ok ? ok(answer.value.slots) : answer
}

export async function readEventCounts(site: string): Answer<readonly HourOfEvents[]> {
  const path = sitePath(site, 'events', 'counts')
  const answer = await call<{ hours: readonly HourOfEvents[] }>('GET', path)
  return answer.ok ? ok(answer.value.hours) : answer
}

/** Address of a site's figures as CSV. */
export function figuresCsv(site: string): string {
  return API + sitePath(site, 'figures.csv')
}
