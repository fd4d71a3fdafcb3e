import * as z from 'zod'
import { fromBase64Url, toBase64Url } from '../model/base64url.ts'
import type { Exposure } from '../model/exposure.ts'
import type { Keyring } from '../model/keys.ts'
import { err, ok, type Result } from '../model/result.ts'

/** Rewards later than this need the exposure to be on record already; the token itself is void. */
export const TOKEN_LIFE_MS = 24 * 3_600_000

/** All exposures of one page view, signed once: events refer to them by their place in the list. */
export interface PageToken {
  /** Epoch ms at which the page was decided. */
  readonly at: number
  readonly exposures: readonly Exposure[]
}

export type TokenRefusal = 'token_malformed' | 'token_forged' | 'token_expired'

const Payload = z.tuple([
  z.number(),
  z.array(z.tuple([z.string(), z.number(), z.string(), z.string(), z.number(), z.number()])),
])

const encoder = new TextEncoder()

/** Half of a SHA-256 MAC: 128 bits, as NIST SP 800-107 allows for HMAC. */
const MAC_BYTES = 16

/**
 * `<key id>.<payload>.<mac>`; the MAC also covers site and visitor, which are not in the token: it is
 * worth nothing in another browser or on another site.
 */
export async function signToken(token: PageToken, holder: string, ring: Keyring): Promise<string> {
  const [current] = ring
  if (!current) throw new Error('The keyring is empty: configuration must refuse to start.')
  const rows = token.exposures.map((e) => [
    e.experience,
    e.version,
    e.segment,
    e.arm,
    e.rank,
    e.propensity,
  ])
  const payload = toBase64Url(encoder.encode(JSON.stringify([token.at, rows])))
  const mac = await crypto.subtle.sign('HMAC', current.key, signedBytes(payload, holder))
  return `${current.id}.${payload}.${toBase64Url(new Uint8Array(mac, 0, MAC_BYTES))}`
}

/** Opens a token for the visitor who sent it (`holder` = `<site>/<visitor>`). */
export async function verifyToken(
  text: string,
  holder: string,
  ring: Keyring,
  now: number,
): Promise<Result<PageToken, TokenRefusal>> {
  const [id = '', payload = '', mac = '', ...rest] = text.split('.')
  const key = ring.find((candidate) => candidate.id === id)?.key
  if (rest.length > 0 || payload === '' || mac === '') return err('token_malformed')
  if (!key) return err('token_forged')
  const expected = await crypto.subtle.sign('HMAC', key, signedBytes(payload, holder))
  if (!equal(toBase64Url(new Uint8Array(expected, 0, MAC_BYTES)), mac)) return err('token_forged')
  const token = parsePayload(payload)
  if (!token) return err('token_malformed')
  return now - token.at > TOKEN_LIFE_MS ? err('token_expired') : ok(token)
}

function signedBytes(payload: string, holder: string): Uint8Array {
  return encoder.encode(`${holder}\n${payload}`)
}

/** In constant time: how far a guess was right must not show. */
function equal(a: string, b: string): boolean {
  let difference = a.length ^ b.length
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i % b.length)
  return difference === 0
}

function parsePayload(payload: string): PageToken | undefined {
  const text = new TextDecoder().decode(fromBase64Url(payload))
  const parsed = Payload.safeParse(JSON.parse(text))
  if (!parsed.success) return undefined
  const [at, rows] = parsed.data
  return {
    at,
    exposures: rows.map(([experience, version, segment, arm, rank, propensity]) => ({
      experience,
      version,
      segment,
      arm,
      rank,
      propensity,
    })),
  }
}
