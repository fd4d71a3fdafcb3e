import type { HourOfEvents } from '../model/event-counts.ts'
import type { Overview } from '../model/overview.ts'
import type { Report } from '../model/report.ts'
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

export function readOverview(site: string): Answer<Overview> {
  return call('GET', sitePath(site, 'overview'))
}

/** What a report is asked for, as the API's query has it. */
export type ReportWish = Readonly<
  Partial<Record<'control' | 'measure' | 'segment' | 'days', string>>
>

export function readReport(site: string, experience: string, wish: ReportWish): Answer<Report> {
  return call('GET', `${sitePath(site, 'experiences', experience, 'report')}?${toQuery(wish)}`)
}

/** Address of one of a report's tables as CSV. */
export function reportCsv(
  { site, experience }: { readonly site: string; readonly experience: string },
  table: ReportTable,
  wish: ReportWish,
): string {
  const path = sitePath(site, 'experiences', experience, 'report.csv')
  return `${API}${path}?${toQuery({ table, ...wish })}`
}

export type ReportTable = 'arms' | 'watched' | 'days' | 'segments' | 'history'

/** The reader's own zone, which days are told by. */
function toQuery(wish: Readonly<Record<string, string>>): string {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions()
  return String(new URLSearchParams({ ...wish, zone: timeZone }))
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
