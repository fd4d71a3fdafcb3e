import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Event } from '../../../src/model/event.ts'
import { EMPTY_PROFILE, type Profile } from '../../../src/model/profile.ts'
import { type Done, fold } from '../../../src/visitor/profile.ts'

const DAY = 86_400_000
const AT = 1_796_000_000_000

const event = (changes: Partial<Event>): Event => ({
  ...{ messageId: 'm', at: AT, kind: 'track', name: 'Order Completed', properties: {} },
  ...changes,
})

const foldAll = (events: readonly Event[], start: Profile = EMPTY_PROFILE) =>
  events.map((one): Done => ({ event: one })).reduce(fold, start)

const look = (category: string, at = AT) => event({ kind: 'page', at, properties: { category } })

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

  test('takes traits over, the last word of each, whatever came first', () => {
    const traits = (at: number, properties: Event['properties']) =>
      event({ kind: 'identify', at, properties })
    const words = [traits(AT, { plan: 'free', age: 41 }), traits(AT + 9, { plan: 'gold' })]
    for (const order of [words, words.toReversed()]) {
      expect(foldAll(order)).toMatchObject({
        traits: {
          plan: { value: 'gold', at: AT + 9, firstAt: AT },
          age: { value: 41, at: AT, firstAt: AT },
        },
        ...{ pages: 0, events: {} },
      })
    }
  })

  test('keeps looks at a category by their day', () => {
    const { interests } = foldAll([look('Boots'), look('boots', AT + DAY), look('Tents', AT + DAY)])
    const today = Math.floor(AT / DAY)
    expect(interests).toEqual({
      boots: { firstAt: AT, lastAt: AT + DAY, days: { [today]: 1, [today + 1]: 1 } },
      tents: { firstAt: AT + DAY, lastAt: AT + DAY, days: { [today + 1]: 1 } },
    })
  })

  test('takes ten tags of an event, of whatever case and spacing', () => {
    const tags = [' Warm', 'dry ', 'warm', ...'abcdefghijkl'].join()
    const { tags: taken } = foldAll([event({ properties: { tags } })])
    expect(Object.keys(taken)).toEqual(['warm', 'dry', ...'abcdefg'])
  })

  test('takes no interest in a category without a letter or digit', () => {
    expect(Object.keys(foldAll([look('★'), look('boots')]).interests)).toEqual(['boots'])
  })

  test('counts what counters count, and adds up exactly', () => {
    const done = (amount: number, at = AT): Done => ({
      ...{ event: event({ at }), hour: 20, device: 'phone' },
      counted: [{ counter: 'stakes', amount }, { counter: 'orders' }],
    })
    const { counters, hours, devices } = [done(0.1), done(0.2, AT + 5), done(0.3)].reduce(
      fold,
      EMPTY_PROFILE,
    )
    expect(counters).toMatchObject({
      stakes: { count: 3, sum: 0.6, firstAt: AT, lastAt: AT + 5 },
      orders: { count: 3, sum: 0 },
    })
    expect([hours, devices]).toMatchObject([{ 20: 3 }, { phone: { count: 3, lastAt: AT + 5 } }])
  })

  test('is bounded: a flood of names does not push out what is known', () => {
    const later = { at: AT + 1 }
    const flood = Array.from({ length: 500 }, (_, n) => [
      event({ ...later, name: `flood ${n}`, properties: { category: `flood ${n}` } }),
      event({ ...later, kind: 'identify', properties: { [`flood${n}`]: 'x' } }),
    ])
    const first = [
      event({ properties: { category: 'boots' } }),
      event({ kind: 'identify', properties: { plan: 'gold' } }),
    ]
    const { events, interests, traits } = foldAll([...first, ...flood.flat()])
    for (const record of [events, interests, traits]) expect(Object.keys(record)).toHaveLength(100)
    expect(events.order_completed?.count).toBe(1)
    expect(traits.plan?.value).toBe('gold')
    expect(interests).toHaveProperty('boots')
  })

  test('survives names of an object’s own making', () => {
    const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty']
    const profile = foldAll([
      ...names.map((name) => event({ name, properties: { category: name } })),
      event({ kind: 'identify', properties: { constructor: 'x' } }),
    ])
    expect(profile.events.constructor).toMatchObject({ count: 1, lastAt: AT })
    expect(profile.events.proto).toMatchObject({ count: 1, lastAt: AT })
    expect(profile.traits.constructor).toMatchObject({ value: 'x' })
    expect(Object.getPrototypeOf(profile.events)).toBe(Object.prototype)
  })

  test('counts alike in any order', () => {
    const events = fc.array(
      fc.record({
        at: fc.integer({ min: 1, max: 1e6 }),
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
    const before = foldAll([look('boots')])
    const copy = structuredClone(before)
    foldAll([event({ properties: { category: 'tents' } })], before)
    expect(before).toEqual(copy)
  })
})
