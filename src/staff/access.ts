import { err, ok, type Result } from '../model/result.ts'
import { createJwtVerifier, type JwtRefusal, type JwtVerifier } from '../visitor/jwt.ts'
import { ROLES, type Role, type Staff } from './token.ts'

/** Staff who sign in by Cloudflare Access, and what they may do. */
export interface Access {
  /** `acme.cloudflareaccess.com` */
  readonly team: string
  /** The application's audience tag. */
  readonly audience: string
  /** The first that fits counts. */
  readonly staff: readonly Admitted[]
}

export interface Admitted {
  /** `maria@acme.example`, or `*@acme.example` for all of a domain. */
  readonly who: string
  readonly role: Role
  /** All sites where none are named. */
  readonly sites: readonly string[]
}

/** Header in which Access says who it has let through; it stands for a session, not for a token. */
export const ACCESS_HEADER = 'cf-access-jwt-assertion'

/** Access signs anew at least once a day, unless its sessions are set to last longer: 30 days at most. */
const MAX_AGE_SECONDS = 30 * 86_400

/**
 * Reads who may do what: `maria@acme.example owner; *@acme.example marketer shop bank`. Nothing where it
 * cannot be read.
 */
export function readAdmitted(text: string): Admitted[] | undefined {
  const entries = text.split(';').map((entry) => entry.trim().split(/\s+/))
  const admitted = entries.map(([who = '', name, ...sites]) => {
    const role = ROLES.find((known) => known === name)
    return role && /^[^\s@]+@[^\s@]+$/.test(who)
      ? { who: who.toLowerCase(), role, sites }
      : undefined
  })
  return admitted.every((one) => one !== undefined) ? admitted : undefined
}

const verifiers = new WeakMap<Access, JwtVerifier>()

/** Whom Access has let through, if its word is signed and one of the staff; `now` in epoch ms. */
export async function verifyAssertion(
  token: string,
  access: Access,
  now: number,
): Promise<Result<Staff, JwtRefusal | 'not_admitted'>> {
  const signedIn = await verifierOf(access).verify(token, now)
  if (!signedIn.ok) return signedIn
  const { email } = signedIn.value.claims
  const admitted = typeof email === 'string' && admit(email.toLowerCase(), access)
  return admitted ? ok(admitted) : err('not_admitted')
}

function admit(email: string, { staff }: Access): Staff | undefined {
  const found = staff.find(({ who }) =>
    who.startsWith('*@') ? email.endsWith(who.slice(1)) : email === who,
  )
  if (!found) return undefined
  const { role, sites } = found
  return { subject: email, role, ...(sites.length > 0 && { sites }) }
}

/** One per deployment and isolate: it holds the team's keys. */
function verifierOf(access: Access): JwtVerifier {
  const known = verifiers.get(access)
  if (known) return known
  const issuer = `https://${access.team}`
  const verifier = createJwtVerifier(
    {
      ...{ from: { kind: 'bearer' }, issuer, audience: access.audience },
      ...{ algorithm: 'RS256', type: 'JWT', maxAge: MAX_AGE_SECONDS, claims: { email: 'email' } },
      keys: { kind: 'remote', url: `${issuer}/cdn-cgi/access/certs` },
    },
    { fetch: (input, init) => fetch(input, init), now: Date.now },
  )
  verifiers.set(access, verifier)
  return verifier
}
