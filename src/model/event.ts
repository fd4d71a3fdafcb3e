import type { Rung } from './experience.ts'

/** Steps of an exposure that a browser reports; `clicked` is a click inside the variant. */
export type Step = Rung | 'clicked'

/** An event that was accepted, in the vocabulary of the Segment spec. */
export interface Event {
  /** Sender's id; the same one twice is one event. */
  readonly messageId: string
  /** Epoch ms at which it happened, clock skew corrected. */
  readonly at: number
  readonly kind: 'track' | 'page' | 'identify' | 'screen' | 'group' | 'alias'
  /** Event name of a `track`, page path of a `page`, name of a `screen`, else `''`. */
  readonly name: string
  /** Flat properties (traits for `identify`). */
  readonly properties: Readonly<Record<string, string | number | boolean>>
}

/** Who a sender says an event is of: their own user id, ours or theirs of a browser, a former one. */
export interface Identification {
  readonly userId: string
  readonly anonymousId: string
  readonly previousId: string
}
