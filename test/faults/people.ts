import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { Client } from './client.ts'
import { AUDIENCE, ISSUER, MEMBER_NAME, type Who } from './site.ts'

/** An issuer of visitors' tokens. */
export interface Issuer {
  /** The JWK Set to publish. */
  readonly keys: { readonly keys: readonly unknown[] }
  /** A member's token; `skew` is by how many seconds the issuer's clock is ahead. */
  token(skew?: number): Promise<string>
}

export async function createIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }
  return {
    keys: { keys: [jwk] },
    token(skew = 0) {
      const now = Math.floor(Date.now() / 1000) + skew
      return new SignJWT({ name: MEMBER_NAME })
        .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid: 'k1' })
        .setSubject('member-1')
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(now)
        .setExpirationTime(now + 3600)
        .sign(privateKey)
    },
  }
}

/** Somebody who asks for pages, and what they should see in the slot `who` when all is well. */
export interface Person {
  readonly who: Who
  readonly headers: Readonly<Record<string, string>>
}

export const STRANGER: Person = { who: 'guest', headers: {} }

/** The cookie of ours in an answer, ready to be sent back. */
export function ownCookie(headers: Headers): string {
  const ours = headers.getSetCookie().find((cookie) => cookie.startsWith('sv='))
  return ours?.split(';')[0] ?? ''
}

/**
 * Somebody with a profile that says they bought once. Their cookie is the one of their first page
 * view: it carries no snapshot, so each of their page views has to read their visitor object.
 */
export async function createBuyer(client: Client): Promise<Person> {
  const first = await client.ask({ path: '/p/small', headers: { cookie: 'consent=profile' } })
  const cookie = `consent=profile; ${ownCookie(first.headers)}`
  const told = await client.ask({
    path: '/_sv/v1/batch',
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: Buffer.from(
      JSON.stringify({ batch: [{ type: 'track', event: 'bought', messageId: 'first-order' }] }),
    ),
  })
  const receipt = told.body.toString()
  if (!receipt.includes('"accepted":1')) throw new Error(`The purchase was not taken: ${receipt}`)
  return { who: 'buyer', headers: { cookie } }
}

export async function createMember(client: Client, token: string): Promise<Person> {
  const headers = { cookie: `consent=profile; session=${token}` }
  const first = await client.ask({ path: '/p/small', headers })
  return {
    who: 'member',
    headers: { cookie: `consent=profile; session=${token}; ${ownCookie(first.headers)}` },
  }
}
