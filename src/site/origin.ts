/** Headers a client could set to pass for someone else; the platform and we set our own. */
const CLAIMED_HEADERS = [
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-real-ip',
  'forwarded',
]

/** Ours, never the client's: stripped on the way in. */
const OWN_PREFIX = 'x-sv-'

/** Validators and ranges are about the origin's bytes, which a rewritten page no longer has. */
const CONDITIONAL_HEADERS = [
  'if-none-match',
  'if-modified-since',
  'if-match',
  'if-unmodified-since',
  'if-range',
  'range',
]

interface OriginOptions {
  /** The site's origin: scheme, host, port. */
  readonly origin: string
  /** The page will be rewritten, so the whole of it is needed, in an encoding the runtime decodes. */
  readonly whole: boolean
}

/** The request as the origin should see it: same method, path, body and cookies. */
export function toOriginRequest(request: Request, { origin, whole }: OriginOptions): Request {
  const url = new URL(request.url)
  const target = new URL(url.pathname + url.search, origin)
  const headers = new Headers(request.headers)
  for (const name of CLAIMED_HEADERS) headers.delete(name)
  for (const name of [...headers.keys()]) if (name.startsWith(OWN_PREFIX)) headers.delete(name)
  headers.set('x-forwarded-host', url.host)
  headers.set('x-forwarded-proto', url.protocol.slice(0, -1))
  const client = request.headers.get('cf-connecting-ip')
  if (client) headers.set('x-forwarded-for', client)
  if (whole) {
    for (const name of CONDITIONAL_HEADERS) headers.delete(name)
    headers.set('accept-encoding', 'gzip, br')
  }
  return new Request(target, {
    method: request.method,
    headers,
    body: request.body,
    redirect: 'manual',
  })
}

/** Marks what has been through us (RFC 8586), so that an origin that resolves to us cannot loop. */
const LOOP_MARK = 'selvedge'

/** Whether this request has been through us before. */
export function isLoop(request: Request): boolean {
  return (request.headers.get('cdn-loop') ?? '')
    .split(',')
    .some((hop) => hop.trim().split(';')[0] === LOOP_MARK)
}

/** The origin's answer, or a plain 502 page when there is none. */
export async function fetchFromOrigin(request: Request): Promise<Response> {
  if (isLoop(request)) return plainPage(508, 'The origin of this site leads back here.')
  const hops = [request.headers.get('cdn-loop'), LOOP_MARK].filter(Boolean).join(', ')
  const marked = new Request(request)
  marked.headers.set('cdn-loop', hops)
  try {
    return await fetch(marked)
  } catch (error) {
    console.warn(JSON.stringify({ event: 'origin_unreachable', detail: String(error) }))
    return plainPage(502, 'The site cannot be reached at the moment. Please try again soon.')
  }
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
  if (env.DEFAULT_ORIGIN !== '') {
    return fetchFromOrigin(toOriginRequest(request, { origin: env.DEFAULT_ORIGIN, whole: false }))
  }
  return fetchFromOrigin(request)
}
