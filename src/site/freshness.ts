/** How long a kept page may be used, and how its origin can be asked whether it still holds. */
export interface Terms {
  /** Epoch ms at which the origin made or confirmed it. */
  readonly at: number
  /** Ms from then for which it is fresh. */
  readonly lifetime: number
  /** Ms after that for which it may be used while it is renewed, and where the origin fails (RFC 5861). */
  readonly whileRevalidate: number
  readonly ifError: number
  readonly etag: string | undefined
  /** The origin says that it is for everybody, signed in or not. */
  readonly isPublic: boolean
}

/** Why a response is not kept. */
export type Unkept = 'set_cookie' | 'private' | 'vary' | 'no_lifetime'

type Directives = ReadonlyMap<string, string>

const FORBIDDEN = ['no-store', 'private'] as const

/** Nothing stale may be used, whatever else is said. */
const STRICT = ['must-revalidate', 'proxy-revalidate', 'no-cache'] as const

/** Nobody else's request has the same: what varies by these is one visitor's own. */
const PERSONAL_FIELDS: ReadonlySet<string> = new Set(['*', 'cookie', 'authorization'])

/** We ask for the same encodings each time. */
const OF_OUR_OWN: ReadonlySet<string> = new Set(['accept-encoding'])

/** Ms for which a site's own word keeps a page, whatever lifetime the origin names. */
export interface Override {
  readonly lifetime: number
}

/**
 * The terms on which a response may be kept for others (RFC 9111 §3, §4.2). Without a lifetime it is
 * kept on the terms that the origin confirms it each time by its ETag: a date is too coarse for that.
 */
export function termsOf(headers: Headers, now: number, override?: Override): Terms | Unkept {
  const directives = parse(headers.get('cache-control') ?? '')
  if (headers.has('set-cookie')) return 'set_cookie'
  if (FORBIDDEN.some((name) => directives.has(name))) return 'private'
  if (varyOf(headers).some((name) => PERSONAL_FIELDS.has(name))) return 'vary'
  const lifetime = override?.lifetime ?? lifetimeOf(directives, headers)
  const etag = headers.get('etag') ?? undefined
  if (lifetime <= 0 && etag === undefined) return 'no_lifetime'
  const isStrict = STRICT.some((name) => directives.has(name))
  const grace = (name: string) => (isStrict ? 0 : seconds(directives.get(name)))
  const age = seconds(headers.get('age') ?? undefined)
  return {
    at: now - age,
    lifetime,
    whileRevalidate: grace('stale-while-revalidate'),
    ifError: grace('stale-if-error'),
    etag,
    isPublic: override !== undefined || directives.has('public') || directives.has('s-maxage'),
  }
}

/** Names of the request headers by which the origin chose this response, in lower case, in order. */
export function varyOf(headers: Headers): string[] {
  return (headers.get('vary') ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && !OF_OUR_OWN.has(name))
    .sort()
}

export type Freshness = 'fresh' | 'renewable' | 'expired'

/** Whether a kept page may be used as it is, used while it is renewed, or neither. */
export function freshnessOf({ at, lifetime, whileRevalidate }: Terms, now: number): Freshness {
  const age = now - at
  if (age < lifetime) return 'fresh'
  return age < lifetime + whileRevalidate ? 'renewable' : 'expired'
}

/** Whether a kept page may stand in for an origin that fails. */
export function standsIn({ at, lifetime, ifError, whileRevalidate }: Terms, now: number): boolean {
  return now - at < lifetime + Math.max(ifError, whileRevalidate)
}

/** For shared caches first, then for all, then by the date (RFC 9111 §4.2.1). */
function lifetimeOf(directives: Directives, headers: Headers): number {
  if (directives.has('no-cache')) return 0
  const named = directives.get('s-maxage') ?? directives.get('max-age')
  if (named !== undefined) return seconds(named)
  const expires = Date.parse(headers.get('expires') ?? '')
  const date = Date.parse(headers.get('date') ?? '')
  return Number.isNaN(expires - date) ? 0 : Math.max(0, expires - date)
}

/** The first of equal directives counts; a value in quotes is the value without them. */
function parse(text: string): Directives {
  const directives = new Map<string, string>()
  for (const [, name = '', quoted, plain] of text.matchAll(DIRECTIVE)) {
    const key = name.toLowerCase()
    if (!directives.has(key)) directives.set(key, quoted ?? plain ?? '')
  }
  return directives
}

const DIRECTIVE = /([^\s,=]+)(?:\s*=\s*(?:"([^"]*)"|([^\s,]*)))?/g

/** Ms of a number of seconds; none for what is no number, as RFC 9111 §4.2.1 advises. */
function seconds(text: string | undefined): number {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) * 1000 : 0
}
