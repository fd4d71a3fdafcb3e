import type { Decision } from './decision.ts'
import type { Suppression } from './policy.ts'
import type { StickyPick } from './sticky.ts'
import type { ConsentTier } from './visitor.ts'

/**
 * One page view's decisions with what they were decided from, enough to replay them. Nothing in it is
 * of a person: no id, address, claim or profile, only what rules made of them.
 */
export interface PageRecord {
  /** Epoch ms. */
  readonly at: number
  /** Hash of the bundle. */
  readonly bundle: string
  readonly measured: boolean
  /** As `suppressed` and `closed`, absent from records of before there were policies and caps. */
  readonly tier?: ConsentTier
  /** Slots of the page, in place of its address. */
  readonly slots: readonly string[]
  /** Audience → whether the visitor was in it, of those that were asked for. */
  readonly audiences: Readonly<Record<string, boolean>>
  /** What segments are told apart by → its value, `*` for any that is not told apart. */
  readonly reads: Readonly<Record<string, string>>
  /** Salt → where the visitor fell, as coarsely as gives the same decisions. */
  readonly buckets: Readonly<Record<string, number>>
  readonly levels: Readonly<Record<string, number>>
  /** Picks of earlier pages that were shown on this one. */
  readonly kept: readonly StickyPick[]
  /** Variant → the policy that kept it back, of those that were asked for; the others may be shown. */
  readonly suppressed?: Readonly<Record<string, Omit<Suppression, 'experience' | 'variant'>>>
  /** Names of claims that had been refused. */
  readonly closed?: readonly string[]
  /** With the versions of the weights that they were decided by. */
  readonly decisions: readonly Decision[]
}
