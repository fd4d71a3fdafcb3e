import type { Event } from '../model/event.ts'
import type { Profile, Snapshot, SnapshotValue } from '../model/profile.ts'
import { toKey } from '../model/subject.ts'

/** Bounds of one profile, so that no sender can grow it without end. */
const MAX_NAMES = 100

/** Share of its weight that an interest keeps with each further look at something else or the same. */
const INTEREST_DECAY = 0.95

/** One event later. Order matters only within `interests`; counts and times are order-independent. */
export function fold(profile: Profile, event: Event): Profile {
  const next = { ...profile, updatedAt: Math.max(profile.updatedAt, event.at) }
  if (event.kind === 'identify') {
    return { ...next, traits: bounded({ ...profile.traits, ...event.properties }) }
  }
  const name = event.kind === 'page' ? 'page' : toKey(event.name)
  const { category } = event.properties
  const interest = typeof category === 'string' ? toKey(category) : ''
  const interests = interest === '' ? profile.interests : decayed(profile.interests, interest)
  return {
    ...next,
    pages: profile.pages + (event.kind === 'page' ? 1 : 0),
    events: counted(profile.events, name, event.at),
    interests,
    topInterest: strongest(interests),
  }
}

function counted(events: Profile['events'], name: string, at: number): Profile['events'] {
  if (name === '') return events
  const before = Object.hasOwn(events, name) ? events[name] : undefined
  return bounded({
    ...events,
    [name]: { count: (before?.count ?? 0) + 1, lastAt: Math.max(before?.lastAt ?? 0, at) },
  })
}

function decayed(interests: Profile['interests'], category: string): Profile['interests'] {
  const faded = Object.entries(interests).map(([name, weight]) => [name, weight * INTEREST_DECAY])
  const next: Record<string, number> = Object.fromEntries(faded)
  next[category] = (Object.hasOwn(next, category) ? (next[category] ?? 0) : 0) + 1
  return bounded(next)
}

/** Keeps the names that came first: a flood of new ones cannot push out what is known. */
function bounded<T>(record: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  const entries = Object.entries(record)
  return entries.length <= MAX_NAMES ? record : Object.fromEntries(entries.slice(0, MAX_NAMES))
}

function strongest(interests: Profile['interests']): string {
  const [top] = Object.entries(interests).sort(([, a], [, b]) => b - a)
  return top?.[0] ?? ''
}

/** Longest string that travels in the cookie; the rest stays with the shard. */
const MAX_VALUE = 64

/** Cuts a profile down to the paths that one site's rules and templates read. */
export function toSnapshot(profile: Profile, reads: readonly string[], now: number): Snapshot {
  const values: Record<string, SnapshotValue> = {}
  for (const path of reads) {
    const value = valueAt(profile, path.split('.').slice(1))
    if (typeof value === 'string') values[path] = value.slice(0, MAX_VALUE)
    if (typeof value === 'number' || typeof value === 'boolean') values[path] = value
  }
  return { at: now, values }
}

function valueAt(root: object, path: readonly string[]): unknown {
  let value: unknown = root
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = Reflect.get(value, name)
  }
  return value
}

/** The nested form in which rules read a snapshot: `profile.events.x.count` → `{events: {x: {count}}}`. */
export function toNested(values: Snapshot['values']): Record<string, unknown> {
  const root: Record<string, unknown> = {}
  for (const [path, value] of Object.entries(values)) {
    const names = path.split('.').slice(1)
    const last = names.pop()
    let node = root
    for (const name of names) {
      const child = Object.hasOwn(node, name) ? node[name] : undefined
      const next = isRecord(child) ? child : {}
      node[name] = next
      node = next
    }
    if (last !== undefined) node[last] = value
  }
  return root
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
