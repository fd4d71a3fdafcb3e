import type { Claim } from './cap.ts'
import type { Suppression } from './policy.ts'

/** Why a slot got what it got. */
export type Reason =
  /** The experience has a single variant. */
  | 'rule'
  /** Fixed shares. */
  | 'split'
  /** Learned shares. */
  | 'bandit'
  /** A ranked list. */
  | 'ranked'
  /** Picked on an earlier page view, and kept. */
  | 'sticky'
  /** This visitor is in the site's permanent holdout: the origin's own content stays. */
  | 'holdout'
  /** This visitor is in one of the audiences that the site leaves alone; counted nowhere. */
  | 'excluded'
  /** Policies left nothing to show: the origin's own content stays, and nothing is counted. */
  | 'suppressed'

export interface Pick {
  readonly variant: string
  /** Exact probability of this variant at this place, given weights and inputs; in (0, 1]. */
  readonly propensity: number
}

/** What one slot shows on one page view: an ordered list, of one where the slot is not a list. */
export interface Decision {
  readonly slot: string
  readonly experience: string
  /** Empty where the origin's own content stays. */
  readonly picks: readonly Pick[]
  readonly reason: Reason
  /** Version of the weights used; 0 before anything was learned and for fixed shares. */
  readonly version: number
  readonly segment: string
  /** All that policies kept from this slot until there was something to show; absent where nothing. */
  readonly suppressed?: readonly Suppression[]
  /** What its picks need before they may be shown; absent where nothing. */
  readonly claims?: readonly Claim[]
}
