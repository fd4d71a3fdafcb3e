import { type Attribute, isBelieved } from '../model/attribute.ts'
import type { Bundle } from '../model/bundle.ts'
import type { Snapshot } from '../model/profile.ts'
import { distance } from './calendar.ts'
import { fadedTo } from './fading.ts'
import { progressOf, UNDERTAKINGS, VISIT_GAP_MS } from './session.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** The moment of a page view: epoch ms, and the calendar day where the visitor is, as `2026-11-26`. */
export interface Moment {
  readonly now: number
  readonly date: string
}

/**
 * A snapshot as rules and templates read it at this moment, nested by the dots of its paths: what
 * changes by the hour or at midnight is worked out here. Of an attribute that is too old to be believed
 * nothing is left but its age, in days. `asOf` is when the snapshot was read: it is there only where the
 * snapshot may be relied on, also for what it says nothing of.
 */
export function toView(
  { at, values }: Pick<Snapshot, 'at' | 'values'>,
  { attributes = [], reads }: Pick<Bundle, 'attributes' | 'reads'>,
  moment: Moment,
): Record<string, unknown> {
  const paths = new Map<string, unknown>(Object.entries(values))
  readTimes(paths, moment)
  fade(paths, at, moment)
  readVisit(paths, moment)
  readProgress(paths, reads, moment)
  readAttributes(paths, attributes, moment)
  return { ...nest(paths), asOf: at }
}

/**
 * The view of a snapshot that is older than it was good for. Nothing imported may be believed, and as
 * there is no `asOf`, nothing that did not happen may be taken for granted.
 */
export function toUncertainView(
  snapshot: Pick<Snapshot, 'at' | 'values'>,
  bundle: Pick<Bundle, 'attributes' | 'reads'>,
  moment: Moment,
): Record<string, unknown> {
  const { asOf, attributes, ages, dates, household, ...rest } = toView(snapshot, bundle, moment)
  return rest
}

type Paths = Map<string, unknown>

const LAST_AT = /^profile\.(events|counters)\.[^.]+\.lastAt$/

function readTimes(paths: Paths, { now }: Moment): void {
  for (const [path, lastAt] of [...paths]) {
    if (!LAST_AT.test(path) || typeof lastAt !== 'number') continue
    const since = Math.max(0, now - lastAt)
    paths.set(path.replace(/lastAt$/, 'hoursSince'), Math.floor(since / HOUR_MS))
    paths.set(path.replace(/lastAt$/, 'daysSince'), Math.floor(since / DAY_MS))
  }
}

const FADES = /^profile\.(interests|tags)\./

function fade(paths: Paths, at: number, { now }: Moment): void {
  for (const [path, weight] of paths) {
    if (FADES.test(path) && typeof weight === 'number') paths.set(path, fadedTo(weight, at, now))
  }
}

const SESSION = 'profile.session'

/** A visit that is over has no pages: the one that this page view begins is not told of yet. */
function readVisit(paths: Paths, { now }: Moment): void {
  const lastAt = paths.get(`${SESSION}.lastAt`)
  paths.delete(`${SESSION}.lastAt`)
  if (typeof lastAt === 'number' && now - lastAt <= VISIT_GAP_MS) return
  for (const count of ['pages', 'seconds']) {
    if (paths.has(`${SESSION}.${count}`)) paths.set(`${SESSION}.${count}`, 0)
  }
  paths.delete(`${SESSION}.landing`)
}

function readProgress(paths: Paths, reads: readonly string[], { now }: Moment): void {
  for (const what of Object.keys(UNDERTAKINGS)) {
    const path = `${SESSION}.${what}`
    if (!reads.includes(`${path}BeganAt`)) continue
    const [began, ended] = ['BeganAt', 'EndedAt'].map((name) => numberAt(paths, path + name))
    paths.delete(`${path}BeganAt`)
    paths.delete(`${path}EndedAt`)
    paths.set(path, progressOf(began, ended, now))
  }
}

function numberAt(paths: Paths, path: string): number | undefined {
  const value = paths.get(path)
  return typeof value === 'number' ? value : undefined
}

const AGE = /^profile\.ages\.(.+)$/

function readAttributes(paths: Paths, attributes: readonly Attribute[], moment: Moment): void {
  for (const [path, confirmedAt] of [...paths]) {
    const name = AGE.exec(path)?.[1]
    if (name === undefined || typeof confirmedAt !== 'number') continue
    const age = Math.max(0, moment.now - confirmedAt) / DAY_MS
    paths.set(path, age)
    const attribute = attributes.find(({ id }) => id === name)
    if (!attribute || !isBelieved(attribute, age)) paths.delete(`profile.attributes.${name}`)
    else if (attribute.type === 'date') readDate(paths, name, moment)
  }
}

/** Of a day that there is not, nothing is known: not even that there is none. */
function readDate(paths: Paths, name: string, { date }: Moment): void {
  const day = paths.get(`profile.attributes.${name}`)
  if (day === undefined) return
  const known = typeof day === 'string' ? distance(day, date) : undefined
  if (!known) {
    paths.delete(`profile.attributes.${name}`)
    paths.delete(`profile.ages.${name}`)
    return
  }
  for (const [what, value] of Object.entries(known)) {
    paths.set(`profile.dates.${name}.${what}`, value)
  }
}

/** `profile.events.x.count` → `{events: {x: {count}}}`. */
function nest(paths: Paths): Record<string, unknown> {
  const root: Record<string, unknown> = {}
  for (const [path, value] of paths) {
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
