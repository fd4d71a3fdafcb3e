import { toThousandths } from '../model/learning.ts'
import type { Deed, Profile, Said, SumTally, Tally } from '../model/profile.ts'
import { mergeFading } from './fading.ts'
import { mergeRecent } from './recent.ts'

/** Names of one kind that a profile holds at most, so that no sender can grow it without end. */
const MOST_NAMES = 100

/** Deeds that are kept, all of them within two hours of the newest. */
const MOST_DEEDS = 32
const DEEDS_MS = 2 * 3_600_000

/**
 * What two visitors did who are one person, or one visitor in two lots of events. Commutative and
 * associative. Of more than 100 names of a kind those stay that came first: a flood of new ones
 * cannot push out what is known. What a name that did not stay was counted is lost.
 */
export function merge(one: Profile, other: Profile): Profile {
  if (one.updatedAt === 0) return other
  if (other.updatedAt === 0) return one
  return {
    format: one.format,
    firstAt: Math.min(one.firstAt, other.firstAt),
    updatedAt: Math.max(one.updatedAt, other.updatedAt),
    pages: one.pages + other.pages,
    events: bounded(join(one.events, other.events, mergeTally)),
    counters: bounded(join(one.counters, other.counters, mergeSums)),
    interests: bounded(join(one.interests, other.interests, mergeFading)),
    tags: bounded(join(one.tags, other.tags, mergeFading)),
    hours: join(one.hours, other.hours, (a, b) => a + b),
    devices: join(one.devices, other.devices, mergeTally),
    deeds: mergeDeeds(one.deeds, other.deeds),
    traits: bounded(join(one.traits, other.traits, mergeSaid)),
  }
}

/** A map between, as names are senders’ and may be those of an object’s own making. */
function join<T>(
  one: Readonly<Record<string, T>>,
  other: Readonly<Record<string, T>>,
  both: (one: T, other: T) => T,
): Readonly<Record<string, T>> {
  const names = Object.entries(other)
  if (names.length === 0) return one
  const joined = new Map(Object.entries(one))
  for (const [name, value] of names) {
    const before = joined.get(name)
    joined.set(name, before === undefined ? value : both(before, value))
  }
  return Object.fromEntries(joined)
}

function bounded<T extends { readonly firstAt: number }>(
  record: Readonly<Record<string, T>>,
): Readonly<Record<string, T>> {
  const entries = Object.entries(record)
  if (entries.length <= MOST_NAMES) return record
  const byTime = entries.sort(([a, one], [b, other]) => one.firstAt - other.firstAt || order(a, b))
  return Object.fromEntries(byTime.slice(0, MOST_NAMES))
}

function order(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}

function mergeTally(one: Tally, other: Tally): Tally {
  const lastAt = Math.max(one.lastAt, other.lastAt)
  return {
    count: one.count + other.count,
    firstAt: Math.min(one.firstAt, other.firstAt),
    lastAt,
    recent: mergeRecent(one.recent, other.recent, lastAt),
  }
}

function mergeSums(one: SumTally, other: SumTally): SumTally {
  const tally = mergeTally(one, other)
  return {
    ...tally,
    sum: toThousandths(one.sum + other.sum),
    recentSums: mergeRecent(one.recentSums, other.recentSums, tally.lastAt),
  }
}

function mergeSaid(one: Said, other: Said): Said {
  const later = isLater(one, other) ? one : other
  return { ...later, firstAt: Math.min(one.firstAt, other.firstAt) }
}

function isLater(one: Said, other: Said): boolean {
  if (one.at !== other.at) return one.at > other.at
  return JSON.stringify(one.value) > JSON.stringify(other.value)
}

/** A set: of deeds that are alike in all, one stays. */
function mergeDeeds(one: readonly Deed[], other: readonly Deed[]): readonly Deed[] {
  if (other.length === 0) return one
  const all = [...one, ...other].sort(orderOfDeeds)
  const newest = all.at(-1)?.at ?? 0
  const different = all.filter((deed, place) => {
    const before = all[place - 1]
    return deed.at >= newest - DEEDS_MS && (!before || orderOfDeeds(before, deed) !== 0)
  })
  return different.slice(-MOST_DEEDS)
}

function orderOfDeeds(one: Deed, other: Deed): number {
  return (
    one.at - other.at || order(one.name, other.name) || Number(one.isPage) - Number(other.isPage)
  )
}
