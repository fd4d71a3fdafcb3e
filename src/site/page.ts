import type { Bundle } from '../model/bundle.ts'
import { err, type Result } from '../model/result.ts'
import type { Slot } from '../model/slot.ts'
import type { Trail } from '../model/trail.ts'
import { type CurrentSite, currentSite, findHomeOf, peekSite, type SiteFault } from './current.ts'
import { isEligible } from './eligible.ts'
import { type Asked, createKeeper, type Keeper, type Sent } from './keeper.ts'
import type { Background } from './kept.ts'
import { isLoop, refuseLoop, refuseTrace, toOriginRequest } from './origin.ts'

/** A page that may be personalised. */
export interface Page extends CurrentSite {
  readonly kind: 'page'
  readonly url: URL
  /** From the origin, which may have been asked already. */
  readonly sent: Promise<Sent>
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
  readonly outline: Asked['outline']
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
  const ask = (whole: boolean, etag?: string): Promise<Response> => {
    const toOrigin = toOriginRequest(request, { origin: home.origin, whole, url })
    if (etag !== undefined) toOrigin.headers.set('if-none-match', etag)
    return handled(around.fetch(toOrigin))
  }
  if (isEligible(request) !== true) return { kind: 'pass', site, response: ask(false) }
  const atHand = peekSite(site, env, background)
  if (atHand && !mayChange(atHand, url, trail)) return { kind: 'pass', site, response: ask(false) }
  // Where it is not known at once what is current, the origin is asked meanwhile.
  const early = atHand ? undefined : ask(true)
  const current = atHand ?? (await currentSite(site, env, background).catch(() => UNAVAILABLE))
  if (!mayChange(current, url, trail)) return { kind: 'pass', site, response: early ?? ask(true) }
  const asked = {
    ...{ request, key: `${current.value.bundle.hash}\n${url.href}`, background, clock: Date.now },
    ...{ ...keepingOf(request, url, current.value.bundle), outline: around.outline },
    ...asking(early, (etag) => ask(true, etag)),
  }
  const sent = keeperOf(env)
    .obtain(asked)
    .finally(() => background(asked.letGo()))
  return { kind: 'page', url, sent: handled(sent), ...current.value }
}

/** The first to ask gets the answer that is under way already, where there is one. */
function asking(
  early: Promise<Response> | undefined,
  ask: (etag?: string) => Promise<Response>,
): { readonly ask: typeof ask; letGo(): Promise<void> } {
  let unused = early
  return {
    ask(etag) {
      const answer = unused ?? ask(etag)
      unused = undefined
      return answer
    },
    /** Nobody wanted it, as the page was kept. */
    letGo: async () => unused?.then(({ body }) => body?.cancel()).catch(() => undefined),
  }
}

/** Awaited later, or not at all when something throws first: that must not count as unhandled. */
function handled<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined)
  return work
}

function keepingOf(
  request: Request,
  { pathname }: URL,
  bundle: Bundle,
): Pick<Asked, 'slots' | 'override' | 'isSignedIn'> {
  const [seconds] = bundle.keptSeconds.match(pathname)
  const { jwt } = bundle.site
  const cookie = jwt?.from.kind === 'cookie' ? `${jwt.from.name}=` : undefined
  return {
    slots: slotsAt(bundle, pathname),
    override: seconds === undefined ? undefined : { lifetime: seconds * 1000 },
    isSignedIn: cookie !== undefined && (request.headers.get('cookie') ?? '').includes(cookie),
  }
}

let keeper: Keeper | undefined

const USUAL_MEGABYTES = 32

/** One for all sites of the isolate. */
function keeperOf({ KEPT_PAGES_MB }: Env): Keeper {
  const megabytes = Number(KEPT_PAGES_MB)
  keeper ??= createKeeper((megabytes >= 0 ? megabytes : USUAL_MEGABYTES) * 2 ** 20, caches.default)
  return keeper
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
