import type { Audit } from './audit.ts'
import type { Allocation, Rung } from './experience.ts'
import type { Counts } from './learning.ts'

/** What a site's experiences did so far, as `GET /_sv/api/v1/sites/:site/figures` answers. */
export interface Figures {
  /** Epoch ms. */
  readonly generatedAt: number
  readonly experiences: readonly ExperienceFigures[]
}

export interface ExperienceFigures {
  readonly id: string
  readonly name: string
  readonly slot: string
  readonly allocation: Allocation['kind']
  /** Name of the goal; null where none is set. */
  readonly goal: string | null
  /** The rung of the exposure ladder that counts as a trial. */
  readonly rung: Rung
  /** Version of the weights in use; 0 before anything was learned. */
  readonly version: number
  readonly arms: readonly ArmFigures[]
  /** Whether what was counted can be believed; nothing before a learner has looked. */
  readonly audit?: Audit
  /** Published shares, oldest first. */
  readonly history: readonly PublishedShares[]
}

export interface ArmFigures {
  /** A variant's id, or `HOLDOUT_ARM`. */
  readonly arm: string
  readonly name: string
  /** Ten-thousandths of traffic now; 0 for the holdout, which is taken off beforehand. */
  readonly share: number
  readonly counts: Counts
  /** Probability 0–1 of being the best arm; null where it is not computed. */
  readonly best: number | null
  /** 95 % credible interval of the rate. */
  readonly interval: readonly [number, number] | null
}

export interface PublishedShares {
  readonly version: number
  /** Epoch ms. */
  readonly at: number
  /** Arm → ten-thousandths. */
  readonly shares: Readonly<Record<string, number>>
}
