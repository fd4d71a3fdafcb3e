import type { Rung } from './experience.ts'

/** Steps of an exposure that a browser reports; `clicked` is a click inside the variant. */
export type Step = Rung | 'clicked'

/** An event that was accepted, in the vocabulary of the Segment spec. */
export interface Event {
  /** Sender's id; the same one twice is one event. */
  readonly messageId: string
  /** Epoch ms at which it happened, clock skew corrected. */
  readonly at: number
  readonly kind: 'track' | 'page' | 'identify'
  /** Event name of a `track`, page path of a `page`, `''` of an `identify`. */
  readonly name: string
  /** Flat properties (traits for `identify`). */
  readonly properties: Readonly<Record<string, string | number | boolean>>
}
