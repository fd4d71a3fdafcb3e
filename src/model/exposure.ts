/** The arm that stands for "left alone" in a holdout's counts; no variant can be named so. */
export const HOLDOUT_ARM = '~holdout'

/** One delivered pick, as the page's token proves it. */
export interface Exposure {
  readonly experience: string
  readonly version: number
  readonly segment: string
  /** A variant, or `HOLDOUT_ARM`. */
  readonly arm: string
  /** Place in a ranked list from 0; 0 where there is no list. */
  readonly rank: number
  /** Probability with which it was picked. */
  readonly propensity: number
}
