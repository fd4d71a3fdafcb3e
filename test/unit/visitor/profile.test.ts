import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Event } from '../../../src/model/event.ts'
import { EMPTY_PROFILE, type Profile } from '../../../src/model/profile.ts'
import { isSubjectPath } from '../../../src/model/subject.ts'
import { fold, toNested, toSnapshot } from '../../../src/visitor/profile.ts'

const AT = 1_796_000_000_000

const event = (changes: Partial<Event>): Event => ({
  ...{ messageId: 'm', at: AT, kind: 'track', name: 'Order Completed', properties: {} },
  ...changes,
})

const foldAll = (events: readonly Event[], start: Profile = EMPTY_PROFILE) =>
  events.reduce(fold, start)

const looks = (...categories: string[]) =>
  foldAll(categories.map((category) => event({ kind: 'page', properties: { category } })))

describe('a profile', () => {
  test('counts events by their key and keeps when they were last', () => {
    const profile = foldAll([
      event({}),
      event({ at: AT + 5, name: 'order_completed' }),
      event({ at: AT - 5, name: ' Order   Completed! ' }),
      event({ kind: 'page', name: '/', at: AT + 9 }),
    ])
    expect(profile).toMatchObject({
      updatedAt: AT + 9,
      pages: 1,
      events: { order_completed: { count: 3, lastAt: AT + 5 }, page: { count: 1, lastAt: AT + 9 } },
    })
  })

  test('counts nothing under a name without a letter or digit', () => {
    expect(foldAll([event({ name: '—' }), event({ name: '__' })]).events).toEqual({})
  })

  test('takes traits over, the last word of each', () => {
    const traits = (properties: Event['properties']) => event({ kind: 'identify', properties })
    const profile = foldAll([traits({ plan: 'free', age: 41 }), traits({ plan: 'gold' })])
    expect(profile).toMatchObject({ traits: { plan: 'gold', age: 41 }, pages: 0, events: {} })
  })

  test('weighs interests by their age: each look leaves 95 % of the older ones', () => {
    const { interests, topInterest } = looks('Boots', 'Tents', 'boots')
    expect(interests.boots).toBeCloseTo(0.95 ** 2 + 1, 12)
    expect(interests.tents).toBeCloseTo(0.95, 12)
    expect(topInterest).toBe('boots')
  })

  test('lets a new interest win over an old one in the end', () => {
    expect(looks(...Array<string>(30).fill('boots'), 'tents').topInterest).toBe('boots')
    const many = [...Array<string>(30).fill('boots'), ...Array<string>(30).fill('tents')]
    expect(looks(...many).topInterest).toBe('tents')
  })

  test('takes no interest in a category without a letter or digit', () => {
    const { interests, topInterest } = looks('★', '★', '★', 'boots')
    expect(interests).toEqual({ boots: 1 })
    expect(topInterest).toBe('boots')
  })

  test('is bounded: a flood of names does not push out what is known', () => {
    const flood = Array.from({ length: 500 }, (_, n) => [
      event({ name: `flood ${n}`, properties: { category: `flood ${n}` } }),
      event({ kind: 'identify', properties: { [`flood${n}`]: 'x' } }),
    ])
    const first = [
      event({ properties: { category: 'boots' } }),
      event({ kind: 'identify', properties: { plan: 'gold' } }),
    ]
    const { events, interests, traits } = foldAll([...first, ...flood.flat()])
    for (const record of [events, interests, traits]) expect(Object.keys(record)).toHaveLength(100)
    expect(events.order_completed?.count).toBe(1)
    expect(traits.plan).toBe('gold')
    expect(interests).toHaveProperty('boots')
  })

  test('survives names of an object’s own making', () => {
    const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty']
    const profile = foldAll([
      ...names.map((name) => event({ name, properties: { category: name } })),
      event({ kind: 'identify', properties: { constructor: 'x' } }),
    ])
    expect(profile.events).toHaveProperty('constructor', { count: 1, lastAt: AT })
    expect(profile.events).toHaveProperty('proto', { count: 1, lastAt: AT })
    expect(profile.traits).toHaveProperty('constructor', 'x')
    expect(Object.getPrototypeOf(profile.events)).toBe(Object.prototype)
  })

  test('counts alike in any order', () => {
    const events = fc.array(
      fc.record({
        at: fc.nat(1e6),
        kind: fc.constantFrom('track', 'page'),
        name: fc.constantFrom('A', 'b c', '/x', ''),
      }),
      { maxLength: 40 },
    )
    const shuffled = events.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    )
    const property = fc.property(shuffled, ([one, other]) => {
      const [a, b] = [one, other].map((all) => foldAll(all.map((some) => event(some))))
      expect(a).toEqual(b)
      expect(a?.pages).toBe(one.filter(({ kind }) => kind === 'page').length)
    })
    fc.assert(property, { seed: 3, numRuns: 200 })
  })

  test('leaves the profile it was made from as it was', () => {
    const before = looks('boots')
    const copy = structuredClone(before)
    foldAll([event({ properties: { category: 'tents' } })], before)
    expect(before).toEqual(copy)
  })
})

describe('a snapshot', () => {
  const profile: Profile = {
    ...{ updatedAt: AT, pages: 7, topInterest: 'boots', interests: { boots: 2.5 } },
    events: { order_completed: { count: 2, lastAt: AT } },
    traits: { plan: 'x'.repeat(100), vip: false },
  }

  test('holds the paths asked for and nothing else, long texts cut', () => {
    const reads = [
      ...['profile.pages', 'profile.events.order_completed.count', 'profile.events.other.count'],
      ...['profile.traits.plan', 'profile.traits.vip', 'profile.traits.none', 'profile.events'],
      ...['profile.traits.constructor', 'profile.topInterest.length', 'profile.interests.boots'],
    ]
    expect(toSnapshot(profile, reads, AT + 1)).toEqual({
      at: AT + 1,
      values: {
        'profile.pages': 7,
        'profile.events.order_completed.count': 2,
        'profile.traits.plan': 'x'.repeat(64),
        'profile.traits.vip': false,
        'profile.interests.boots': 2.5,
      },
    })
  })

  test('nests as rules read it', () => {
    const nested = toNested({
      'profile.pages': 7,
      'profile.events.a.count': 2,
      'profile.events.b.count': 1,
    })
    expect(nested).toEqual({ pages: 7, events: { a: { count: 2 }, b: { count: 1 } } })
  })

  test('nested says the same at every path', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,5}$/)
    const path = fc.oneof(
      fc.constantFrom('profile.pages', 'profile.topInterest'),
      name.map((key) => `profile.events.${key}.count`),
      name.map((key) => `profile.events.${key}.lastAt`),
      name.map((key) => `profile.interests.${key}`),
      name.map((key) => `profile.traits.${key}`),
    )
    const values = fc.dictionary(path.filter(isSubjectPath), fc.integer())
    const property = fc.property(values, (snapshot) => {
      const nested = { profile: toNested(snapshot) }
      for (const [at, value] of Object.entries(snapshot)) {
        const found = at.split('.').reduce<unknown>((node, key) => Object(node)[key], nested)
        expect(found).toBe(value)
      }
    })
    fc.assert(property, { seed: 4, numRuns: 200 })
  })

  test('touches no prototype, whatever its paths', () => {
    toNested({ 'profile.__proto__.polluted': true, 'profile.constructor.prototype.polluted': true })
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })
})
