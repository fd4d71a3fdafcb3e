import { errors, jwtVerify, SignJWT } from 'jose'
import type { Keyring } from '../model/keys.ts'
import { err, ok, type Result } from '../model/result.ts'

/** What a signed link is good for: a link of one purpose opens nothing of another. */
export type LinkPurpose = 'trace' | 'preview' | 'pick'

/** A link that staff hand out: whoever has it may look at one thing of one site for a while. */
export interface Link {
  readonly purpose: LinkPurpose
  readonly site: string
  /** Who made it. */
  readonly by: string
  /** What it shows, as far as that is not said by its purpose. */
  readonly data?: Readonly<Record<string, unknown>>
}

export type LinkRefusal = 'expired' | 'invalid'

const ISSUER = 'selvedge'

/** The token of a link that is good for `seconds`, made with the newest key. `now` in epoch ms. */
export function signLink(
  { purpose, site, by, data }: Link,
  seconds: number,
  ring: Keyring,
  now: number,
): Promise<string> {
  const [current] = ring
  if (!current) throw new Error('The keyring is empty: configuration must refuse to start.')
  const issuedAt = Math.floor(now / 1000)
  return new SignJWT({ data })
    .setProtectedHeader({ alg: 'HS256', typ: `${purpose}+jwt`, kid: current.id })
    .setIssuer(ISSUER)
    .setAudience(site)
    .setSubject(by)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + seconds)
    .sign(current.key)
}

/** A link that was opened, and until when (epoch ms) that is possible. */
export interface OpenLink extends Link {
  readonly until: number
}

/** What a link's token shows, where it was made for this purpose and site with any of our keys. */
export async function openLink(
  token: string,
  { purpose, site }: Pick<Link, 'purpose' | 'site'>,
  ring: Keyring,
  now: number,
): Promise<Result<OpenLink, LinkRefusal>> {
  try {
    const { payload } = await jwtVerify(token, (header) => keyOf(header.kid, ring), {
      ...{ algorithms: ['HS256'], typ: `${purpose}+jwt`, issuer: ISSUER, audience: site },
      ...{ requiredClaims: ['exp', 'iat', 'sub'], currentDate: new Date(now) },
    })
    const { sub: by = '', exp = 0, data } = payload
    return ok({ purpose, site, by, until: exp * 1000, ...(isData(data) && { data }) })
  } catch (error) {
    return err(error instanceof errors.JWTExpired ? 'expired' : 'invalid')
  }
}

function keyOf(id: string | undefined, ring: Keyring): CryptoKey {
  const key = ring.find((candidate) => candidate.id === id)?.key
  if (!key) throw new errors.JWKSNoMatchingKey()
  return key
}

function isData(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null && !Array.isArray(data)
}
