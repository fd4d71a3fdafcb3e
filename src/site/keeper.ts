import type { Outline, Skeleton } from '../model/skeleton.ts'
import type { Slot } from '../model/slot.ts'
import { freshnessOf, type Override, standsIn, type Terms, termsOf } from './freshness.ts'
import type { Background } from './kept.ts'
import { readPage, writePage } from './page-cache.ts'
import { createShelf, type KeptPage } from './shelf.ts'

/** A page as it came from its origin: just now, or some time ago and kept since. */
export type Sent =
  | { readonly kind: 'streamed'; readonly response: Response }
  | {
      readonly kind: 'kept'
      readonly skeleton: Skeleton
      /** Epoch ms at which the origin made or confirmed it. */
      readonly at: number
    }

/** One view of a page, with the means to get at it. */
export interface Asked {
  readonly request: Request
  /** Names the page and the configuration by which it is cut. */
  readonly key: string
  readonly slots: readonly Slot[]
  readonly override: Override | undefined
  /** Whether the visitor may be signed in at the origin, so that the page may be theirs alone. */
  readonly isSignedIn: boolean
  /** Asks the origin: for the page, or whether the one with this ETag still holds. */
  readonly ask: (etag?: string) => Promise<Response>
  /** Finds the slots in a page; a word on why not, where it cannot be cut. */
  readonly outline: (
    bytes: Uint8Array,
    headers: Headers,
    slots: readonly Slot[],
  ) => Promise<Outline | string>
  readonly background: Background
  readonly clock: () => number
}

/** Pages that an isolate and its location keep for all visitors. */
export interface Keeper {
  obtain(asked: Asked): Promise<Sent>
}

/** Longer pages are streamed each time. */
const LONGEST_PAGE = 2 * 1024 * 1024

/** How long a page that cannot be kept is not looked for in the location's cache. */
const UNKEPT_MS = 60_000
const MOST_UNKEPT = 10_000

/** A view waits no longer than this for another one to renew a page. */
const LONGEST_WAIT_MS = 3_000
const LOOK_EVERY_MS = 5

/** Answers of an origin in trouble, for which a kept page may stand in (RFC 5861 §4). */
const TROUBLE: ReadonlySet<number> = new Set([500, 502, 503, 504])

/** `bound`: bytes of memory for pages; 0 keeps none. */
export function createKeeper(bound: number, cache: Cache): Keeper {
  const shelf = createShelf(bound)
  const unkept = new Map<string, number>()
  /** Key → since when somebody asks the origin for it. */
  const asking = new Map<string, number>()
  const isRenewing = ({ key, clock }: Asked) =>
    clock() - (asking.get(key) ?? Number.NEGATIVE_INFINITY) < LONGEST_WAIT_MS

  const put = (asked: Asked, page: KeptPage) => {
    shelf.put(asked.key, asked.request.headers, page)
    asked.background(writePage(cache, asked, page).catch(() => undefined))
  }
  const leaveUnkept = (asked: Asked) => {
    if (unkept.size > MOST_UNKEPT) unkept.clear()
    unkept.set(asked.key, asked.clock() + UNKEPT_MS)
    shelf.drop(asked.key, asked.request.headers)
  }
  const find = async (asked: Asked): Promise<KeptPage | undefined> => {
    const known = shelf.find(asked.key, asked.request.headers)
    if (known || (unkept.get(asked.key) ?? 0) > asked.clock()) return known
    const page = await readPage(cache, asked).catch(() => undefined)
    if (page) shelf.put(asked.key, asked.request.headers, page)
    return page
  }

  /** Passes the response on and, where it may be kept, reads a second copy of it beside. */
  const consider = (asked: Asked, response: Response): Sent => {
    const terms = keepableAs(asked, response)
    if (!terms || !response.body) {
      leaveUnkept(asked)
      return streamed(response)
    }
    const [own, theirs] = response.body.tee()
    asked.background(keep(asked, new Response(own, response), terms))
    return streamed(new Response(theirs, response))
  }
  const keep = async (asked: Asked, response: Response, terms: Terms): Promise<void> => {
    try {
      const bytes = await readWhole(response, LONGEST_PAGE)
      const headers = withoutConnection(response.headers)
      const outline = bytes && (await asked.outline(bytes, headers, asked.slots))
      if (!bytes || typeof outline !== 'object') return leaveUnkept(asked)
      put(asked, { skeleton: { bytes, headers, outline }, terms })
    } catch {
      // The origin broke off, or nobody knows the charset: the view itself shows what of it can be shown.
      leaveUnkept(asked)
    } finally {
      asking.delete(asked.key)
    }
  }

  const renew = async (asked: Asked, page: KeptPage): Promise<Sent> => {
    asking.set(asked.key, asked.clock())
    const response = await asked.ask(page.terms.etag)
    const isKept = response.status === 200 && keepableAs(asked, response)
    if (!isKept) asking.delete(asked.key)
    if (response.status === 304) return confirm(asked, page, response)
    if (TROUBLE.has(response.status) && standsIn(page.terms, asked.clock())) {
      asked.background(response.body?.cancel() ?? Promise.resolve())
      return asKept(page)
    }
    return consider(asked, response)
  }
  /** The origin says that nothing has changed: its newest headers count (RFC 9111 §4.3.4). */
  const confirm = async (asked: Asked, page: KeptPage, response: Response): Promise<Sent> => {
    const tag = response.headers.get('etag')
    if (tag !== null && weak(tag) !== weak(page.terms.etag ?? '')) {
      leaveUnkept(asked)
      return consider(asked, await asked.ask())
    }
    const headers = merged(page.skeleton.headers, response.headers)
    const skeleton = { ...page.skeleton, headers }
    const terms = termsOf(headers, asked.clock(), asked.override)
    if (typeof terms !== 'object') leaveUnkept(asked)
    else if (terms.lifetime > 0) put(asked, { skeleton, terms })
    // To be confirmed again for the next view: not worth a write to the cache.
    else shelf.put(asked.key, asked.request.headers, { skeleton, terms })
    return { kind: 'kept', skeleton, at: asked.clock() }
  }

  /** What another view has fetched meanwhile; nothing when it does not come, or may not be shared. */
  const awaited = async (asked: Asked): Promise<KeptPage | undefined> => {
    while (isRenewing(asked)) {
      await scheduler.wait(LOOK_EVERY_MS)
      const page = shelf.find(asked.key, asked.request.headers)
      if (page && freshnessOf(page.terms, asked.clock()) === 'fresh') return page
    }
    return undefined
  }

  return {
    async obtain(asked) {
      if (bound === 0 || !mayShare(asked.request)) return streamed(await asked.ask())
      const page = await find(asked)
      if (!page) return consider(asked, await asked.ask())
      if (asked.isSignedIn && !page.terms.isPublic) return streamed(await asked.ask())
      const freshness = freshnessOf(page.terms, asked.clock())
      if (freshness === 'expired') {
        const fresh = isRenewing(asked) ? await awaited(asked) : undefined
        return fresh ? asKept(fresh) : renew(asked, page)
      }
      if (freshness === 'renewable' && !isRenewing(asked)) {
        asked.background(renew(asked, page).then(letGo))
      }
      return asKept(page)
    },
  }
}

const streamed = (response: Response): Sent => ({ kind: 'streamed', response })
const asKept = ({ skeleton, terms }: KeptPage): Sent => ({ kind: 'kept', skeleton, at: terms.at })

/** Nobody waits for the response of a renewal. */
async function letGo(sent: Sent): Promise<void> {
  if (sent.kind === 'streamed') await sent.response.body?.cancel()
}

/** Only what a browser gets when it simply asks for a page is the same for all. */
function mayShare({ method, headers }: Request): boolean {
  return method === 'GET' && !headers.has('authorization') && !headers.has('range')
}

/** On which terms a response may be kept, if at all. */
function keepableAs({ isSignedIn, override, clock }: Asked, response: Response): Terms | undefined {
  const { status, headers } = response
  const isPage = status === 200 && /^\s*text\/html\b/i.test(headers.get('content-type') ?? '')
  if (!isPage || /\bno-transform\b/i.test(headers.get('cache-control') ?? '')) return undefined
  if (Number(headers.get('content-length') ?? 0) > LONGEST_PAGE) return undefined
  const terms = termsOf(headers, clock(), override)
  if (typeof terms === 'string') return undefined
  return isSignedIn && !terms.isPublic ? undefined : terms
}

/** Fields of one connection, or of the body's coding, which is undone. */
const NOT_KEPT = [
  ...['connection', 'keep-alive', 'transfer-encoding', 'te', 'trailer', 'upgrade'],
  ...['content-encoding', 'content-length', 'age'],
]

function withoutConnection(headers: Headers): Headers {
  const kept = new Headers(headers)
  for (const name of NOT_KEPT) kept.delete(name)
  return kept
}

/** A confirmation's headers take the place of the kept ones, but for those about a body. */
function merged(kept: Headers, confirmed: Headers): Headers {
  const headers = new Headers(kept)
  for (const [name, value] of withoutConnection(confirmed)) {
    if (name === 'set-cookie') headers.append(name, value)
    else if (!name.startsWith('content-')) headers.set(name, value)
  }
  return headers
}

/** ETags are compared weakly where no ranges are involved (RFC 9110 §13.1.2). */
const weak = (etag: string) => etag.replace(/^W\//, '')

/** A body's bytes; nothing when there are more than `most`. */
async function readWhole({ body }: Response, most: number): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = []
  let length = 0
  if (!body) return undefined
  for await (const part of body) {
    parts.push(part)
    length += part.length
    if (length > most) return undefined
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
