import type { Condition } from './audience.ts'

/**
 * What a condition says, as a sentence: `{"signals.country": "SE"}` → `Country is SE.` Whatever it
 * holds is read, a half-written one too; what there is no word for is shown as it stands.
 */
export function sentenceOf(condition: Condition): string {
  const words = wordsOf(condition, 'outer')
  return words === '' ? 'Everybody.' : `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}

/** What one test of one path says, without capital and full stop: `country is SE`. */
export function clauseOf(path: string, test: unknown): string {
  const phrase = phraseOf(path)
  if (!isTest(test)) return phrase.say('$eq', test)
  return join(
    Object.entries(test).map(([operator, operand]) => sayTest(path, phrase, operator, operand)),
    'and',
  )
}

/** What a path is called by itself: `number of visits`. */
export function nameOfPath(path: string): string {
  return phraseOf(path).name
}

/** Something a rule can read, and how a test of it is said. */
interface Phrase {
  readonly name: string
  readonly say: (operator: string, operand: unknown) => string
}

type Place = 'outer' | 'inner'

function wordsOf(condition: unknown, place: Place): string {
  if (!isObject(condition)) return JSON.stringify(condition)
  const parts = Object.entries(condition).map(([key, inner]) => {
    const alone = Object.keys(condition).length === 1
    if (!Array.isArray(inner)) return key === '$not' ? negated(inner) : clauseOf(key, inner)
    return GROUPS[key]?.(inner, alone ? place : 'inner') ?? clauseOf(key, inner)
  })
  return grouped(parts, 'and', place)
}

const GROUPS: Readonly<Record<string, (list: readonly unknown[], place: Place) => string>> = {
  $and: (list, place) => grouped(list.map(wordsOfItem), 'and', place),
  // An empty list is one that holds, to the evaluator, and none of it therefore one that does not.
  $or: (list, place) => grouped(list.map(wordsOfItem), 'or', place),
  $nor: (list) =>
    list.length === 0 ? 'nobody' : `none of this holds: ${list.map(wordsOfItem).join('; ')}`,
}

const wordsOfItem = (item: unknown) => wordsOf(item, 'inner') || 'everybody'

function negated(inner: unknown): string {
  return `not (${wordsOf(inner, 'outer') || 'everybody'})`
}

/** Several statements as one; in brackets inside another, so that “and” and “or” are not confused. */
function grouped(parts: readonly string[], word: 'and' | 'or', place: Place): string {
  const said = parts.filter((part) => part !== '')
  const words = said.join(`, ${word} `)
  return said.length > 1 && place === 'inner' ? `(${words})` : words
}

function sayTest(path: string, phrase: Phrase, operator: string, operand: unknown): string {
  if (operator !== '$not') return phrase.say(operator, operand)
  return `not (${clauseOf(path, operand)})`
}

/** Operator → what it says of a thing called `name`. */
const VERBS: Readonly<Record<string, (operand: unknown) => string>> = {
  $eq: (operand) => (operand === null ? 'is not known' : `is ${quote(operand)}`),
  $ne: (operand) => (operand === null ? 'is known' : `is not ${quote(operand)}`),
  $lt: (operand) => `is below ${quote(operand)}`,
  $lte: (operand) => `is at most ${quote(operand)}`,
  $gt: (operand) => `is above ${quote(operand)}`,
  $gte: (operand) => `is at least ${quote(operand)}`,
  $veq: (operand) => `is version ${quote(operand)}`,
  $vne: (operand) => `is not version ${quote(operand)}`,
  $vlt: (operand) => `is a version before ${quote(operand)}`,
  $vlte: (operand) => `is version ${quote(operand)} or before`,
  $vgt: (operand) => `is a version after ${quote(operand)}`,
  $vgte: (operand) => `is version ${quote(operand)} or after`,
  $in: (operand) => `is ${listed(operand, 'or')}`,
  $nin: (operand) => `is neither ${listed(operand, 'nor')}`,
  $ini: (operand) => `is ${listed(operand, 'or')} (in capitals or not)`,
  $nini: (operand) => `is neither ${listed(operand, 'nor')} (in capitals or not)`,
  $all: (operand) => `has ${listed(operand, 'and')}`,
  $alli: (operand) => `has ${listed(operand, 'and')} (in capitals or not)`,
  $exists: (operand) => (operand ? 'is known' : 'is not known'),
  $type: (operand) => `is a ${String(operand)}`,
  $size: (operand) =>
    `has a number of items that ${isTest(operand) ? verbs(operand) : `is ${quote(operand)}`}`,
  $elemMatch: (operand) =>
    isEqualTest(operand)
      ? `has ${quote(operand.$eq)}`
      : `has an item that ${isTest(operand) ? verbs(operand) : `is ${quote(operand)}`}`,
}

function verbs(test: Record<string, unknown>): string {
  return join(
    Object.entries(test).map(([operator, operand]) => verb(operator, operand)),
    'and',
  )
}

function verb(operator: string, operand: unknown): string {
  if (operator === '$not' && isTest(operand)) return `not (${verbs(operand)})`
  return VERBS[operator]?.(operand) ?? `${operator} ${JSON.stringify(operand)}`
}

function named(name: string, value: (operand: unknown) => unknown = (operand) => operand): Phrase {
  const translate = (operand: unknown) =>
    Array.isArray(operand) ? operand.map(value) : value(operand)
  return { name, say: (operator, operand) => `${name} ${verb(operator, translate(operand))}` }
}

/** Something that is so or not. */
function stated(name: string, so: string, notSo: string): Phrase {
  const plain = named(name)
  return {
    name,
    say(operator, operand) {
      if (typeof operand !== 'boolean') return plain.say(operator, operand)
      if (operator === '$eq') return operand ? so : notSo
      return operator === '$ne' ? (operand ? notSo : so) : plain.say(operator, operand)
    },
  }
}

/** How often something happened, in all or `lately`. */
function counted(what: string, lately = ''): Phrase {
  const name = `how often ${what} happened${lately}`
  const plain = named(name)
  return {
    name,
    say(operator, operand) {
      if (typeof operand !== 'number') return plain.say(operator, operand)
      const never = lately === '' ? `${what} never happened` : `${what} did not happen${lately}`
      if (isNone(operator, operand)) return never
      if (isSome(operator, operand)) return `${what} happened${lately}`
      const times = `${operand} ${operand === 1 ? 'time' : 'times'}`
      const amount = AMOUNTS[operator]
      return amount ? `${what} happened ${amount} ${times}${lately}` : plain.say(operator, operand)
    },
  }
}

const AMOUNTS: Readonly<Record<string, string>> = {
  $eq: 'exactly',
  $gte: 'at least',
  $gt: 'more than',
  $lte: 'at most',
  $lt: 'less than',
}

const isNone = (operator: string, operand: number) =>
  (operand === 0 && (operator === '$eq' || operator === '$lte')) ||
  (operand === 1 && operator === '$lt')

const isSome = (operator: string, operand: number) =>
  (operand === 0 && (operator === '$gt' || operator === '$ne')) ||
  (operand === 1 && operator === '$gte')

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

const day = (operand: unknown) =>
  typeof operand === 'number' ? (DAYS[operand] ?? operand) : operand

const TIERS = ['nothing', 'measurement', 'a profile']

const tier = (operand: unknown) =>
  typeof operand === 'number' ? (TIERS[operand] ?? operand) : operand

const FIXED: Readonly<Record<string, Phrase>> = {
  'signals.country': named('country'),
  'signals.region': named('region'),
  'signals.city': named('city'),
  'signals.continent': named('continent'),
  'signals.device': named('device'),
  'signals.language': named('language'),
  'signals.referrer': named('referring site'),
  'signals.campaign.source': named('source of the campaign on this page view'),
  'signals.campaign.medium': named('medium of the campaign on this page view'),
  'signals.campaign.name': named('campaign on this page view'),
  'signals.hour': named('hour of the day'),
  'signals.weekday': named('day of the week', day),
  'signals.date': named('date'),
  'signals.path': named('page'),
  'visitor.tier': named('consent', tier),
  'visitor.returning': stated(
    'having been here before',
    'the visitor has been here before',
    'the visitor is here for the first time',
  ),
  'visitor.visits': named('number of visits'),
  'visitor.campaign.source': named('source of the campaign that led here'),
  'visitor.campaign.medium': named('medium of the campaign that led here'),
  'visitor.campaign.name': named('campaign that led here'),
  'visitor.signedIn': stated(
    'being signed in',
    'the visitor is signed in',
    'the visitor is not signed in',
  ),
  'profile.pages': named('number of pages seen'),
  'profile.topInterest': named('strongest interest'),
  'profile.topTag': named('strongest tag'),
  'profile.habit': named('usual part of the day'),
  'profile.lastDevice': named('device last used'),
  'profile.deviceKinds': named('number of kinds of device'),
  'profile.session.pages': named('pages in this visit'),
  'profile.session.seconds': named('seconds in this visit'),
  'profile.session.landing': named('first page of this visit'),
  'profile.session.basket': named('basket'),
  'profile.session.form': named('form'),
}

/** Name of the time span of a count: `7d` → ` in the last 7 days`. */
function within(span: string): string {
  const amount = Number.parseInt(span, 10)
  const unit = span.endsWith('h') ? 'hour' : 'day'
  return amount === 1 ? ` in the last ${unit}` : ` in the last ${amount} ${unit}s`
}

const spoken = (name: string) => `“${name.replaceAll('_', ' ')}”`

/** Forms of paths with a name of somebody's choice, and what such a path is called. */
const OPEN: readonly (readonly [RegExp, (name: string, rest: string) => Phrase])[] = [
  [/^visitor\.user\.(\w+)$/, (name) => named(`${spoken(name)} of the signed-in visitor`)],
  [/^profile\.(?:events|counters)\.([\w-]+)\.count$/, (name) => counted(spoken(name))],
  [
    /^profile\.(?:events|counters)\.([\w-]+)\.in(\d+[hd])$/,
    (name, span) => counted(spoken(name), within(span)),
  ],
  [/^profile\.counters\.([\w-]+)\.sum$/, (name) => named(`sum of ${spoken(name)}`)],
  [
    /^profile\.counters\.([\w-]+)\.sum(\d+[hd])$/,
    (name, span) => named(`sum of ${spoken(name)}${within(span)}`),
  ],
  [
    /^profile\.(?:events|counters)\.([\w-]+)\.(hours|days)Since$/,
    (name, unit) => named(`number of ${unit} since ${spoken(name)}`),
  ],
  [
    /^profile\.(?:events|counters)\.([\w-]+)\.firstAt$/,
    (name) => named(`time of the first ${spoken(name)}`),
  ],
  [
    /^profile\.(?:events|counters)\.([\w-]+)\.lastAt$/,
    (name) => named(`time of the last ${spoken(name)}`),
  ],
  [
    /^profile\.activeDays\.in()(\d+d)$/,
    (_, span) => named(`number of days with a visit${within(span)}`),
  ],
  [/^profile\.interests\.(\w+)$/, (name) => named(`interest in ${spoken(name)}`)],
  [/^profile\.tags\.(\w+)$/, (name) => named(`weight of the tag ${spoken(name)}`)],
  [/^profile\.(?:traits|attributes)\.(\w+)$/, (name) => named(spoken(name))],
  [/^profile\.ages\.(\w+)$/, (name) => named(`days since ${spoken(name)} was confirmed`)],
  [/^profile\.dates\.(\w+)\.days$/, (name) => named(`days since ${spoken(name)}`)],
  [/^profile\.dates\.(\w+)\.years$/, (name) => named(`full years since ${spoken(name)}`)],
  [
    /^profile\.dates\.(\w+)\.daysToNext$/,
    (name) => named(`days to the next anniversary of ${spoken(name)}`),
  ],
]

function phraseOf(path: string): Phrase {
  const fixed = Object.hasOwn(FIXED, path) ? FIXED[path] : undefined
  if (fixed) return fixed
  for (const [form, make] of OPEN) {
    const [, name = '', rest = ''] = form.exec(path) ?? []
    if (name !== '' || rest !== '') return make(name, rest)
  }
  return named(path)
}

function quote(operand: unknown): string {
  if (operand === '') return 'empty'
  if (typeof operand === 'boolean') return operand ? 'yes' : 'no'
  if (Array.isArray(operand)) return `exactly ${listed(operand, 'and')}`
  return typeof operand === 'string' ? operand : JSON.stringify(operand)
}

function listed(operand: unknown, word: 'and' | 'or' | 'nor'): string {
  if (!Array.isArray(operand)) return quote(operand)
  return operand.length === 0 ? 'one of an empty list' : join(operand.map(quote), word)
}

function join(parts: readonly string[], word: 'and' | 'or' | 'nor'): string {
  const last = parts.at(-1) ?? ''
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} ${word} ${last}`
}

function isEqualTest(value: unknown): value is { readonly $eq: unknown } {
  return isObject(value) && Object.keys(value).join() === '$eq'
}

/** Whether a value is a test by operators rather than something to be equal to. */
function isTest(value: unknown): value is Record<string, unknown> {
  return isObject(value) && Object.keys(value).some((key) => key.startsWith('$'))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
