/** Whether arms were shown as often as the weights in force said (sample-ratio mismatch). */
export interface SampleRatio {
  /** Exposures compared. */
  readonly shown: number
  /** Part of them that would have to move for the counts to fit. */
  readonly excess: number
  /**
   * χ² test, for one look at a time that was not chosen by the result, and for visitors who come once:
   * where many come back under other weights it is small though nothing is wrong.
   */
  readonly p: number
  /** How much likelier the counts are if one arm is shown too often or too rarely; valid at every look. */
  readonly evidence: number
  readonly alarm: boolean
}

/** A source whose visitors are rewarded far more often, or more rarely, than everybody else's. */
export interface OddSource {
  readonly source: string
  readonly trials: number
  readonly rewarded: number
  /** Rewards that the same arms brought at the other sources, for as many trials. */
  readonly expected: number
  /** How many standard deviations that is off; negative where rewards are missing. */
  readonly score: number
}

/** What a learner makes of what it is told. */
export interface Audit {
  /** Epoch ms. */
  readonly at: number
  /** Nothing for a ranked list, of which one visitor is shown several. */
  readonly sampleRatio: SampleRatio | null
  readonly oddSources: readonly OddSource[]
}
