import { describe, expect, test } from 'vitest'
import { decide } from '../../src/decide/decide.ts'
import type { Bundle } from '../../src/model/bundle.ts'
import type { SuppressionReason } from '../../src/model/policy.ts'
import { ANNA, bundleOf, inputsOf, type Who } from './who.ts'

const ATTRIBUTES = [
  { id: 'optIns', type: 'list', maxAge: 30 },
  { id: 'barred', type: 'flag', maxAge: 1 },
  { id: 'barredUntil', type: 'date' },
  { id: 'birthDate', type: 'date', maxAge: 365 },
  { id: 'cases', type: 'number' },
  { id: 'tickets', type: 'list' },
  { id: 'complaint', type: 'flag' },
  { id: 'lossOn', type: 'date', maxAge: 7 },
  { id: 'mailedOn', type: 'date' },
  { id: 'vip', type: 'flag', maxAge: 20 },
]

/** One slot with one banner on casino games, under one policy. */
function pageWith(policy: object, product = 'casino'): Bundle {
  return bundleOf({
    site: { id: 'bet', name: 'B', hosts: ['a'], origin: 'https://a.example', holdout: 0 },
    slots: [{ id: 'hero', selector: '#hero', pages: ['/*'] }],
    modules: [{ id: 'm', template: '<br>' }],
    variants: [{ id: 'banner', module: 'm', ...(product && { product }) }],
    attributes: ATTRIBUTES,
    policies: [{ id: 'p', ...policy }],
    experiences: [{ id: 'e', slot: 'hero', variants: [{ variant: 'banner' }] }],
  })
}

type Shown = 'shown'

function outcomeOf(policy: object, who: Partial<Who>, product?: string): SuppressionReason | Shown {
  const bundle = pageWith(policy, product)
  const [decision] = decide(inputsOf({ ...ANNA, ...who }, bundle), bundle, {}, 'v')
  if (!decision) throw new Error('Nothing was decided.')
  const [suppression] = decision.suppressed ?? []
  if (!suppression) {
    expect(decision).toMatchObject({ reason: 'rule', picks: [{ variant: 'banner' }] })
    return 'shown'
  }
  const [{ version } = { version: '' }] = bundle.policies ?? []
  expect(version).not.toBe('')
  expect(decision).toMatchObject({ experience: 'e', picks: [], reason: 'suppressed' })
  const { reason, ...rest } = suppression
  expect(rest).toEqual({ experience: 'e', variant: 'banner', policy: 'p', version })
  return reason
}

/** What is known of Anna: one attribute, confirmed today unless it is said when. */
const knows = (name: string, value: Who['attributes'][string][0], days = 0): Partial<Who> => ({
  attributes: { [name]: [value, days] },
})

type Case = readonly [who: string, facts: Partial<Who>, outcome: SuppressionReason | Shown]

/** Whom every policy that goes by an attribute is to treat alike. */
const STRANGERS: readonly Case[] = [
  ['nobody has heard of', {}, 'unknown'],
  ['allows no profile', { tier: 1, signedIn: false }, 'anonymous'],
  ['allows nothing', { tier: 0, signedIn: false }, 'anonymous'],
  ['has not signed in', { signedIn: false }, 'anonymous'],
]

const OPT_IN = { kind: 'opt-in', attribute: 'optIns', products: ['casino'] }
const BARRED = { kind: 'self-exclusion', attribute: 'barred' }
const BARRED_UNTIL = { kind: 'self-exclusion', attribute: 'barredUntil' }
const ADULT = { kind: 'under-age', attribute: 'birthDate' }
const CASES = { kind: 'open-case', attribute: 'cases' }
const COOLING = { kind: 'cooling-off', attribute: 'lossOn', days: 3 }
const MAILED = { kind: 'addressed', attribute: 'mailedOn', hours: 48 }
const NOT_VIP = { kind: 'rule', condition: { $not: { 'profile.attributes.vip': true } } }

const BY_ATTRIBUTE: readonly (readonly [policy: object, cases: readonly Case[]])[] = [
  [
    OPT_IN,
    [
      ['opted in', knows('optIns', ['credit:web', 'casino:web']), 'shown'],
      ['opted in a month ago to the day', knows('optIns', ['casino:web'], 30), 'shown'],
      ['opted in too long ago', knows('optIns', ['casino:web'], 30.01), 'unknown'],
      ['opted in to another product', knows('optIns', ['credit:web']), 'no_opt_in'],
      ['opted in to another channel', knows('optIns', ['casino:mail']), 'no_opt_in'],
      ['opted in to something called alike', knows('optIns', ['casino:webpush']), 'no_opt_in'],
      ['opted in to nothing', knows('optIns', []), 'no_opt_in'],
      ['is known to have no list', knows('optIns', null), 'no_opt_in'],
      ['has a text for a list', knows('optIns', 'casino:web'), 'no_opt_in'],
      [
        'has a list too long to be carried',
        knows('optIns', [...Array<string>(40).fill('lottery:web'), 'casino:web']),
        'unknown',
      ],
    ],
  ],
  [
    BARRED,
    [
      ['is barred', knows('barred', true), 'self_excluded'],
      ['is not', knows('barred', false), 'shown'],
      ['is known to have no bar', knows('barred', null), 'shown'],
      ['was not a day and more ago', knows('barred', false, 1.01), 'unknown'],
      ['has a number for a flag', knows('barred', 0), 'unknown'],
      ['has a text for a flag', knows('barred', 'false'), 'unknown'],
    ],
  ],
  [
    BARRED_UNTIL,
    [
      ['is barred for some more days', knows('barredUntil', '2026-12-01'), 'self_excluded'],
      ['is barred until today', knows('barredUntil', '2026-11-26'), 'self_excluded'],
      ['was until yesterday', knows('barredUntil', '2026-11-25'), 'shown'],
      [
        'was until yesterday, and lives where that is still today',
        { ...knows('barredUntil', '2026-11-25'), date: '2026-11-25' },
        'self_excluded',
      ],
      ['never was', knows('barredUntil', null), 'shown'],
      ['is until a day that is none', knows('barredUntil', '2026-11-31'), 'unknown'],
      ['is until some time', knows('barredUntil', 'spring'), 'unknown'],
    ],
  ],
  [
    ADULT,
    [
      ['is 18 today', knows('birthDate', '2008-11-26'), 'shown'],
      ['will be tomorrow', knows('birthDate', '2008-11-27'), 'under_age'],
      [
        'will be tomorrow, where it is tomorrow already',
        { ...knows('birthDate', '2008-11-27'), date: '2026-11-27' },
        'shown',
      ],
      ['is long since', knows('birthDate', '1950-01-01'), 'shown'],
      ['is yet to be born', knows('birthDate', '2030-01-01'), 'under_age'],
      ['is known to have no birth date', knows('birthDate', null), 'unknown'],
      ['said so more than a year ago', knows('birthDate', '1950-01-01', 366), 'unknown'],
      ['was born on a day that was none', knows('birthDate', '2001-02-29'), 'unknown'],
    ],
  ],
  [
    { ...ADULT, age: 21 },
    [
      ['is 18 only', knows('birthDate', '2008-11-26'), 'under_age'],
      ['is 21', knows('birthDate', '2005-11-26'), 'shown'],
    ],
  ],
  [
    CASES,
    [
      ['has two open cases', knows('cases', 2), 'open_case'],
      ['has none', knows('cases', 0), 'shown'],
      ['is known to have nothing of the kind', knows('cases', null), 'shown'],
      ['has a text for their number', knows('cases', 'none'), 'open_case'],
    ],
  ],
  [
    { ...CASES, attribute: 'tickets' },
    [
      ['has a ticket', knows('tickets', ['T-1']), 'open_case'],
      ['has none on the list', knows('tickets', []), 'shown'],
    ],
  ],
  [
    { ...CASES, attribute: 'complaint' },
    [
      ['complained', knows('complaint', true), 'open_case'],
      ['did not', knows('complaint', false), 'shown'],
    ],
  ],
  [
    COOLING,
    [
      ['lost today', knows('lossOn', '2026-11-26'), 'cooling_off'],
      ['lost two days ago', knows('lossOn', '2026-11-24'), 'cooling_off'],
      ['lost three days ago', knows('lossOn', '2026-11-23'), 'shown'],
      ['is to lose tomorrow', knows('lossOn', '2026-11-27'), 'cooling_off'],
      ['never lost', knows('lossOn', null), 'shown'],
      ['lost long ago, as was said long ago', knows('lossOn', '2020-01-01', 8), 'unknown'],
    ],
  ],
  [
    MAILED,
    [
      ['was mailed today', knows('mailedOn', '2026-11-26'), 'addressed'],
      // Perhaps late in the evening of that day: 36 hours may be less than 48.
      ['was mailed two days ago', knows('mailedOn', '2026-11-24'), 'addressed'],
      ['was mailed three days ago', knows('mailedOn', '2026-11-23'), 'shown'],
      ['never was', knows('mailedOn', null), 'shown'],
    ],
  ],
  [
    NOT_VIP,
    [
      ['is a VIP', knows('vip', true), 'shown'],
      ['is none', knows('vip', false), 'rule'],
      ['is known to be nothing of the kind', knows('vip', null), 'rule'],
      ['was one when last heard of', knows('vip', true, 21), 'unknown'],
    ],
  ],
]

describe.each(BY_ATTRIBUTE)('%j', (policy, cases) => {
  test.each([...STRANGERS, ...cases])('who %s: %s', (_, facts, outcome) => {
    expect(outcomeOf(policy, facts)).toBe(outcome)
  })

  test('is never satisfied while the profile cannot be read', () => {
    for (const [, facts] of cases)
      expect(outcomeOf(policy, { ...facts, lost: true })).toBe('unknown')
  })

  test('lets those pass whom nobody knows, where it says so', () => {
    const lenient = { ...policy, anonymous: 'allow' }
    expect(outcomeOf(lenient, { signedIn: false })).toBe('shown')
    expect(outcomeOf(lenient, { tier: 0, signedIn: false })).toBe('shown')
    // Of a person something is known, or ought to be.
    expect(outcomeOf(lenient, {})).toBe('unknown')
  })
})

const QUIET = { kind: 'quiet-after', event: 'Loss Limit Reached', hours: 24 }
const did = (...events: Who['events']): Partial<Who> => ({ events })

test.each<Case>([
  ['did it an hour ago', did(['Loss Limit Reached', 1]), 'quiet_after'],
  ['did it almost a day ago', did(['loss limit reached', 23.99]), 'quiet_after'],
  ['did it a day ago', did(['Loss Limit Reached', 24]), 'shown'],
  [
    'did it twice, once of late',
    did(['Loss Limit Reached', 99], ['Loss Limit Reached', 2]),
    'quiet_after',
  ],
  ['did something else', did(['Bet Placed', 1]), 'shown'],
  ['did nothing', {}, 'shown'],
  [
    'did it in a browser where nobody signed in',
    { ...did(['Loss Limit Reached', 1]), signedIn: false },
    'quiet_after',
  ],
  ['is new to us', { signedIn: false, returning: false }, 'shown'],
  ['cannot be told of', { ...did(['Loss Limit Reached', 99]), lost: true }, 'unknown'],
  ['allows no profile', { tier: 1, signedIn: false }, 'anonymous'],
])('24 h of quiet after an event, who %s: %s', (_, facts, outcome) => {
  expect(outcomeOf(QUIET, facts)).toBe(outcome)
})

test.each<Case>([
  ['has an identifier', { tier: 1, signedIn: false }, 'shown'],
  ['has none', { tier: 0, signedIn: false }, 'anonymous'],
])('one campaign a day, who %s: %s', (_, facts, outcome) => {
  expect(outcomeOf({ kind: 'addressed', hours: 24 }, facts)).toBe(outcome)
})

const rule = (condition: object) => ({ kind: 'rule', condition })

test.each<readonly [string, object, Partial<Who>, SuppressionReason | Shown]>([
  ['a place', { 'signals.country': 'NO' }, { tier: 0, signedIn: false }, 'rule'],
  ['another place', { 'signals.country': 'SE' }, { tier: 0, signedIn: false }, 'shown'],
  ['a place that cannot be told', { 'signals.country': 'SE' }, { country: '' }, 'unknown'],
  [
    'not a place, where it cannot be told',
    { $not: { 'signals.country': 'SE' } },
    { country: '' },
    'unknown',
  ],
  [
    'newcomers, of who has no identifier',
    { 'visitor.returning': true },
    { tier: 0, signedIn: false },
    'anonymous',
  ],
  [
    'newcomers, of one who is not',
    { 'visitor.returning': true },
    { tier: 1, signedIn: false },
    'rule',
  ],
  ['a claim', { 'visitor.user.plan': 'basic' }, { user: { plan: 'basic' } }, 'rule'],
  ['another claim', { 'visitor.user.plan': 'basic' }, { user: { plan: 'gold' } }, 'shown'],
  ['a claim that nobody made', { $not: { 'visitor.user.plan': 'basic' } }, {}, 'unknown'],
  ['a trait that nobody told', { $nor: [{ 'profile.traits.plan': 'basic' }] }, {}, 'unknown'],
  ['an event', { 'profile.events.bet_placed.in7d': { $gte: 1 } }, did(['Bet Placed', 9]), 'rule'],
  [
    'an event of before',
    { 'profile.events.bet_placed.in24h': { $gte: 1 } },
    did(['Bet Placed', 99]),
    'shown',
  ],
  ['no event', { 'profile.events.bet_placed.in7d': 0 }, {}, 'rule'],
  [
    'no event, of who cannot be told of',
    { 'profile.events.bet_placed.in7d': { $gte: 9 } },
    { lost: true },
    'unknown',
  ],
  [
    'an event, of who allows no profile',
    { 'profile.pages': 0 },
    { tier: 1, signedIn: false },
    'anonymous',
  ],
  ['how old a fact is', { 'profile.ages.vip': { $gt: 10 } }, knows('vip', true, 11), 'rule'],
  ['how old a fact is, of one that is none', { 'profile.ages.vip': { $gt: 10 } }, {}, 'unknown'],
  [
    'a month after a day',
    { 'profile.dates.mailedOn.days': 30 },
    knows('mailedOn', '2026-10-27'),
    'rule',
  ],
  [
    'a day that there was not',
    { 'profile.dates.mailedOn.days': 30 },
    knows('mailedOn', null),
    'shown',
  ],
  ['a day that nobody told', { 'profile.dates.mailedOn.days': 30 }, {}, 'unknown'],
  [
    'part of what is unknown',
    { $or: [{ 'signals.country': 'SE' }, { 'profile.attributes.vip': true }] },
    {},
    'unknown',
  ],
])('a rule on %s', (_, condition, facts, outcome) => {
  expect(outcomeOf(rule(condition), facts)).toBe(outcome)
})

describe('a policy', () => {
  test('of some products says nothing on others, or on what is of none', () => {
    const policy = { ...BARRED, products: ['casino', 'lottery'] }
    const barred = knows('barred', true)
    expect(outcomeOf(policy, barred, 'lottery')).toBe('self_excluded')
    expect(outcomeOf(policy, barred, 'credit')).toBe('shown')
    expect(outcomeOf(policy, barred, '')).toBe('shown')
    expect(outcomeOf(BARRED, barred, '')).toBe('self_excluded')
  })

  test('has another version by another wording, and the same by the same', () => {
    const versionOf = (policy: object) => pageWith(policy).policies?.[0]?.version
    expect(versionOf(ADULT)).toBe(versionOf({ ...ADULT }))
    expect(versionOf({ ...ADULT, age: 21 })).not.toBe(versionOf(ADULT))
  })

  test('that goes by an attribute which the bundle does not declare keeps everything back', () => {
    const { attributes, ...bundle } = pageWith(BARRED)
    const inputs = inputsOf({ ...ANNA, ...knows('barred', false) }, { ...bundle, attributes: [] })
    expect(decide(inputs, bundle, {}, 'v')).toMatchObject([
      { picks: [], suppressed: [{ reason: 'unknown' }] },
    ])
  })
})
