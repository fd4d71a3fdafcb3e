import type { Site } from '../model/site.ts'
import { isWriteKey } from '../site/write-keys.ts'

/** Who sends a request: a browser by its visitor's cookie, or a server by its write key. */
export type Sender =
  | { readonly kind: 'browser' }
  | { readonly kind: 'server'; readonly writeKey: string }
  | { readonly kind: 'refused'; readonly reason: 'cross_site' | 'bad_write_key' }

/**
 * Browsers always say where they are, and a page can keep no secret: whatever stands there for a write
 * key is as good as the site's name (sites that are still closed to the public send a password of
 * their own), but one of ours has leaked. A request that says nothing of a browser and brings a key is a server's.
 */
export function senderOf(request: Request, keyInBody: string, site: Site): Sender {
  const writeKey = keyInHeader(request.headers) || keyInBody
  if (!isFromBrowser(request.headers)) {
    const isPublic = writeKey === '' || writeKey === site.id
    return isPublic ? { kind: 'browser' } : { kind: 'server', writeKey }
  }
  if (!isFromSite(request, site)) return { kind: 'refused', reason: 'cross_site' }
  const leaked = isWriteKey(writeKey) || isWriteKey(keyInBody)
  return leaked ? { kind: 'refused', reason: 'bad_write_key' } : { kind: 'browser' }
}

/** The user name of HTTP's Basic scheme, where Segment's clients put the write key. */
export function keyInHeader(headers: Headers): string {
  const [, encoded = ''] = /^Basic ([\w+/=-]+)$/i.exec(headers.get('authorization') ?? '') ?? []
  try {
    return atob(encoded).split(':')[0] ?? ''
  } catch {
    return ''
  }
}

/** Scripts cannot change these headers, nor leave them out. */
export function isFromBrowser(headers: Headers): boolean {
  return headers.has('sec-fetch-site') || headers.has('origin') || headers.has('cookie')
}

/** Pages of the site itself, and of the origins it lists; a beacon of another site has no business here. */
function isFromSite(request: Request, site: Site): boolean {
  if (listedOrigin(request, site) !== undefined) return true
  const from = request.headers.get('sec-fetch-site')
  if (from !== null) return from === 'same-origin'
  const origin = request.headers.get('origin')
  return origin === null || origin === new URL(request.url).origin
}

/** The other origin that a request comes from, where the site lists it. */
export function listedOrigin({ headers }: Request, { eventOrigins }: Site): string | undefined {
  const origin = headers.get('origin') ?? ''
  return eventOrigins?.includes(origin) ? origin : undefined
}
