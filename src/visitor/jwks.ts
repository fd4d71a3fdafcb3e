import { importJWK } from 'jose'
import * as z from 'zod'
import type { Result } from '../model/result.ts'
import type { JwtConfig } from '../model/site.ts'

export type Algorithm = JwtConfig['algorithm']

/** Public keys by `kid`. A Map has no prototype members that a token's `kid` could name. */
export type KeySet = ReadonlyMap<string, CryptoKey>

/** Where the keys of one issuer come from. */
export interface KeySource {
  find(kid: string): Promise<Result<CryptoKey, 'unknown_key' | 'keys_unavailable'>>
}

/** Longest `kid` of a key or a token. */
export const MAX_KID = 128

const MAX_KEYS = 20

const JwkSet = z.looseObject({ keys: z.array(z.unknown()).max(MAX_KEYS) })

const Coordinate = z.string().regex(/^[\w-]{43,64}$/)
/** 2048 bits (RFC 7518 §3.3) to 8192, since every forged token costs one operation of that size. */
const Modulus = z.string().regex(/^[\w-]{342,1366}$/)
const Exponent = z.string().regex(/^[\w-]{1,6}$/)

const ec = (crv: string) => ({
  kty: z.literal('EC'),
  crv: z.literal(crv),
  x: Coordinate,
  y: Coordinate,
})
const rsa = { kty: z.literal('RSA'), n: Modulus, e: Exponent }

const MATERIAL: Record<Algorithm, z.ZodRawShape> = {
  ES256: ec('P-256'),
  ES384: ec('P-384'),
  EdDSA: { kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: Coordinate },
  PS256: rsa,
  RS256: rsa,
}

/**
 * The keys of a JWK Set (RFC 7517 §5) that can verify `algorithm`. Keys for other uses are passed
 * over, as issuers publish those too; so are private keys, since all who read the document can sign
 * with them. Of two keys with one `kid` the first counts. `undefined`: no JWK Set, or one of over
 * 20 keys.
 */
export async function importKeys(
  document: unknown,
  algorithm: Algorithm,
): Promise<KeySet | undefined> {
  const set = JwkSet.safeParse(document)
  if (!set.success) return undefined
  const named = await Promise.all(set.data.keys.map((key) => importKey(key, algorithm)))
  return new Map(named.filter((entry) => entry !== undefined).reverse())
}

async function importKey(
  key: unknown,
  algorithm: Algorithm,
): Promise<readonly [string, CryptoKey] | undefined> {
  const jwk = verificationKey(algorithm).safeParse(key)
  if (!jwk.success) return undefined
  try {
    const imported = await importJWK(jwk.data, algorithm)
    return imported instanceof CryptoKey ? [jwk.data.kid, imported] : undefined
  } catch {
    // A point off its curve, or a number that is none: only the platform can tell.
    return undefined
  }
}

/** Members outside this schema, such as `x5c` and `x5u`, are dropped and never followed. */
const verificationKey = (algorithm: Algorithm) =>
  z.object({
    ...MATERIAL[algorithm],
    kid: z.string().min(1).max(MAX_KID),
    alg: z.literal(algorithm).optional(),
    use: z.literal('sig').optional(),
    key_ops: z
      .array(z.string())
      .refine((operations) => operations.includes('verify'))
      .optional(),
    d: z.undefined().optional(),
  })
