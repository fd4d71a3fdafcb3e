import { configOf } from '../config.ts'
import { findHome } from '../site/directory.ts'
import { fetchFromOrigin, isLoop, timeoutOf, toOriginRequest } from '../site/origin.ts'
import type { OpenLink } from '../staff/link.ts'
import { openPageLink, type PageLink, withoutToken } from '../staff/page-link.ts'

/** A link to a page that was opened in time. */
export interface LinkedPage {
  readonly link: OpenLink
  readonly token: string
  /** Address of the page, as it is without the link. */
  readonly page: URL
}

/** Opens the link in a request's address; nothing for a request that has none of ours. */
export async function openLinkedPage(
  request: Request,
  purpose: PageLink,
  env: Env,
): Promise<LinkedPage | 'expired' | undefined> {
  if (isLoop(request) || request.method !== 'GET') return undefined
  const { page, token } = withoutToken(new URL(request.url), purpose)
  if (token === '') return undefined
  // Without keys there are no links, and the page goes its usual way.
  const config = await configOf(env).catch(() => undefined)
  if (config === undefined) return undefined
  const { keys } = config
  const link = await openPageLink(token, purpose, keys.link, Date.now())
  if (!link.ok) return link.error === 'expired' ? 'expired' : undefined
  return { link: link.value, token, page }
}

/** Whether a page is one of these hosts. */
export function isOnHosts(page: URL, hosts: readonly string[]): boolean {
  const home = { site: '', origin: '' }
  return findHome(new Map(hosts.map((host) => [host, home])), page) !== undefined
}

/** The page as its origin sends it. */
export function fetchPage(
  request: Request,
  page: URL,
  origin: string,
  env: Env,
): Promise<Response> {
  const asked = toOriginRequest(new Request(page, request), {
    ...{ origin: new URL(origin).origin, whole: true, url: page },
  })
  return fetchFromOrigin(asked, timeoutOf(env))
}

/** What no page that is shown to staff may do: be stored or indexed, set a cookie, or be framed elsewhere. */
export function forStaff(shown: Response, policy: string): Response {
  const response = new Response(shown.body, shown)
  const { headers } = response
  for (const name of ['set-cookie', 'x-frame-options']) headers.delete(name)
  headers.set('cache-control', 'private, no-store')
  headers.set('x-robots-tag', 'noindex')
  // The address is a key: other sites are not told it.
  headers.set('referrer-policy', 'strict-origin')
  headers.set('content-security-policy', policy)
  return response
}

/** A sentence in place of a page. */
export function sentence(status: 410 | 503, text: string): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  })
}
