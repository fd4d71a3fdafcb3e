import type { Context } from 'hono'

/** Nothing but the console's own files may run, load or frame (OWASP ASVS 3.4). */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
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
  for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value)
  if (url.protocol === 'https:') {
    response.headers.set('strict-transport-security', 'max-age=31536000')
  }
  return response
}

/** Style, script and placeholder of the gallery's modules, for the sites' own pages. */
export async function serveGallery(c: Context<{ Bindings: Env }>): Promise<Response> {
  const url = new URL(c.req.url)
  url.pathname = url.pathname.slice('/_sv'.length)
  const asset = await c.env.ASSETS.fetch(new Request(url, { headers: c.req.raw.headers }))
  const response = new Response(asset.body, asset)
  response.headers.set('cache-control', 'public, max-age=300')
  response.headers.set('x-content-type-options', 'nosniff')
  return response
}
