import { errors, jwtVerify, SignJWT } from 'jose'
import * as z from 'zod'
import type { Keyring } from '../model/keys.ts'
import { err, ok, type Result } from '../model/result.ts'

/** What staff may do grows from left to right. */
export const ROLES = ['marketer', 'editor', 'owner'] as const
export type Role = (typeof ROLES)[number]

export interface Staff {
  readonly subject: string
  readonly role: Role
  /** The only sites that they have to do with; all where it is left out. */
  readonly sites?: readonly string[]
}

/** Whether somebody has to do with a site. */
export function mayEnter({ sites }: Staff, site: string): boolean {
  return sites === undefined || sites.includes(site)
}

const ISSUER = 'selvedge'
const AUDIENCE = 'selvedge-staff'
/** A staff token must not be mistaken for a visitor's, nor the other way round. */
const TYPE = 'staff+jwt'

const Claims = z.object({
  sub: z.string().min(1).max(256),
  role: z.enum(ROLES),
  sites: z.array(z.string()).optional(),
})

export type StaffRefusal = 'missing' | 'expired' | 'invalid'

/** A token that signs `staff` in for `seconds`, made with the newest key. */
export function signStaffToken(
  { subject, role, sites }: Staff,
  seconds: number,
  ring: Keyring,
  now: number,
): Promise<string> {
  const [current] = ring
  if (!current) throw new Error('The keyring is empty: configuration must refuse to start.')
  const issuedAt = Math.floor(now / 1000)
  return new SignJWT({ role, ...(sites && { sites }) })
    .setProtectedHeader({ alg: 'HS256', typ: TYPE, kid: current.id })
    .setSubject(subject)
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + seconds)
    .sign(current.key)
}

/** Who a token says is there, verified with any of our keys. */
export async function verifyStaffToken(
  token: string,
  ring: Keyring,
  now: number,
): Promise<Result<Staff, StaffRefusal>> {
  try {
    const { payload } = await jwtVerify(
      token,
      ({ kid }) => {
        const key = ring.find(({ id }) => id === kid)?.key
        if (!key) throw new errors.JWKSNoMatchingKey()
        return key
      },
      {
        algorithms: ['HS256'],
        issuer: ISSUER,
        audience: AUDIENCE,
        typ: TYPE,
        requiredClaims: ['exp', 'iat', 'sub'],
        currentDate: new Date(now),
      },
    )
    const claims = Claims.safeParse(payload)
    if (!claims.success) return err('invalid')
    const { sub: subject, role, sites } = claims.data
    return ok({ subject, role, ...(sites && { sites }) })
  } catch (error) {
    return err(error instanceof errors.JWTExpired ? 'expired' : 'invalid')
  }
}
