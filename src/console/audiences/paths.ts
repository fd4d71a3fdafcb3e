import type { AttributeType } from '../../model/attribute.ts'
import { nameOfPath } from '../../model/condition-sentence.ts'
import type { Configuration } from '../../model/configuration.ts'
import type { Option } from '../form/spec.ts'
import type { Operator } from './rule.ts'

/** What stands at a path, by which operators and values are offered. */
export type PathType = 'text' | 'number' | 'flag' | 'list'

/** Something a rule can read: one path, or all paths of a form with a name and a measure in it. */
export interface Subject {
  /** The path itself, or what such paths begin with. */
  readonly key: string
  readonly label: string
  readonly group: string
  readonly type: PathType
  /** Values to choose from. */
  readonly options?: readonly Option[]
  readonly hint?: string
  /** The paths have a name of somebody's choice. */
  readonly named?: NameSource
  /** What can be asked of that name; its label. */
  readonly measures?: Readonly<Record<string, string>>
}

type NameSource = 'events' | 'counters' | 'attributes' | 'dates' | 'free'

const fixed = (
  group: string,
  key: string,
  type: PathType,
  more: Partial<Subject> = {},
): Subject => ({ group, key, type, label: sentenceCase(nameOfPath(key)), ...more })

const choices = (...values: readonly string[]): readonly Option[] =>
  values.map((value) => ({ value, label: value }))

const COUNTS = {
  count: 'how often in all',
  in1h: 'how often in the last hour',
  in24h: 'how often in the last 24 hours',
  in7d: 'how often in the last 7 days',
  in30d: 'how often in the last 30 days',
  in90d: 'how often in the last 90 days',
  hoursSince: 'hours since the last one',
  daysSince: 'days since the last one',
}

const PAGE = 'This page view'
const VISITOR = 'Visitor'
const DEEDS = 'What they did'
const KNOWN = 'What the business knows'

/** All that the builder can ask, in the order in which it is offered. */
export const SUBJECTS: readonly Subject[] = [
  fixed(PAGE, 'signals.country', 'text', { hint: 'Two letters, such as SE' }),
  fixed(PAGE, 'signals.region', 'text'),
  fixed(PAGE, 'signals.city', 'text'),
  fixed(PAGE, 'signals.device', 'text', { options: choices('phone', 'tablet', 'desktop') }),
  fixed(PAGE, 'signals.language', 'text', { hint: 'Such as sv or en-gb' }),
  fixed(PAGE, 'signals.referrer', 'text', { hint: 'A host, such as google.com' }),
  fixed(PAGE, 'signals.campaign.source', 'text'),
  fixed(PAGE, 'signals.campaign.medium', 'text'),
  fixed(PAGE, 'signals.campaign.name', 'text'),
  fixed(PAGE, 'signals.hour', 'number', { hint: '0 to 23' }),
  fixed(PAGE, 'signals.weekday', 'number', { hint: '0 is Sunday' }),
  fixed(PAGE, 'signals.date', 'text', { hint: '2026-12-24' }),
  fixed(PAGE, 'signals.path', 'text', { hint: '/products' }),
  fixed(VISITOR, 'visitor.returning', 'flag'),
  fixed(VISITOR, 'visitor.signedIn', 'flag'),
  fixed(VISITOR, 'visitor.visits', 'number'),
  fixed(VISITOR, 'visitor.tier', 'number', { hint: '0 nothing, 1 measurement, 2 a profile' }),
  fixed(VISITOR, 'visitor.campaign.source', 'text'),
  fixed(VISITOR, 'visitor.campaign.name', 'text'),
  {
    ...{ group: VISITOR, key: 'visitor.user.', label: 'Claim of the sign-in', type: 'text' },
    named: 'free',
  },
  {
    ...{ group: DEEDS, key: 'profile.events.', label: 'An event', type: 'number' },
    named: 'events',
    measures: COUNTS,
  },
  {
    ...{ group: DEEDS, key: 'profile.counters.', label: 'A counter', type: 'number' },
    named: 'counters',
    measures: { ...COUNTS, sum: 'sum in all', sum7d: 'sum in 7 days', sum30d: 'sum in 30 days' },
  },
  fixed(DEEDS, 'profile.pages', 'number'),
  fixed(DEEDS, 'profile.topInterest', 'text'),
  fixed(DEEDS, 'profile.session.pages', 'number'),
  fixed(DEEDS, 'profile.session.seconds', 'number'),
  fixed(DEEDS, 'profile.session.basket', 'text', { options: choices('none', 'open', 'abandoned') }),
  fixed(DEEDS, 'profile.session.form', 'text', { options: choices('none', 'open', 'abandoned') }),
  fixed(DEEDS, 'profile.activeDays.in7d', 'number'),
  fixed(DEEDS, 'profile.activeDays.in30d', 'number'),
  {
    ...{ group: DEEDS, key: 'profile.traits.', label: 'A trait they told', type: 'text' },
    named: 'free',
  },
  {
    ...{ group: KNOWN, key: 'profile.attributes.', label: 'An attribute', type: 'text' },
    named: 'attributes',
  },
  {
    ...{ group: KNOWN, key: 'profile.dates.', label: 'An attribute that is a day', type: 'number' },
    named: 'dates',
    measures: {
      days: 'days since',
      years: 'full years since',
      daysToNext: 'days to the anniversary',
    },
  },
]

/** A path taken apart as the builder shows it. */
export interface PathParts {
  readonly subject: Subject
  readonly name: string
  readonly measure: string
}

/** Takes a path apart; null for one that the builder has no place for. */
export function toParts(path: string): PathParts | null {
  const exact = SUBJECTS.find(({ key, named }) => !named && key === path)
  if (exact) return { subject: exact, name: '', measure: '' }
  const subject = SUBJECTS.find(({ key, named }) => named && path.startsWith(key))
  if (!subject) return null
  const [name = '', measure = '', ...rest] = path.slice(subject.key.length).split('.')
  const known = subject.measures ? Object.hasOwn(subject.measures, measure) : measure === ''
  return known && rest.length === 0 ? { subject, name, measure } : null
}

/** The path of its parts; `''` as long as its name is not given. */
export function toPath({ subject, name, measure }: PathParts): string {
  if (!subject.named) return subject.key
  if (name === '') return ''
  return subject.measures ? `${subject.key}${name}.${measure}` : subject.key + name
}

/** What a subject is asked at first. */
export function firstMeasure({ measures }: Subject): string {
  return Object.keys(measures ?? {})[0] ?? ''
}

const TYPES: Readonly<Record<AttributeType, PathType>> = {
  text: 'text',
  number: 'number',
  flag: 'flag',
  date: 'text',
  list: 'list',
}

/** What stands at a path: an attribute is what it was declared as. */
export function typeOf({ subject, name }: PathParts, draft: Configuration | null): PathType {
  if (subject.named !== 'attributes') return subject.type
  const declared = draft?.attributes.find(({ id }) => id === name)
  return declared ? TYPES[declared.type] : subject.type
}

/** Names that a subject's paths may have, from what the draft knows and what was seen of events. */
export function namesFor(
  source: NameSource,
  draft: Configuration | null,
  events: readonly string[],
): readonly Option[] {
  const ids = (list: readonly { id: string; name: string }[] = []) =>
    list.map(({ id, name }) => ({ value: id, label: name === '' ? id : name }))
  switch (source) {
    case 'events':
      return choices(...events)
    case 'counters':
      return ids(draft?.counters)
    case 'attributes':
      return ids(draft?.attributes)
    case 'dates':
      return ids(draft?.attributes.filter(({ type }) => type === 'date'))
    case 'free':
      return []
  }
}

/** Operators for what stands at a path, in words. */
export const OPERATORS_OF: Readonly<Record<PathType, readonly (readonly [Operator, string])[]>> = {
  text: [
    ['$eq', 'is'],
    ['$ne', 'is not'],
    ['$in', 'is one of'],
    ['$nin', 'is none of'],
    ['$exists', 'is known'],
  ],
  number: [
    ['$gte', 'at least'],
    ['$lte', 'at most'],
    ['$gt', 'more than'],
    ['$lt', 'less than'],
    ['$eq', 'exactly'],
    ['$ne', 'anything but'],
    ['$exists', 'is known'],
  ],
  flag: [
    ['$eq', 'is'],
    ['$exists', 'is known'],
  ],
  list: [
    ['$all', 'has all of'],
    ['$exists', 'is known'],
  ],
}

function sentenceCase(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
