import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  calculateJwkThumbprint,
  exportJWK,
  type JWK,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose'
import { findMember, type Member } from './members.ts'

const ISSUER = 'https://demo.selvedge.example'
const AUDIENCE = 'selvedge-demo'
const KEY_FILE = 'session-key.pem'

/** Seconds for which a sign-in lasts. */
export const SESSION_SECONDS = 3600

/** Signs demo members in, and knows them again. */
export interface Sessions {
  /** A JWT (ES256) for a member; `now` in epoch ms. */
  issue(member: Member, now: number): Promise<string>
  /** The member a token belongs to; undefined for anything that is not a valid token of ours. */
  open(token: string | undefined): Promise<Member | undefined>
  /** The public half, as published under `/.well-known/jwks.json`. */
  readonly keys: { readonly keys: readonly JWK[] }
}

/** Opens the site's signing key in `folder`, making folder and key at the first start. */
export async function openSessions(folder: string): Promise<Sessions> {
  const privateKey = await loadKey(folder)
  const publicKey = createPublicKey(privateKey)
  const jwk = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(jwk)
  return {
    keys: { keys: [{ ...jwk, kid, alg: 'ES256', use: 'sig' }] },
    issue: (member, now) =>
      new SignJWT(toClaims(member))
        .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid })
        .setSubject(member.id)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(Math.floor(now / 1000))
        .setExpirationTime(Math.floor(now / 1000) + SESSION_SECONDS)
        .sign(privateKey),
    open: (token) => openToken(token, publicKey),
  }
}

/** A claim that has nothing to say is left out. */
function toClaims({ givenName, plan, points }: Member): JWTPayload {
  return { given_name: givenName, plan, ...(points > 0 && { points }) }
}

async function openToken(
  token: string | undefined,
  publicKey: KeyObject,
): Promise<Member | undefined> {
  if (!token) return undefined
  const policy = { issuer: ISSUER, audience: AUDIENCE, algorithms: ['ES256'], typ: 'JWT' }
  const verified = await jwtVerify(token, publicKey, policy).catch(() => undefined)
  return findMember(verified?.payload.sub)
}

async function loadKey(folder: string): Promise<KeyObject> {
  const file = join(folder, KEY_FILE)
  const saved = await readFile(file, 'utf8').catch(() => undefined)
  if (saved !== undefined) return createPrivateKey(saved)
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // `wx`: two first starts at once must not leave two keys, of which one signs and the other verifies.
  await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), {
    mode: 0o600,
    flag: 'wx',
  })
  return privateKey
}
