/** At most so many experiences' picks are remembered of a visitor. */
export const MOST_STICKY = 20

/**
 * A pick that a visitor keeps, as of the page view on which it was made. Experience, variant and
 * segment go by short names, for it has to fit in a cookie.
 */
export interface StickyPick {
  readonly experience: string
  readonly variant: string
  /** Version of the weights that it was picked by. */
  readonly version: number
  /**
   * Its share then, in ten-thousandths: with the version, its propensity. That is exact, but for picks
   * from among fewer arms than there were, of which it is the nearest.
   */
  readonly share: number
  /** `''` where visitors were not divided. */
  readonly segment: string
}
