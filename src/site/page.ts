import type { Bundle } from '../model/bundle.ts'
import { err, type Result } from '../model/result.ts'
import type { Slot } from '../model/slot.ts'
import type { Trail } from '../model/trail.ts'
import { type CurrentSite, currentSite, findHomeOf, peekSite, type SiteFault } from './current.ts'
import { isEligible } from './eligible.ts'
import type { Background } from './kept.ts'
import { isLoop, refuseLoop, refuseTrace, toOriginRequest } from './origin.ts'

/** A page that may be personalised; its origin has been asked for it already. */
export interface Page extends CurrentSite {
  readonly kind: 'page'
  readonly url: URL
  readonly origin: Promise<Response>
}

/** A request that passes as it is; the trail knows the reason when that is not how it should be. */
export interface Passing {
  readonly kind: 'pass'
  readonly site: string
  readonly response: Promise<Response>
}

interface Surroundings {
  readonly env: Env
  readonly trail: Trail
  readonly background: Background
  /** Fetches from an origin. */
  readonly fetch: (request: Request) => Promise<Response>
  /** What answers for a host that no site claims. */
  readonly unknownHost: (request: Request) => Promise<Response>
}

/** May we touch this request, whose page is it, and what does its origin say? */
export async function openPage(request: Request, around: Surroundings): Promise<Page | Passing> {
  const url = new URL(request.url)
  const { env, background, trail } = around
  if (isLoop(request)) return refusal(refuseLoop())
  if (request.method === 'TRACE') return refusal(refuseTrace())
  const home = await findHomeOf(url, env, background).catch(() => 'unavailable' as const)
  if (home === undefined || home === 'unavailable') {
    trail.note(home ? 'site_unavailable' : 'unknown_host')
    return { kind: 'pass', site: '', response: around.unknownHost(request) }
  }
  const { site } = home
  const ask = (whole: boolean): Promise<Response> => {
    const response = around.fetch(toOriginRequest(request, { origin: home.origin, whole, url }))
    // Awaited later, or not at all when something throws first: that must not count as unhandled.
    response.catch(() => undefined)
    return response
  }
  if (isEligible(request) !== true) return { kind: 'pass', site, response: ask(false) }
  const atHand = peekSite(site, env, background)
  if (atHand && !mayChange(atHand, url, trail)) return { kind: 'pass', site, response: ask(false) }
  const origin = ask(true)
  const current = atHand ?? (await currentSite(site, env, background).catch(() => UNAVAILABLE))
  return mayChange(current, url, trail)
    ? { kind: 'page', url, origin, ...current.value }
    : { kind: 'pass', site, response: origin }
}

function refusal(response: Response): Passing {
  return { kind: 'pass', site: '', response: Promise.resolve(response) }
}

const UNAVAILABLE = err('site_unavailable' as const)

type Found = Result<CurrentSite, SiteFault | 'site_unavailable'>

/** Whether a page of this path could be other than the origin's own; notes why it cannot but should. */
function mayChange(
  found: Found,
  { pathname }: URL,
  trail: Trail,
): found is { ok: true; value: CurrentSite } {
  if (!found.ok) {
    trail.note(found.error)
    return false
  }
  const { bundle, board } = found.value
  return !board.off && (hasSlots(bundle, pathname) || carriesBeacon(bundle, pathname))
}

function hasSlots(bundle: Bundle, pathname: string): boolean {
  return bundle.slotsByPath.match(pathname).length > 0
}

/** The slots that a page of this path should have. */
export function slotsAt(bundle: Bundle, pathname: string): Slot[] {
  return bundle.slotsByPath.match(pathname).map(({ slot }) => slot)
}

/** Goals of a page are met by looking at it, so its beacon has to say so. */
function carriesBeacon(bundle: Bundle, pathname: string): boolean {
  return bundle.site.beacon === 'everywhere' || bundle.pageGoals.match(pathname).length > 0
}
