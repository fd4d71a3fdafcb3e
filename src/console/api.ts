import type { HourOfEvents } from '../model/event-counts.ts'
import type { Figures } from '../model/figures.ts'
import type { Result } from '../model/result.ts'
import { err, ok } from '../model/result.ts'
import type { SlotHealth } from '../model/slot-health.ts'

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

/** Why a call brought nothing. `detail` is a sentence for the reader. */
export type Refusal =
  | { readonly reason: 'unreachable'; readonly detail: string }
  | { readonly reason: 'signed-out'; readonly detail: string }
  | { readonly reason: 'forbidden'; readonly detail: string }
  | { readonly reason: 'not-found'; readonly detail: string }
  | { readonly reason: 'refused'; readonly detail: string }

export type Answer<T> = Promise<Result<T, Refusal>>

const API = '/_sv/api/v1'

/** Milliseconds after which a call counts as unreachable; a figures page is a few kB. */
const PATIENCE = 15_000

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
  return call('PUT', `/sites/${encodeURIComponent(site)}/off`, { off })
}

export function readFigures(site: string): Answer<Figures> {
  return call('GET', `/sites/${encodeURIComponent(site)}/figures`)
}

export async function readSlots(site: string): Answer<readonly SlotHealth[]> {
  const path = `/sites/${encodeURIComponent(site)}/slot-health`
  const answer = await call<{ slots: readonly SlotHealth[] }>('GET', path)
  return answer.ok ? ok(answer.value.slots) : answer
}

export async function readEventCounts(site: string): Answer<readonly HourOfEvents[]> {
  const path = `/sites/${encodeURIComponent(site)}/events/counts`
  const answer = await call<{ hours: readonly HourOfEvents[] }>('GET', path)
  return answer.ok ? ok(answer.value.hours) : answer
}

/** Address of a site's figures as CSV. */
export function figuresCsv(site: string): string {
  return `${API}/sites/${encodeURIComponent(site)}/figures.csv`
}

/** One call. The answer is ours and same-origin, so its shape is trusted. */
async function call<T>(method: string, path: string, body?: unknown): Answer<T> {
  try {
    const response = await fetch(API + path, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE),
    })
    if (!response.ok) return err(await toRefusal(response))
    return ok(response.status === 204 ? null : await response.json())
  } catch {
    return err({ reason: 'unreachable', detail: 'Selvedge cannot be reached right now.' })
  }
}

const REASONS: Readonly<Record<number, Refusal['reason']>> = {
  401: 'signed-out',
  403: 'forbidden',
  404: 'not-found',
  502: 'unreachable',
  503: 'unreachable',
  504: 'unreachable',
}

/** A problem document (RFC 9457) as a refusal; whatever else answers is told by its status. */
async function toRefusal(response: Response): Promise<Refusal> {
  const problem: unknown = await response.json().catch(() => null)
  const reason = REASONS[response.status] ?? 'refused'
  const detail = read(problem, 'detail') ?? read(problem, 'title')
  return { reason, detail: detail ?? `The server answered with status ${response.status}.` }
}

function read(problem: unknown, member: 'detail' | 'title'): string | null {
  if (typeof problem !== 'object' || problem === null) return null
  const value: unknown = Reflect.get(problem, member)
  return typeof value === 'string' && value !== '' ? value : null
}
