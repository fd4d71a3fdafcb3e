import type { CustomerRecord } from '../model/attribute.ts'
import {
  type Fading,
  type Profile,
  type Recent,
  type Snapshot,
  type SnapshotValue,
  type SumTally,
  type Tally,
  WINDOWS,
  type WindowName,
} from '../model/profile.ts'
import { weightOf } from './fading.ts'
import { changesAt, daysWithin, NOTHING_RECENT, within } from './recent.ts'
import { newestOf, UNDERTAKINGS, visitOf } from './session.ts'

/** All that is known of who asks. */
export interface Known {
  readonly profile: Profile
  /** Imported of the customer whom the person is; empty where they are none. */
  readonly attributes: CustomerRecord
  /** People of their household, where one was imported. */
  readonly household?: number
  /** Whether it is of a known person: other devices and systems may add to it at any time. */
  readonly shared: boolean
}

/** The longest that a snapshot is good for, in ms. */
export const LONGEST_MS = 86_400_000

/** Longest text that travels in the cookie; the rest stays with the shard. */
const LONGEST_TEXT = 64

/**
 * What one site's rules and templates read, by the base paths of `reads`. What never happened counts 0
 * and was at no time; of what nobody ever said there is no value. Long texts are cut; a list of more
 * than 256 characters is left out whole, as if nothing were known, for half of one would be a lie.
 */
export function toSnapshot(known: Known, reads: readonly string[], now: number): Snapshot {
  const values: Record<string, SnapshotValue> = {}
  let until = now + LONGEST_MS
  for (const path of reads) {
    const [, root = '', ...names] = path.split('.')
    const { value, changes } = own(READERS, root)?.(known, names, now) ?? NOTHING
    if (value !== undefined) values[path] = cut(value)
    if (changes !== undefined) until = Math.min(until, changes)
  }
  return { at: now, until, shared: known.shared, values }
}

interface Reading {
  readonly value?: SnapshotValue | undefined
  /** Epoch ms at which the mere passing of time makes it another. */
  readonly changes?: number
}

const NOTHING: Reading = {}

type Reader = (known: Known, names: readonly string[], now: number) => Reading

const READERS: Readonly<Record<string, Reader>> = {
  pages: ({ profile }) => ({ value: profile.pages }),
  topInterest: ({ profile }, _, now) => ({ value: strongest(profile.interests, now) }),
  topTag: ({ profile }, _, now) => ({ value: strongest(profile.tags, now) }),
  habit: ({ profile }) => ({ value: habitOf(profile.hours) }),
  lastDevice: ({ profile }) => ({ value: lastDevice(profile.devices) }),
  deviceKinds: ({ profile }) => ({ value: Object.keys(profile.devices).length }),
  household: ({ household }) => ({ value: household }),
  events: ({ profile }, [key = '', fact = ''], now) =>
    tallyFact(own(profile.events, key), fact, now),
  counters: ({ profile }, [id = '', fact = ''], now) =>
    sumFact(own(profile.counters, id), fact, now),
  activeDays: ({ profile }, [fact = ''], now) => activeDays(own(profile.events, 'page'), fact, now),
  interests: ({ profile }, [key = ''], now) => ({
    value: weight(own(profile.interests, key), now),
  }),
  tags: ({ profile }, [key = ''], now) => ({ value: weight(own(profile.tags, key), now) }),
  session: ({ profile }, [fact = '']) => ({ value: own(SESSION, fact)?.(profile) }),
  traits: ({ profile }, [name = '']) => ({ value: own(profile.traits, name)?.value }),
  attributes: ({ attributes }, [name = '']) => ({
    value: fitting(attributes, name)?.value ?? undefined,
  }),
  ages: ({ attributes }, [name = '']) => ({ value: fitting(attributes, name)?.at }),
}

/** Names of events and traits are senders’ own, and may be those of every object’s. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

function cut(value: SnapshotValue): SnapshotValue {
  return typeof value === 'string' ? value.slice(0, LONGEST_TEXT) : value
}

function strongest(fadings: Profile['interests'], now: number): string | undefined {
  const [top] = Object.entries(fadings)
    .map(([name, fading]) => ({ name, weight: weightOf(fading, now) }))
    .sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1))
  return top?.name
}

/** To three places, which is finer than anybody's interest. */
function weight(fading: Fading | undefined, now: number): number {
  return fading ? Math.round(weightOf(fading, now) * 1000) / 1000 : 0
}

const PARTS_OF_DAY = ['night', 'morning', 'afternoon', 'evening'] as const

/** The quarter of the day with most events, the earlier of equals; night is from 0 to 6. */
function habitOf(hours: Profile['hours']): string | undefined {
  const counts = PARTS_OF_DAY.map((name, part) => ({
    name,
    count: Object.entries(hours)
      .filter(([hour]) => Math.floor(Number(hour) / 6) === part)
      .reduce((sum, [, count]) => sum + count, 0),
  }))
  const [most] = counts.toSorted((a, b) => b.count - a.count)
  return most && most.count > 0 ? most.name : undefined
}

function lastDevice(devices: Profile['devices']): string | undefined {
  const [last] = Object.entries(devices).sort(
    ([a, one], [b, other]) => other.lastAt - one.lastAt || (a < b ? -1 : 1),
  )
  return last?.[0]
}

function tallyFact(tally: Tally | undefined, fact: string, now: number): Reading {
  if (fact === 'count') return { value: tally?.count ?? 0 }
  if (fact === 'firstAt' || fact === 'lastAt') return { value: tally?.[fact] }
  return windowFact(tally?.recent, fact.replace(/^in/, ''), now)
}

function sumFact(tally: SumTally | undefined, fact: string, now: number): Reading {
  if (fact === 'sum') return { value: tally?.sum ?? 0 }
  if (fact.startsWith('sum')) return windowFact(tally?.recentSums, fact.slice(3), now)
  return tallyFact(tally, fact, now)
}

function windowFact(recent: Recent = NOTHING_RECENT, name: string, now: number): Reading {
  if (!isWindow(name)) return NOTHING
  const window = WINDOWS[name]
  return { value: within(recent, window, now), changes: changesAt(recent, window, now) }
}

function activeDays(pages: Tally | undefined, fact: string, now: number): Reading {
  const name = fact.replace(/^in/, '')
  if (!isWindow(name)) return NOTHING
  const { recent } = pages ?? { recent: NOTHING_RECENT }
  const window = WINDOWS[name]
  return { value: daysWithin(recent, window, now), changes: changesAt(recent, window, now) }
}

function isWindow(name: string): name is WindowName {
  return Object.hasOwn(WINDOWS, name)
}

type SessionReader = (profile: Profile) => SnapshotValue | undefined

const { basket, form } = UNDERTAKINGS

const SESSION: Readonly<Record<string, SessionReader>> = {
  pages: ({ deeds }) => visitOf(deeds).pages,
  seconds: ({ deeds }) => visitOf(deeds).seconds,
  landing: ({ deeds }) => visitOf(deeds).landing || undefined,
  lastAt: ({ deeds }) => visitOf(deeds).lastAt || undefined,
  basketBeganAt: ({ events }) => newestOf(events, basket.begins),
  basketEndedAt: ({ events }) => newestOf(events, basket.ends),
  formBeganAt: ({ events }) => newestOf(events, form.begins),
  formEndedAt: ({ events }) => newestOf(events, form.ends),
}

/** Longest list that is carried, in characters. */
const LONGEST_LIST = 256

/** An attribute that fits: else neither its value nor when it was confirmed, as that would say that there is none. */
function fitting(attributes: CustomerRecord, name: string): CustomerRecord[string] | undefined {
  const attribute = own(attributes, name)
  const value = attribute?.value
  const isList = typeof value === 'object' && value !== null
  return isList && value.join().length > LONGEST_LIST ? undefined : attribute
}
