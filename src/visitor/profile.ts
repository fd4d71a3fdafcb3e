import type { Event } from '../model/event.ts'
import { toThousandths } from '../model/learning.ts'
import {
  EMPTY_PROFILE,
  type Fading,
  type Profile,
  type Recent,
  type SumTally,
  type Tally,
} from '../model/profile.ts'
import type { Device } from '../model/signals.ts'
import { toKey } from '../model/subject.ts'
import { lookAt } from './fading.ts'
import { merge } from './merge.ts'
import { NOTHING_RECENT, record } from './recent.ts'

/** An event of a visitor with all that their profile takes from it. */
export interface Done {
  readonly event: Event
  /** The site's counters that count it, and what it adds to their sums. */
  readonly counted?: readonly { readonly counter: string; readonly amount?: number }[]
  /** Hour of the visitor's day, where a browser says it. */
  readonly hour?: number
  readonly device?: Device
}

/**
 * One event more. Events in whatever order, and divided among profiles that are merged, make the same
 * profile; only which of more than 100 names stay may depend on how late an event came.
 */
export function fold(profile: Profile, done: Done): Profile {
  return merge(profile, profileOf(done))
}

/** The profile of who did nothing else. */
function profileOf(done: Done): Profile {
  const { at, kind } = done.event
  const nothing = { ...EMPTY_PROFILE, firstAt: at, updatedAt: at }
  if (kind === 'identify') return { ...nothing, traits: traitsOf(done.event) }
  if (kind === 'group' || kind === 'alias') return nothing
  return { ...nothing, ...looksOf(done.event), ...deedOf(done) }
}

function traitsOf({ at, properties }: Event): Profile['traits'] {
  const words = Object.entries(properties)
  return Object.fromEntries(words.map(([name, value]) => [name, { value, at, firstAt: at }]))
}

/** Longest path of a page that is kept of a deed. */
const LONGEST_PATH = 128

function deedOf({ event, counted = [], hour, device }: Done): Partial<Profile> {
  const { at, kind } = event
  const isPage = kind === 'page'
  const key = isPage ? 'page' : toKey(event.name)
  const name = isPage ? event.name.slice(0, LONGEST_PATH) : key
  return {
    pages: isPage ? 1 : 0,
    events: key === '' ? {} : { [key]: tallyOf(at) },
    counters: Object.fromEntries(
      counted.map(({ counter, amount }) => [counter, sumOf(at, amount)]),
    ),
    hours: hour === undefined ? {} : { [hour]: 1 },
    devices: device ? { [device]: tallyOf(at) } : {},
    deeds: name === '' ? [] : [{ at, name, isPage }],
  }
}

function tallyOf(at: number): Tally {
  return { count: 1, firstAt: at, lastAt: at, recent: record(NOTHING_RECENT, at, 1, at) }
}

function sumOf(at: number, amount = 0): SumTally {
  const recentSums: Recent = amount === 0 ? NOTHING_RECENT : record(NOTHING_RECENT, at, amount, at)
  return { ...tallyOf(at), sum: toThousandths(amount), recentSums }
}

/** Tags of one event that count. */
const MOST_TAGS = 10

function looksOf({ at, properties }: Event): Pick<Profile, 'interests' | 'tags'> {
  const { category, tags } = properties
  return {
    interests: looksAt(typeof category === 'string' ? [category] : [], at),
    tags: looksAt(typeof tags === 'string' ? tags.split(',').slice(0, MOST_TAGS) : [], at),
  }
}

function looksAt(names: readonly string[], at: number): Readonly<Record<string, Fading>> {
  const keys = names.map(toKey).filter((key) => key !== '')
  return Object.fromEntries(keys.map((key) => [key, lookAt(at)]))
}
