import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Event } from '../../../src/model/event.ts'
import { EMPTY_PROFILE, type Profile } from '../../../src/model/profile.ts'
import { weightOf } from '../../../src/visitor/fading.ts'
import { type Done, fold } from '../../../src/visitor/profile.ts'
import { toSnapshot } from '../../../src/visitor/snapshot.ts'
import { AT, event, foldAll, histories } from './histories.ts'

const looks = (...categories: string[]) =>
  foldAll(categories.map((category) => event({ kind: 'page', properties: { category } })))

const topOf = (profile: Profile) => {
  const known = { profile, attributes: {}, shared: false }
  return toSnapshot(known, ['profile.topInterest'], AT).values['profile.topInterest']
}

describe('a profile', () => {
  test('counts events by their key and keeps when they were first and last', () => {
    const profile = foldAll([
      event({}),
      event({ at: AT + 5, name: 'order_completed' }),
      event({ at: AT - 5, name: ' Order   Completed! ' }),
      event({ kind: 'page', name: '/', at: AT + 9 }),
    ])
    expect(profile).toMatchObject({
      ...{ firstAt: AT - 5, updatedAt: AT + 9, pages: 1 },
      events: {
        order_completed: { count: 3, firstAt: AT - 5, lastAt: AT + 5 },
        page: { count: 1, firstAt: AT + 9, lastAt: AT + 9 },
      },
    })
  })

  test('counts nothing under a name without a letter or digit', () => {
    expect(foldAll([event({ name: '—' }), event({ name: '__' })]).events).toEqual({})
  })

  test('takes traits over, the newest word of each, whichever comes first', () => {
    const traits = (properties: Event['properties'], at: number) =>
      event({ kind: 'identify', properties, at })
    const words = [traits({ plan: 'free', age: 41 }, AT), traits({ plan: 'gold' }, AT + 1)]
    for (const profile of [foldAll(words), foldAll(words.toReversed())]) {
      expect(profile).toMatchObject({
        ...{ pages: 0, events: {} },
        traits: {
          plan: { value: 'gold', at: AT + 1, firstAt: AT },
          age: { value: 41, at: AT, firstAt: AT },
        },
      })
    }
  })

  test('adds up what the site’s counters count, to thousandths', () => {
    const staked = (amount?: number): Done => ({
      event: event({ name: 'Bet Placed' }),
      counted: [{ counter: 'football-bets', ...(amount !== undefined && { amount }) }],
    })
    const { counters } = [staked(0.1), staked(0.2), staked()].reduce(fold, EMPTY_PROFILE)
    expect(counters['football-bets']).toMatchObject({ count: 3, sum: 0.3, firstAt: AT })
  })

  test('knows at which hours, and on which devices', () => {
    const at = (hour: number, device: 'desktop' | 'phone'): Done => ({
      ...{ event: event({}), hour, device },
    })
    const { hours, devices } = [at(7, 'phone'), at(7, 'phone'), at(20, 'desktop')].reduce(
      fold,
      EMPTY_PROFILE,
    )
    expect(hours).toEqual({ 7: 2, 20: 1 })
    expect(devices).toMatchObject({ phone: { count: 2 }, desktop: { count: 1 } })
  })

  test('weighs each look at a category as one, and more than one are its interest', () => {
    const profile = looks('Boots', 'Tents', 'boots')
    const weights = Object.entries(profile.interests).map(([name, interest]) => [
      ...[name, weightOf(interest, AT)],
    ])
    expect(Object.fromEntries(weights)).toEqual({ boots: 2, tents: 1 })
    expect(topOf(profile)).toBe('boots')
  })

  test('lets a new interest win over an old one in the end', () => {
    const day = 86_400_000
    const look = (category: string, days: number) =>
      event({ kind: 'page', properties: { category }, at: AT - days * day })
    const boots = Array.from({ length: 4 }, () => look('boots', 28))
    expect(topOf(foldAll([...boots, look('tents', 0)]))).toBe('boots')
    expect(topOf(foldAll([...boots, look('tents', 0), look('tents', 0)]))).toBe('tents')
  })

  test('takes no interest in a category without a letter or digit', () => {
    const profile = looks('★', '★', '★', 'boots')
    expect(Object.keys(profile.interests)).toEqual(['boots'])
    expect(topOf(profile)).toBe('boots')
  })

  test('takes ten tags of an event', () => {
    const tags = Array.from({ length: 12 }, (_, n) => `Tag ${n}`).join(',')
    const profile = foldAll([event({ properties: { tags } })])
    expect(Object.keys(profile.tags)).toEqual(Array.from({ length: 10 }, (_, n) => `tag_${n}`))
  })

  test('is bounded: a flood of names does not push out what is known', () => {
    const flood = Array.from({ length: 500 }, (_, n) => [
      event({ at: AT + 1, name: `flood ${n}`, properties: { category: `flood ${n}` } }),
      event({ at: AT + 1, kind: 'identify', properties: { [`flood${n}`]: 'x' } }),
    ])
    const first = [
      event({ properties: { category: 'boots' } }),
      event({ kind: 'identify', properties: { plan: 'gold' } }),
    ]
    const { events, interests, traits, deeds } = foldAll([...first, ...flood.flat()])
    for (const record of [events, interests, traits]) expect(Object.keys(record)).toHaveLength(100)
    expect(events.order_completed?.count).toBe(1)
    expect(traits.plan?.value).toBe('gold')
    expect(interests).toHaveProperty('boots')
    expect(deeds).toHaveLength(32)
  })

  test('survives names of an object’s own making', () => {
    const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty']
    const profile = foldAll([
      ...names.map((name) => event({ name, properties: { category: name } })),
      event({ kind: 'identify', properties: { constructor: 'x' } }),
      event({ kind: 'identify', properties: JSON.parse('{"__proto__": "y"}') }),
    ])
    for (const name of ['constructor', 'proto', 'tostring']) {
      expect(profile.events).toHaveProperty(name, expect.objectContaining({ count: 1, lastAt: AT }))
    }
    expect(profile.traits).toHaveProperty('constructor', { value: 'x', at: AT, firstAt: AT })
    expect(Object.getPrototypeOf(profile.events)).toBe(Object.prototype)
    expect(Object.getPrototypeOf(profile.traits)).toBe(Object.prototype)
  })

  test('is the same in any order of its events', () => {
    const shuffled = histories.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    )
    const property = fc.property(shuffled, ([one, other]) => {
      const [a, b] = [one, other].map((all) => all.reduce(fold, EMPTY_PROFILE))
      expect(a).toEqual(b)
      expect(a?.pages).toBe(one.filter(({ event: { kind } }) => kind === 'page').length)
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
