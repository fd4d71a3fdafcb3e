import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Attribute, AttributeValue } from '../../../src/model/attribute.ts'
import { isSubjectPath } from '../../../src/model/subject.ts'
import { toUncertainView, toView } from '../../../src/visitor/view.ts'
import { AT } from './histories.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const MOMENT = { now: AT, date: '2026-11-29' }

const ATTRIBUTES: Attribute[] = [
  { id: 'optIns', name: '', type: 'list', maxAge: 30 },
  { id: 'contractOn', name: '', type: 'date', maxAge: 365 },
  { id: 'plan', name: '', type: 'text' },
]

type Values = Readonly<Record<string, string | number | boolean | readonly string[]>>

const viewOf = (values: Values, { moment = MOMENT, at = AT, seen = toView } = {}) => {
  const bundle = { attributes: ATTRIBUTES, reads: Object.keys(values) }
  return seen({ at, values }, bundle, moment)
}

describe('a view', () => {
  test('nests as rules read it, and says when that was', () => {
    const values = {
      'profile.pages': 7,
      'profile.events.a.count': 2,
      'profile.events.b.count': 1,
    }
    expect(viewOf(values, { at: AT - 5 })).toEqual({
      ...{ pages: 7, events: { a: { count: 2 }, b: { count: 1 } }, asOf: AT - 5 },
    })
  })

  test('says the same at every path of what does not change by itself', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,5}$/)
    const path = fc.oneof(
      fc.constantFrom('profile.pages', 'profile.topInterest'),
      name.map((key) => `profile.events.${key}.count`),
      name.map((key) => `profile.events.${key}.lastAt`),
      name.map((key) => `profile.traits.${key}`),
    )
    const values = fc.dictionary(path.filter(isSubjectPath), fc.integer())
    const property = fc.property(values, (snapshot) => {
      const nested = { profile: viewOf(snapshot) }
      for (const [at, value] of Object.entries(snapshot)) {
        const found = at.split('.').reduce<unknown>((node, key) => Object(node)[key], nested)
        expect(found).toBe(value)
      }
    })
    fc.assert(property, { seed: 4, numRuns: 200 })
  })

  test('touches no prototype, whatever its paths', () => {
    viewOf({ 'profile.__proto__.polluted': true, 'profile.constructor.prototype.polluted': true })
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })

  test.each<[string, number, object]>([
    ['this moment', 0, { hoursSince: 0, daysSince: 0 }],
    ['almost an hour ago', HOUR - 1, { hoursSince: 0, daysSince: 0 }],
    ['an hour ago', HOUR, { hoursSince: 1, daysSince: 0 }],
    ['30 days ago', 30 * DAY, { hoursSince: 720, daysSince: 30 }],
    ['in a moment, by another clock', -5000, { hoursSince: 0, daysSince: 0 }],
  ])('works out how long ago something of %s is', (_, ago, expected) => {
    const lastAt = AT - ago
    const { events, counters } = viewOf({
      'profile.events.a.lastAt': lastAt,
      'profile.counters.c.lastAt': lastAt,
    })
    expect([events, counters]).toEqual([
      { a: { lastAt, ...expected } },
      { c: { lastAt, ...expected } },
    ])
  })

  test('lets interests fade from when they were weighed', () => {
    const values = { 'profile.interests.boots': 4, 'profile.tags.sale': 2 }
    expect(viewOf(values, { at: AT - 14 * DAY })).toMatchObject({
      ...{ interests: { boots: 2 }, tags: { sale: 1 } },
    })
  })

  test('knows of no visit that is over', () => {
    const values = (lastAt: number) => ({
      ...{ 'profile.session.pages': 3, 'profile.session.seconds': 90 },
      ...{ 'profile.session.landing': '/a', 'profile.session.lastAt': lastAt },
    })
    const visit = { pages: 3, seconds: 90, landing: '/a' }
    expect(viewOf(values(AT - HOUR / 2)).session).toEqual(visit)
    expect(viewOf(values(AT - HOUR / 2 - 1)).session).toEqual({ pages: 0, seconds: 0 })
  })

  test('tells how far a basket came, also where there never was one', () => {
    const basket = 'profile.session.basket'
    const reads = [`${basket}BeganAt`, `${basket}EndedAt`]
    const told = (values: Values) => toView({ at: AT, values }, { reads }, MOMENT).session
    expect(told({})).toEqual({ basket: 'none' })
    expect(told({ [`${basket}BeganAt`]: AT - 1 })).toEqual({ basket: 'open' })
    expect(told({ [`${basket}BeganAt`]: AT - HOUR })).toEqual({ basket: 'abandoned' })
    expect(told({ [`${basket}BeganAt`]: AT - HOUR, [`${basket}EndedAt`]: AT })).toEqual({
      basket: 'none',
    })
  })
})

const fact = (name: string, value: AttributeValue | null, days: number): Values => ({
  ...(value !== null && { [`profile.attributes.${name}`]: value }),
  [`profile.ages.${name}`]: AT - days * DAY,
})

describe('an attribute', () => {
  test('has an age in days, and is there while it may be believed', () => {
    expect(viewOf(fact('optIns', ['a'], 29.5))).toMatchObject({
      ...{ attributes: { optIns: ['a'] }, ages: { optIns: 29.5 } },
    })
    expect(viewOf(fact('optIns', ['a'], 30))).toHaveProperty('attributes.optIns')
    const old = viewOf(fact('optIns', ['a'], 30.5))
    expect(old).not.toHaveProperty('attributes')
    expect(old).toHaveProperty('ages.optIns', 30.5)
    expect(viewOf(fact('plan', 'gold', 9999))).toHaveProperty('attributes.plan', 'gold')
  })

  test('that the site does not declare is not there, whatever was imported', () => {
    expect(viewOf(fact('other', 'x', 0))).not.toHaveProperty('attributes')
  })

  test.each<[string, AttributeValue | null, number, unknown]>([
    ['30 days after a contract', '2026-10-30', 0, { days: 30, years: 0, daysToNext: 335 }],
    ['its anniversary', '2020-11-29', 0, { days: 2191, years: 6, daysToNext: 0 }],
    ['a day to come', '2026-12-01', 0, { days: -2, years: -1, daysToNext: 2 }],
    ['a day too old to be believed', '2026-10-30', 366, undefined],
    ['a day that there was not', null, 0, undefined],
  ])('that is a date tells %s', (_, day, age, expected) => {
    const { dates } = viewOf(fact('contractOn', day, age))
    expect(dates).toEqual(expected && { contractOn: expected })
  })

  test.each(['2026-02-29', 'soon', 7, true])('that is to be a date and is %j is unknown', (day) => {
    const view = viewOf(fact('contractOn', day, 0))
    for (const part of ['attributes', 'ages', 'dates']) expect(view).not.toHaveProperty(part)
  })
})

test('a view of what is past its time believes nothing that was imported, and vouches for nothing', () => {
  const values = {
    ...{ 'profile.pages': 7, 'profile.household': 2, 'profile.events.a.lastAt': AT },
    ...fact('contractOn', '2026-10-30', 0),
  }
  expect(viewOf(values, { seen: toUncertainView })).toEqual({
    ...{ pages: 7, events: { a: { lastAt: AT, hoursSince: 0, daysSince: 0 } } },
  })
})

test('no rule may name when a snapshot was read', () => {
  expect(isSubjectPath('profile.asOf')).toBe(false)
})
