import * as z from 'zod'
import type { Campaign } from './signals.ts'

/**
 * How much a visitor allows. 0: nothing is stored, decisions come from the request alone.
 * 1: an identifier and measurement. 2: a profile that rules may read.
 */
export const ConsentTierSchema = z.union([z.literal(0), z.literal(1), z.literal(2)])

export type ConsentTier = z.infer<typeof ConsentTierSchema>

/** Who is asking, as proven by a sealed cookie and, where the site configures it, a JWT. */
export interface Visitor {
  /** `<region>-<shard>-<random>`; `''` at consent tier 0, where no identifier exists. */
  readonly id: string
  readonly tier: ConsentTier
  /** Known from an earlier page view; `visits` tells how many visits that makes. */
  readonly returning: boolean
  /** Visits including this one; a visit ends after 30 minutes without a page view. */
  readonly visits: number
  /** Campaign that led into this visit, kept to its end; rules can rely on it after the landing. */
  readonly campaign: Campaign
  readonly signedIn: boolean
  /** Claims of a verified JWT, mapped by the site's configuration; empty when not signed in. */
  readonly user: Readonly<Record<string, ClaimValue>>
}

export type ClaimValue = string | number | boolean | readonly string[]
