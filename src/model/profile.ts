/** What is remembered of a visitor: a fold over their events, kept in a visitor shard. */
export interface Profile {
  /** Epoch ms of the newest event folded in; 0 for an empty profile. */
  readonly updatedAt: number
  /** Page views reported. */
  readonly pages: number
  /** By event name: how often and when last. */
  readonly events: Readonly<Record<string, { readonly count: number; readonly lastAt: number }>>
  /** By category of the products and pages looked at: views, newest interest weighing most. */
  readonly interests: Readonly<Record<string, number>>
  /** The category with the highest interest, `''` for none. */
  readonly topInterest: string
  /** Typed-in traits from `identify` events. */
  readonly traits: Readonly<Record<string, string | number | boolean>>
}

export const EMPTY_PROFILE: Profile = {
  updatedAt: 0,
  pages: 0,
  events: {},
  interests: {},
  topInterest: '',
  traits: {},
}

/** The part of a profile that one site's rules and templates read: dotted path → value. */
export interface Snapshot {
  /** Epoch ms when the profile was read. */
  readonly at: number
  readonly values: Readonly<Record<string, SnapshotValue>>
}

export type SnapshotValue = string | number | boolean
