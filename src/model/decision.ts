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

export interface Pick {
  readonly variant: string
  /** Exact probability of this variant at this place, given weights and inputs; in (0, 1]. */
  readonly propensity: number
}

/** What one slot shows on one page view: an ordered list, of one where the slot is not a list. */
export interface Decision {
  readonly slot: string
  readonly experience: string
  /** Empty for a holdout, and for those whom the site leaves alone. */
  readonly picks: readonly Pick[]
  readonly reason: Reason
  /** Version of the weights used; 0 before anything was learned and for fixed shares. */
  readonly version: number
  readonly segment: string
}
