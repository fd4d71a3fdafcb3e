/** By which shared caches are told to store whatever `Cache-Control` says (RFC 9213, vendors' own). */
export const SHARED_CACHE_FIELDS = [
  'cdn-cache-control',
  'cloudflare-cdn-cache-control',
  'surrogate-control',
  'akamai-cache-control',
  'edge-control',
  'netlify-cdn-cache-control',
  'vercel-cdn-cache-control',
  'x-accel-expires',
] as const

/** Statements about the origin's bytes, or permissions to share them, that a rewritten page breaks. */
const UNTRUE_AFTER_REWRITE = [
  'etag',
  'last-modified',
  'content-md5',
  'digest',
  'repr-digest',
  'content-digest',
  'accept-ranges',
  'content-length',
  'expires',
  'age',
  ...SHARED_CACHE_FIELDS,
] as const

/** Nothing personal may reach a shared cache, nor come back from the visitor's own after sign-out. */
const PERSONAL = 'private, no-store'

/** What a page for one visitor says beside the origin's headers. */
interface Own {
  readonly cookies: readonly string[]
  readonly timing: string
}

/** Makes the origin's headers those of a page for one visitor: less what is no longer true of it. */
export function makePersonal(headers: Headers, own: Own): void {
  forOne(headers)
  addOwn(headers, own)
}

/** The same for a page that is kept, whose headers stay as they are. */
export function personalResponse(body: Uint8Array, kept: Headers, own: Own): Response {
  const headers = known.get(kept) ?? forOne(new Headers(kept))
  known.set(kept, headers)
  const response = new Response(body, { headers })
  addOwn(response.headers, own)
  return response
}

/** A kept page's headers as every visitor gets them: to take them out costs more than to copy the rest. */
const known = new WeakMap<Headers, Headers>()

function forOne(headers: Headers): Headers {
  for (const name of UNTRUE_AFTER_REWRITE) headers.delete(name)
  headers.set('cache-control', PERSONAL)
  return headers
}

function addOwn(headers: Headers, { cookies, timing }: Own): void {
  headers.append('server-timing', timing)
  for (const cookie of cookies) headers.append('set-cookie', cookie)
}

/** Why a page the origin sent stays as it is. */
export type Untouchable = 'status' | 'content_type' | 'no_transform' | 'encoding' | 'range'

/** Encodings that the runtime decodes before the rewriter sees the body. */
const DECODED = new Set(['', 'identity', 'gzip', 'br'])

/** Whether HTMLRewriter may be let loose on a response. */
export function isRewritable({ status, headers }: Response): true | Untouchable {
  if (status !== 200) return 'status'
  if (headers.has('content-range')) return 'range'
  if (!/^\s*text\/html\b/i.test(headers.get('content-type') ?? '')) return 'content_type'
  if (/\bno-transform\b/i.test(headers.get('cache-control') ?? '')) return 'no_transform'
  // As it stands: the runtime decodes names in lower case only.
  const encoding = headers.get('content-encoding') ?? ''
  return DECODED.has(encoding) ? true : 'encoding'
}
