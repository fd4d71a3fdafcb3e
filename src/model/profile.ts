import type { Device } from './signals.ts'

/** How far back counts are told apart, in ms, by the name that rules use: `in1h` … `in90d`. */
export const WINDOWS = {
  '1h': 3_600_000,
  '6h': 6 * 3_600_000,
  '24h': 24 * 3_600_000,
  '7d': 7 * 86_400_000,
  '30d': 30 * 86_400_000,
  '90d': 90 * 86_400_000,
} as const

export type WindowName = keyof typeof WINDOWS

/**
 * Amounts by when they fell, as coarse as they are old: bucket → amount, for buckets of five minutes
 * (two hours), of an hour (two days) and of a day (91 days), each numbered since the epoch.
 */
export interface Recent {
  readonly fives: Readonly<Record<string, number>>
  readonly hours: Readonly<Record<string, number>>
  readonly days: Readonly<Record<string, number>>
}

/** How often something happened, when first and last, and how often lately. Times in epoch ms. */
export interface Tally {
  readonly count: number
  readonly firstAt: number
  readonly lastAt: number
  readonly recent: Recent
}

/** A tally that adds something up as well, exact to thousandths. */
export interface SumTally extends Tally {
  readonly sum: number
  readonly recentSums: Recent
}

/**
 * How often there was interest, by day (UTC) since the epoch, so that adding up is exact; its weight is
 * worked out on reading. Times in epoch ms.
 */
export interface Fading {
  readonly firstAt: number
  readonly lastAt: number
  readonly days: Readonly<Record<string, number>>
}

/** The newest word on something: of two at the same moment the greater one, whatever came first. */
export interface Said {
  readonly value: string | number | boolean
  readonly at: number
  /** Epoch ms of the first word. */
  readonly firstAt: number
}

/** An event of the last visits, short: visits are read off these. */
export interface Deed {
  readonly at: number
  /** Path of a page, key of another event. */
  readonly name: string
  readonly isPage: boolean
}

/** The profile's shape: what an earlier worker stored is read on, whatever it lacks is empty. */
export const PROFILE_FORMAT = 2

/**
 * What is remembered of a visitor: a fold over their events, kept in a visitor shard. All of it adds
 * up: events in whatever order, and visitors who turn out to be one person, make the same profile.
 */
export interface Profile {
  readonly format: typeof PROFILE_FORMAT
  /** Epoch ms of the oldest and newest event folded in; 0 for an empty profile. */
  readonly firstAt: number
  readonly updatedAt: number
  /** Page views reported. */
  readonly pages: number
  /** By the key of an event's name. */
  readonly events: Readonly<Record<string, Tally>>
  /** By the site's own counters. */
  readonly counters: Readonly<Record<string, SumTally>>
  /** By category, and by tag, of the products and pages looked at. */
  readonly interests: Readonly<Record<string, Fading>>
  readonly tags: Readonly<Record<string, Fading>>
  /** By hour of the visitor's day, 0–23: how many events. */
  readonly hours: Readonly<Record<string, number>>
  readonly devices: Readonly<Partial<Record<Device, Tally>>>
  /** The newest deeds, oldest first. */
  readonly deeds: readonly Deed[]
  /** Typed-in traits from `identify` events. */
  readonly traits: Readonly<Record<string, Said>>
}

export const EMPTY_PROFILE: Profile = {
  format: PROFILE_FORMAT,
  firstAt: 0,
  updatedAt: 0,
  pages: 0,
  events: {},
  counters: {},
  interests: {},
  tags: {},
  hours: {},
  devices: {},
  deeds: [],
  traits: {},
}

/** The part of a profile that one site's rules and templates read: base path → value. */
export interface Snapshot {
  /** Epoch ms when the profile was read. */
  readonly at: number
  /** Epoch ms from which some value may be another by the mere passing of time. */
  readonly until: number
  /** Whether it is of a known person: other devices and systems may add to it at any time. */
  readonly shared: boolean
  readonly values: Readonly<Record<string, SnapshotValue>>
}

export type SnapshotValue = string | number | boolean | readonly string[]
