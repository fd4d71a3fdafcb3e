import type { IncomingMessage, ServerResponse } from 'node:http'
import { toEtag } from './assets.ts'

/** An answer before it is sent. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: Buffer
}

const NOTHING = Buffer.alloc(0)

/** Seconds for which an asset may be kept: by its version for good, else for a week. */
const YEAR = 365 * 24 * 3600
const WEEK = 7 * 24 * 3600

/** A page. It says who is signed in and what is in the basket, hence `Vary: Cookie`. */
export function htmlReply(text: string, status: 200 | 404, personal: boolean): Reply {
  const body = Buffer.from(text)
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': personal ? 'private, no-cache' : 'no-cache',
      vary: 'Cookie',
      etag: toEtag(body),
      'referrer-policy': 'strict-origin-when-cross-origin',
    },
    body,
  }
}

export function jsonReply(value: unknown, maxAge: number): Reply {
  const body = Buffer.from(`${JSON.stringify(value)}\n`)
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      'cache-control': `public, max-age=${maxAge}`,
      etag: toEtag(body),
    },
    body,
  }
}

export function assetReply(type: string, etag: string, body: Buffer, isVersioned: boolean): Reply {
  const cacheControl = isVersioned
    ? `public, max-age=${YEAR}, immutable`
    : `public, max-age=${WEEK}`
  return {
    status: 200,
    headers: { 'content-type': type, 'cache-control': cacheControl, etag },
    body,
  }
}

/** On to a path of this site: 302 for a short link, 303 after a form. */
export function redirectReply(
  status: 302 | 303,
  location: string,
  cookies: readonly string[] = [],
): Reply {
  const headers = { location, 'cache-control': 'no-store' }
  return {
    status,
    headers: cookies.length > 0 ? { ...headers, 'set-cookie': cookies } : headers,
    body: NOTHING,
  }
}

export function refusal(
  status: 400 | 405 | 413 | 500,
  headers: Record<string, string> = {},
): Reply {
  return {
    status,
    headers: {
      ...headers,
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
    },
    body: Buffer.from(`${status}\n`),
  }
}

/** Sends a reply, or 304 where the browser already has it (RFC 9110, section 13.1.2). */
export function send(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  const { etag } = reply.headers
  const known = request.headers['if-none-match'] ?? ''
  const fresh = reply.status === 200 && typeof etag === 'string' && known.includes(etag)
  const length = fresh ? {} : { 'content-length': String(reply.body.length) }
  const headers = Object.entries({
    ...reply.headers,
    ...length,
    'x-content-type-options': 'nosniff',
  })
  response.statusCode = fresh ? 304 : reply.status
  for (const [name, value] of headers) response.setHeader(name, value)
  response.end(fresh ? undefined : reply.body)
}
