import * as z from 'zod'
import { err, ok, type Result } from '../model/result.ts'
import type { JwtConfig } from '../model/site.ts'
import type { ClaimValue } from '../model/visitor.ts'
import type { JsonObject } from './jwt-shape.ts'

/** Whom a verified token speaks of, and what it says that the site has asked to know. */
export interface SignedIn {
  readonly subject: string
  readonly claims: Readonly<Record<string, ClaimValue>>
}

export type ClaimRefusal =
  | 'bad_claims'
  | 'wrong_issuer'
  | 'wrong_audience'
  | 'expired'
  | 'not_yet_valid'
  | 'too_old'

/** Seconds by which an issuer's clock and ours may differ, either way. */
const TOLERANCE = 60

/**
 * Seconds since 1970 (RFC 7519 §2). `1e999` is valid JSON and parses to Infinity, refused by zod.
 */
const NumericDate = z.number().min(0)

/**
 * Control characters forge log lines; a lone surrogate turns into U+FFFD, one subject into another.
 */
const Subject = z
  .string()
  .min(1)
  .max(256)
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text))

const RegisteredClaims = z.object({
  sub: Subject,
  iat: NumericDate,
  exp: NumericDate,
  nbf: NumericDate.default(0),
  iss: z.unknown().optional(),
  aud: z.unknown().optional(),
})

const Audiences = z.union([z.string().transform((one) => [one]), z.array(z.string())])

const Claim = z.union([
  z.string().max(256),
  z.number(),
  z.boolean(),
  z.array(z.string().max(256)).max(50),
])

interface Rule {
  readonly refusal: ClaimRefusal
  /** `at` in whole epoch seconds. Written so that a clock of NaN holds no rule. */
  readonly holds: (
    claims: z.infer<typeof RegisteredClaims>,
    config: JwtConfig,
    at: number,
  ) => boolean
}

const RULES: readonly Rule[] = [
  { refusal: 'wrong_issuer', holds: ({ iss }, { issuer }) => iss === issuer },
  {
    refusal: 'wrong_audience',
    holds: ({ aud }, { audience }) => Audiences.safeParse(aud).data?.includes(audience) === true,
  },
  { refusal: 'expired', holds: ({ exp }, _, at) => at <= exp + TOLERANCE },
  { refusal: 'not_yet_valid', holds: ({ nbf }, _, at) => at >= nbf - TOLERANCE },
  { refusal: 'not_yet_valid', holds: ({ iat }, _, at) => at >= iat - TOLERANCE },
  { refusal: 'too_old', holds: ({ iat }, { maxAge }, at) => at <= iat + maxAge + TOLERANCE },
]

/**
 * Checks the claims of a payload whose signature has been verified (RFC 7519 §4.1, RFC 8725
 * §3.8–3.9) and keeps of them what `config.claims` names.
 *
 * @param now epoch milliseconds
 */
export function checkClaims(
  payload: JsonObject,
  config: JwtConfig,
  now: number,
): Result<SignedIn, ClaimRefusal> {
  const registered = RegisteredClaims.safeParse(payload)
  if (!registered.success) return err('bad_claims')
  const at = Math.floor(now / 1000)
  const broken = RULES.find((rule) => !rule.holds(registered.data, config, at))
  if (broken) return err(broken.refusal)
  return ok({ subject: registered.data.sub, claims: mapClaims(payload, config.claims) })
}

/** Claims that are absent or of another shape than `ClaimValue` leave their attribute unset. */
function mapClaims(payload: JsonObject, names: JwtConfig['claims']): Record<string, ClaimValue> {
  // A Map, so that no configured name reaches the prototype of the payload.
  const members = new Map(Object.entries(payload))
  const known = Object.entries(names).flatMap(([attribute, name]) => {
    const claim = Claim.safeParse(members.get(name))
    return claim.success ? [[attribute, claim.data] as const] : []
  })
  return Object.fromEntries(known)
}
