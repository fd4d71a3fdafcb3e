import type { Fragment } from '../model/fragment.ts'
import type { ScriptForm } from '../model/skeleton.ts'
import type { Slot } from '../model/slot.ts'
import type { Sighting } from '../model/slot-health.ts'
import { SHARED_CACHE_FIELDS, type Untouchable } from './headers.ts'
import type { Stop } from './page-tree.ts'

export interface Plan {
  readonly fragments: readonly Fragment[]
  /** Slots that should be on the page and get nothing this time: they are looked for all the same. */
  readonly watched: readonly Slot[]
  /** Whether to look for frameworks that hydrate, which costs something on every element. */
  readonly sampled: boolean
  /** What comes at the very end, as the beacon; told in which form the page's policies allow a script. */
  readonly atEnd?: (form: ScriptForm) => string
  /** Cookies of ours to add. */
  readonly cookies: readonly string[]
  /** `Server-Timing` to add. */
  readonly timing: string
}

/** Told at the end of the page how each slot fared, and why part of it was not looked at, if so. */
export type Report = (sightings: ReadonlyMap<string, Sighting>, stop?: Stop) => void

export type Rewritten =
  | { readonly kind: 'rewritten'; readonly response: Response }
  | {
      readonly kind: 'untouched'
      readonly response: Response
      readonly why: Untouchable | 'charset' | 'nothing_to_do'
    }

/** Whether there is nothing to put on the page. */
export function isIdle(plan: Plan): boolean {
  return plan.fragments.length === 0 && !plan.atEnd
}

/** The page as it came, but for our cookies. */
export function leave(page: Response, plan: Plan): Rewritten {
  return { kind: 'untouched', why: 'nothing_to_do', response: withCookies(page, plan.cookies) }
}

/** A response that sets a cookie of ours is one visitor's own, whatever the origin says of caching. */
function withCookies(origin: Response, cookies: readonly string[]): Response {
  if (cookies.length === 0) return origin
  const response = new Response(origin.body, origin)
  for (const cookie of cookies) response.headers.append('set-cookie', cookie)
  response.headers.set('cache-control', 'private, no-store')
  for (const name of SHARED_CACHE_FIELDS) response.headers.delete(name)
  return response
}
