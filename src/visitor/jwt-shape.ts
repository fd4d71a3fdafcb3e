import { base64url } from 'jose'
import { err, ok, type Result } from '../model/result.ts'

/** A compact JWS read but not yet proven: nothing in it may be believed before its signature is. */
export interface CompactToken {
  readonly header: JsonObject
  readonly payload: JsonObject
}

export type JsonObject = Readonly<Record<string, unknown>>

/** A header line of 8 KB is what most servers take; tokens of honest issuers are under 2 KB. */
const MAX_CHARACTERS = 8192

/**
 * Three non-empty base64url parts without padding, whose unused last bits are zero (RFC 4648 §3.5).
 * Decoders skip those bits, so a token that sets them would be a second spelling of the same bytes.
 */
const PART = '(?=[^.])(?:[\\w-]{4})*(?:[\\w-][AQgw]|[\\w-]{2}[AEIMQUYcgkosw048])?'
const COMPACT = new RegExp(`^${PART}\\.${PART}\\.${PART}$`)

const JSON_TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g

/** `ignoreBOM` leaves a byte order mark in the text, where JSON does not allow it. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Splits and parses a compact JWS (RFC 7515 §7.1), more strictly than jose: it refuses padded,
 * spaced or non-canonical base64url, bytes that are not UTF-8, and members given twice.
 */
export function readCompact(token: string): Result<CompactToken, 'malformed' | 'too_large'> {
  if (token.length > MAX_CHARACTERS) return err('too_large')
  if (!COMPACT.test(token)) return err('malformed')
  const [header, payload] = token.split('.', 2).map(readObject)
  return header && payload ? ok({ header, payload }) : err('malformed')
}

function readObject(part: string): JsonObject | undefined {
  try {
    const json = utf8.decode(base64url.decode(part))
    const value: unknown = JSON.parse(json)
    return isObject(value) && Object.keys(value).length === countMembers(json) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Members written at the top level of valid JSON. Parsers differ in which of two equal names they
 * keep (RFC 8259 §4), so an issuer may have checked another value than the one read here. Nested
 * objects are not counted: no rule ever looks inside one.
 */
function countMembers(json: string): number {
  let depth = 0
  let members = 0
  for (const [token] of json.matchAll(JSON_TOKEN)) {
    if (token === '{' || token === '[') depth += 1
    else if (token === '}' || token === ']') depth -= 1
    else if (token === ':' && depth === 1) members += 1
  }
  return members
}
