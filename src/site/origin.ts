import { type Breaker, createBreaker } from '../model/breaker.ts'

/** Headers a client could set to pass for someone else; the platform and we set our own. */
const CLAIMED_HEADERS = [
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-real-ip',
  'forwarded',
  'cdn-loop',
]

/** Validators and ranges are about the origin's bytes, which a rewritten page no longer has. */
const CONDITIONAL_HEADERS = [
  'if-none-match',
  'if-modified-since',
  'if-match',
  'if-unmodified-since',
  'if-range',
  'range',
  'accept-encoding',
]

const NEVER_PASSED: ReadonlySet<string> = new Set(CLAIMED_HEADERS)
const NOT_FOR_WHOLE_PAGES: ReadonlySet<string> = new Set([
  ...CLAIMED_HEADERS,
  ...CONDITIONAL_HEADERS,
])

/** Ours, never the client's: stripped on the way in. */
const OWN_PREFIX = 'x-sv-'

/** Encodings that the runtime decodes by itself. */
const DECODABLE = 'gzip, br'

/** Marks what has been through us (RFC 8586), so that an origin that resolves to us cannot loop. */
const LOOP_MARK = 'selvedge'

interface OriginOptions {
  /** The site's origin: scheme, host, port. */
  readonly origin: string
  /** The page will be rewritten, so the whole of it is needed, in an encoding the runtime decodes. */
  readonly whole: boolean
  /** The request's URL, where that is read already. */
  readonly url?: URL
}

/** The request as the origin should see it: same method, path, body and cookies. */
export function toOriginRequest(
  request: Request,
  { origin, whole, url = new URL(request.url) }: OriginOptions,
): Request {
  const { method } = request
  // Not path and search by themselves, which lose the `?` of an empty query.
  const path = url.href.slice(url.origin.length, url.href.length - url.hash.length)
  const asked = new Request(origin + path, {
    method,
    headers: request.headers,
    // A GET may come with `Content-Length: 0`, which makes it an empty body that no GET may have.
    body: method === 'GET' || method === 'HEAD' ? null : request.body,
    redirect: 'manual',
  })
  const { headers } = asked
  const dropped = whole ? NOT_FOR_WHOLE_PAGES : NEVER_PASSED
  // A copy less a few: headers given one by one, as a list, take the platform ten times as long.
  for (const name of [...headers.keys()]) {
    if (dropped.has(name) || name.startsWith(OWN_PREFIX)) headers.delete(name)
  }
  headers.set('x-forwarded-host', url.host)
  headers.set('x-forwarded-proto', url.protocol.slice(0, -1))
  headers.set('cdn-loop', loopMark(request))
  const client = headers.get('cf-connecting-ip')
  if (client !== null) headers.set('x-forwarded-for', client)
  if (whole) headers.set('accept-encoding', DECODABLE)
  return asked
}

function loopMark(request: Request): string {
  const hops = request.headers.get('cdn-loop')
  return hops === null ? LOOP_MARK : `${hops}, ${LOOP_MARK}`
}

/** Whether this request has been through us before. */
export function isLoop(request: Request): boolean {
  return (request.headers.get('cdn-loop') ?? '')
    .split(',')
    .some((hop) => hop.trim().split(';')[0] === LOOP_MARK)
}

const USUAL_TIMEOUT_MS = 30_000

/** Ms an origin may take; a variable that is no number must not take the site down. */
export function timeoutOf({ ORIGIN_TIMEOUT_MS }: Pick<Env, 'ORIGIN_TIMEOUT_MS'>): number {
  const timeout = Number(ORIGIN_TIMEOUT_MS)
  return timeout > 0 ? timeout : USUAL_TIMEOUT_MS
}

/** One breaker per origin: when it hangs, not every visitor has to find out by waiting. */
const breakers = new Map<string, Breaker>()
const BREAKER = { failures: 5, lasting: 1_000, rest: 5_000 } as const

function breakerOf({ url }: Request): Breaker {
  // Scheme and host, without the price of a URL object; the path begins behind `https://` at the soonest.
  const origin = url.slice(0, url.indexOf('/', 'https://'.length))
  const breaker = breakers.get(origin) ?? createBreaker(BREAKER)
  breakers.set(origin, breaker)
  return breaker
}

/**
 * The origin's answer; a plain 504 page when its headers take longer than `timeout` ms, a 502 page when
 * it cannot be reached. What only reads can be repeated, and is tried twice.
 */
export async function fetchFromOrigin(request: Request, timeout: number): Promise<Response> {
  const breaker = breakerOf(request)
  if (!breaker.allows(Date.now())) return unreachable(502, 'breaker open')
  try {
    const response = await fetchTwice(request, timeout)
    breaker.succeeded()
    return response
  } catch (error) {
    breaker.failed(Date.now())
    return unreachable(isTimeout(error) ? 504 : 502, String(error))
  }
}

async function fetchTwice(request: Request, timeout: number): Promise<Response> {
  const ask = () => fetchWithin(request, timeout)
  if (request.method !== 'GET' && request.method !== 'HEAD') return ask()
  try {
    return await ask()
  } catch (error) {
    if (isTimeout(error)) throw error
    return ask()
  }
}

/**
 * The limit is for the headers: an abort signal would also cut off a page that streams for longer. The
 * error is made when needed, as its stack costs more than all the rest.
 */
async function fetchWithin(request: Request, timeout: number): Promise<Response> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    reject(new DOMException(`No headers within ${timeout} ms.`, 'TimeoutError'))
  }, timeout)
  try {
    return await Promise.race([fetch(request), late])
  } finally {
    clearTimeout(timer)
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError'
}

function unreachable(status: 502 | 504, detail: string): Response {
  console.warn(JSON.stringify({ event: 'origin_unreachable', status, detail }))
  return plainPage(status, 'The site cannot be reached at the moment. Please try again soon.')
}

/** A request that comes back to us would go round for ever. */
export function refuseLoop(): Response {
  return plainPage(508, 'The origin of this site leads back here.')
}

/** TRACE says a request back with all its headers, `HttpOnly` cookies among them. */
export function refuseTrace(): Response {
  return plainPage(405, 'This method is not allowed.')
}

function plainPage(status: number, sentence: string): Response {
  return new Response(`${sentence}\n`, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  })
}

/**
 * A host that no site claims: to where the zone itself would send it (or the deployment's default
 * origin), as it is; or a clear 404, as configured.
 */
export async function fetchUnknownHost(request: Request, env: Env): Promise<Response> {
  if (env.UNKNOWN_HOST === '404') {
    return plainPage(404, 'No site is published for this host.')
  }
  const origin = env.DEFAULT_ORIGIN || new URL(request.url).origin
  return fetchFromOrigin(toOriginRequest(request, { origin, whole: false }), timeoutOf(env))
}
