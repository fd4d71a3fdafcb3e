/** The cookies of a request by name; the first of several with one name counts. */
export function parseCookies(header: string | undefined): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>()
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=')
    const name = pair.slice(0, at).trim()
    if (at > 0 && !cookies.has(name)) cookies.set(name, pair.slice(at + 1).trim())
  }
  return cookies
}

/** A Set-Cookie value for the whole site. `maxAge` in seconds; 0 deletes the cookie. */
export function toSetCookie(name: string, value: string, maxAge: number, httpOnly = true): string {
  const base = `${name}=${value}; Path=/; SameSite=Lax; Max-Age=${maxAge}`
  return httpOnly ? `${base}; HttpOnly` : base
}
