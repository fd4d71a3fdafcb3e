/** Request cookies by name; the first of equal names wins, as it is the most specific path (RFC 6265). */
export function parseCookies(header: string | null): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>()
  for (const pair of (header ?? '').split(';')) {
    const cut = pair.indexOf('=')
    if (cut < 1) continue
    const name = pair.slice(0, cut).trim()
    if (!cookies.has(name)) cookies.set(name, pair.slice(cut + 1).trim())
  }
  return cookies
}

interface CookieOptions {
  readonly secure: boolean
  /** Seconds to live; 0 removes the cookie. */
  readonly maxAge: number
  readonly sameSite: 'Lax' | 'Strict'
}

/** A host-only, script-proof cookie for the whole site. */
export function serializeCookie(name: string, value: string, options: CookieOptions): string {
  const { secure, maxAge, sameSite } = options
  return `${name}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=${sameSite}${secure ? '; Secure' : ''}`
}

/** `__Host-` binds the cookie to this very host over TLS; plain HTTP exists in local runs only. */
export function cookieName(base: string, secure: boolean): string {
  return secure ? `__Host-${base}` : base
}

/** Whether a request came over TLS. */
export function isSecure({ url }: Pick<Request, 'url'>): boolean {
  return url.startsWith('https:')
}
