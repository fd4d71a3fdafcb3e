import { compactVerify } from 'jose'
import * as z from 'zod'
import { err, ok, type Result } from '../model/result.ts'
import type { JwtConfig } from '../model/site.ts'
import { type Algorithm, importKeys, type KeySet, type KeySource, MAX_KID } from './jwks.ts'
import { remoteKeys } from './jwks-remote.ts'
import { checkClaims, type SignedIn } from './jwt-claims.ts'
import { type JsonObject, readCompact } from './jwt-shape.ts'

export type { SignedIn } from './jwt-claims.ts'

/** Why a token signs nobody in. For counters and traces; a visitor is never told. */
export type JwtRefusal =
  | 'malformed'
  | 'too_large'
  | 'unsupported_header'
  | 'wrong_algorithm'
  | 'wrong_type'
  | 'unknown_key'
  | 'bad_signature'
  | 'expired'
  | 'not_yet_valid'
  | 'too_old'
  | 'wrong_issuer'
  | 'wrong_audience'
  | 'bad_claims'
  | 'keys_unavailable'

export interface JwtVerifier {
  /** @param now epoch milliseconds */
  verify(token: string, now: number): Promise<Result<SignedIn, JwtRefusal>>
}

/**
 * Header members that would let a token choose its own key or how its bytes are read (RFC 8725
 * §3.10, RFC 7797). Others, such as a certificate's thumbprint, are ignored as RFC 7515 §4 demands.
 */
const REFUSED_MEMBERS = ['jwk', 'jku', 'x5c', 'x5u', 'crit', 'b64', 'enc', 'zip'] as const

const KeyId = z.string().min(1).max(MAX_KID)

/**
 * Verifies visitors' tokens by one site's policy: one algorithm, one issuer, one audience, one type
 * and the configured keys, whatever a token says of itself (RFC 8725). Keep one per site and
 * isolate: it holds the issuer's keys, and a new one fetches them anew.
 *
 * @param deps `now` in epoch milliseconds, by which fetched keys grow old
 */
export function createJwtVerifier(
  config: JwtConfig,
  deps: { fetch: typeof fetch; now: () => number },
): JwtVerifier {
  const source = keySource(config, deps)
  return {
    async verify(token, now) {
      const compact = readCompact(token)
      if (!compact.ok) return compact
      const kid = checkHeader(compact.value.header, config)
      if (!kid.ok) return kid
      const key = await source.find(kid.value)
      if (!key.ok) return key
      if (!(await isSigned(token, key.value, config.algorithm))) return err('bad_signature')
      return checkClaims(compact.value.payload, config, now)
    },
  }
}

/** The `kid` of a header that the site's policy allows. */
function checkHeader(
  header: JsonObject,
  config: JwtConfig,
): Result<string, 'unsupported_header' | 'wrong_algorithm' | 'wrong_type' | 'unknown_key'> {
  if (REFUSED_MEMBERS.some((name) => Object.hasOwn(header, name))) return err('unsupported_header')
  if (header.alg !== config.algorithm) return err('wrong_algorithm')
  if (typeof header.typ !== 'string') return err('wrong_type')
  if (mediaType(header.typ) !== mediaType(config.type)) return err('wrong_type')
  const kid = KeyId.safeParse(header.kid)
  return kid.success ? ok(kid.data) : err('unknown_key')
}

/** `JWT` and `application/jwt` are one type (RFC 7515 §4.1.9); media types ignore case. */
function mediaType(type: string): string {
  const lower = type.toLowerCase()
  return lower.includes('/') ? lower : `application/${lower}`
}

/**
 * jose checks the signature alone. The claims are checked here, because its rules accept subjects
 * of any type and infinite times, and end a tolerance one second early.
 */
async function isSigned(token: string, key: CryptoKey, algorithm: Algorithm): Promise<boolean> {
  try {
    await compactVerify(token, key, { algorithms: [algorithm] })
    return true
  } catch {
    return false
  }
}

function keySource(config: JwtConfig, deps: { fetch: typeof fetch; now: () => number }): KeySource {
  const { algorithm, keys } = config
  return keys.kind === 'remote' ? remoteKeys(keys.url, algorithm, deps) : localKeys(keys, algorithm)
}

/** Imported at first use: WebCrypto is asynchronous, and on Workers not for global scope. */
function localKeys(document: unknown, algorithm: Algorithm): KeySource {
  let set: KeySet | undefined
  return {
    async find(kid) {
      set ??= await importKeys(document, algorithm)
      const key = set?.get(kid)
      return key ? ok(key) : err('unknown_key')
    },
  }
}
