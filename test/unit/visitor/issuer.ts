import { base64url, exportJWK, generateKeyPair, type JWK } from 'jose'
import { type JwtConfig, JwtSchema } from '../../../src/model/site.ts'
import { createJwtVerifier, type JwtVerifier } from '../../../src/visitor/jwt.ts'

type Algorithm = JwtConfig['algorithm']
type Json = Record<string, unknown>

const SIGNING: Record<Algorithm, { name: string; hash?: string; saltLength?: number }> = {
  ES256: { name: 'ECDSA', hash: 'SHA-256' },
  ES384: { name: 'ECDSA', hash: 'SHA-384' },
  EdDSA: { name: 'Ed25519' },
  PS256: { name: 'RSA-PSS', saltLength: 32 },
  RS256: { name: 'RSASSA-PKCS1-v1_5' },
}

/** One key of an issuer: both halves, and each as a JWK. */
export interface IssuerKey {
  readonly algorithm: Algorithm
  readonly kid: string
  readonly signingKey: CryptoKey
  readonly publicKey: CryptoKey
  readonly publicJwk: JWK & { kid: string }
  readonly privateJwk: JWK
}

export async function generateKey(algorithm: Algorithm, kid = 'key-1'): Promise<IssuerKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true })
  return {
    algorithm,
    kid,
    signingKey: privateKey,
    publicKey,
    publicJwk: { ...(await exportJWK(publicKey)), use: 'sig', kid },
    privateJwk: { ...(await exportJWK(privateKey)), use: 'sig', kid },
  }
}

/** 2026-06-01T00:00:00Z, in epoch seconds. */
export const NOW = 1_780_272_000

export const JWKS_URL = 'https://issuer.example/jwks.json'

export function config(key: IssuerKey, changes: Json = {}): JwtConfig {
  return JwtSchema.parse({
    from: { kind: 'bearer' },
    issuer: 'https://issuer.example/',
    audience: 'shop',
    algorithm: key.algorithm,
    keys: { kind: 'local', keys: [key.publicJwk] },
    ...changes,
  })
}

export function header(key: IssuerKey, changes: Json = {}): Json {
  return { alg: key.algorithm, typ: 'JWT', kid: key.kid, ...changes }
}

export function payload(changes: Json = {}): Json {
  return {
    iss: 'https://issuer.example/',
    aud: 'shop',
    sub: 'customer-7',
    iat: NOW - 10,
    exp: NOW + 600,
    ...changes,
  }
}

/** A part of a token from an object or from text given letter by letter. */
export function part(content: Json | string | Uint8Array<ArrayBuffer>): string {
  const isText = typeof content === 'string' || content instanceof Uint8Array
  return base64url.encode(isText ? content : JSON.stringify(content))
}

/** Signs whatever it is given, honest or not. */
export async function sign(key: IssuerKey, head: Json | string, body: Json | string) {
  return signParts(key, part(head), part(body))
}

export async function signParts(key: IssuerKey, head: string, body: string): Promise<string> {
  const bytes = new TextEncoder().encode(`${head}.${body}`)
  const signature = await crypto.subtle.sign(SIGNING[key.algorithm], key.signingKey, bytes)
  return `${head}.${body}.${part(new Uint8Array(signature))}`
}

/** An HS256 signature with any bytes as its secret. */
export async function signHmac(secret: string, head: Json, body: Json): Promise<string> {
  const hmac = { name: 'HMAC', hash: 'SHA-256' }
  const bytes = (text: string) => new TextEncoder().encode(text)
  const key = await crypto.subtle.importKey('raw', bytes(secret), hmac, false, ['sign'])
  const input = `${part(head)}.${part(body)}`
  const signature = await crypto.subtle.sign(hmac, key, bytes(input))
  return `${input}.${part(new Uint8Array(signature))}`
}

/** Tokens that the key has truly signed, with members changed; `undefined` leaves one out. */
export function tokensOf(key: IssuerKey) {
  return {
    withHeader: (changes: Json) => sign(key, header(key, changes), payload()),
    withClaims: (changes: Json) => sign(key, header(key), payload(changes)),
    withHeaderText: (text: string) => sign(key, text, payload()),
    withClaimsText: (text: string) => sign(key, header(key), text),
  }
}

const offline: typeof fetch = async () => {
  throw new Error('nothing may be fetched')
}

/** A verifier whose clock stands still. */
export function stillVerifier(jwt: JwtConfig, fetching = offline): JwtVerifier {
  return createJwtVerifier(jwt, { fetch: fetching, now: () => NOW * 1000 })
}
