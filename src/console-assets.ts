import type { Context } from 'hono'

/**
 * Nothing but the console's own files may run or be styled (OWASP ASVS 3.4). Pictures and pages of the
 * sites are looked at where these are: in frames that are sandboxed, and of their own origin.
 */
function policyFor(scheme: string): string {
  const elsewhere = scheme === 'https:' ? 'https:' : 'https: http:'
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' data: ${elsewhere}`,
    `frame-src 'self' ${elsewhere}`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
}

const PREFIX = '/_sv/console'

/** The console's built files; a path without an extension is a screen of its single page. */
export async function serveConsole(c: Context<{ Bindings: Env }>): Promise<Response> {
  const url = new URL(c.req.url)
  const path = url.pathname.slice(PREFIX.length)
  url.pathname = /\.\w+$/.test(path) ? path : '/'
  const asset = await c.env.ASSETS.fetch(new Request(url, { headers: c.req.raw.headers }))
  const response = new Response(asset.body, asset)
  response.headers.set('content-security-policy', policyFor(url.protocol))
  for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value)
  if (url.protocol === 'https:') {
    response.headers.set('strict-transport-security', 'max-age=31536000')
  }
  return response
}

/** What the sites' own pages load of us: the gallery's style, script and placeholder, the preview's banner. */
export async function servePageAsset(c: Context<{ Bindings: Env }>): Promise<Response> {
  const url = new URL(c.req.url)
  url.pathname = url.pathname.slice('/_sv'.length)
  const asset = await c.env.ASSETS.fetch(new Request(url, { headers: c.req.raw.headers }))
  const response = new Response(asset.body, asset)
  response.headers.set('cache-control', 'public, max-age=300')
  response.headers.set('x-content-type-options', 'nosniff')
  return response
}
