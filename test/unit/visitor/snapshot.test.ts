import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CustomerRecord } from '../../../src/model/attribute.ts'
import { EMPTY_PROFILE, type Profile } from '../../../src/model/profile.ts'
import { basesOf } from '../../../src/model/profile-path.ts'
import { type Done, fold } from '../../../src/visitor/profile.ts'
import { LONGEST_MS, toSnapshot } from '../../../src/visitor/snapshot.ts'
import { AT, event, foldAll, histories } from './histories.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

const snapshotOf = (
  profile: Profile,
  reads: readonly string[],
  { attributes = {} as CustomerRecord, shared = false, now = AT } = {},
) => toSnapshot({ profile, attributes, shared }, reads, now)

const readAt = (profile: Profile, path: string, now = AT) =>
  snapshotOf(profile, [path], { now }).values[path]

const order = (hoursAgo: number) => event({ at: AT - hoursAgo * HOUR })
const page = (name: string, minutesAgo = 0) =>
  event({ kind: 'page', name, at: AT - minutesAgo * 60_000 })

describe('a snapshot', () => {
  test('holds the paths asked for and nothing else, long texts cut', () => {
    const profile = foldAll([
      ...[order(2), order(1), page('/')],
      event({ kind: 'identify', properties: { plan: 'x'.repeat(100), vip: false } }),
      event({ kind: 'page', name: '/b', properties: { category: 'boots' } }),
    ])
    const reads = [
      ...['profile.pages', 'profile.events.order_completed.count', 'profile.events.other.count'],
      ...['profile.traits.plan', 'profile.traits.vip', 'profile.traits.none', 'profile.events'],
      ...['profile.traits.constructor', 'profile.topInterest.length', 'profile.interests.boots'],
      ...['profile.events.constructor.count', 'profile.constructor', 'profile.asOf', 'profile.x'],
    ]
    const { values, ...rest } = snapshotOf(profile, reads)
    expect(rest).toMatchObject({ at: AT, shared: false })
    expect(values).toMatchObject({
      'profile.pages': 2,
      'profile.events.order_completed.count': 2,
      'profile.events.other.count': 0,
      'profile.traits.plan': 'x'.repeat(64),
      'profile.traits.vip': false,
      'profile.interests.boots': 1,
      'profile.events.constructor.count': 0,
    })
    for (const path of [
      'traits.none',
      'traits.constructor',
      'events',
      'constructor',
      'asOf',
      'x',
    ]) {
      expect(values).not.toHaveProperty([`profile.${path}`])
    }
  })

  const bets: Done[] = [0.5, 30, 200].map((hoursAgo, n) => ({
    event: event({ name: 'Bet Placed', at: AT - hoursAgo * HOUR }),
    counted: [{ counter: 'football', amount: 10 ** n }],
    hour: 20 + n,
    device: n === 0 ? 'phone' : 'desktop',
  }))
  const gambler = bets.reduce(fold, foldAll([page('/a', 3000), page('/b', 9), page('/c', 1)]))

  test.each<[string, unknown]>([
    ['events.bet_placed.count', 3],
    ['events.bet_placed.firstAt', AT - 200 * HOUR],
    ['events.bet_placed.lastAt', AT - 0.5 * HOUR],
    ['events.bet_placed.in1h', 1],
    ['events.bet_placed.in24h', 1],
    ['events.bet_placed.in7d', 2],
    ['events.bet_placed.in30d', 3],
    ['events.never.in30d', 0],
    ['events.never.lastAt', undefined],
    ['counters.football.count', 3],
    ['counters.football.sum', 111],
    ['counters.football.sum24h', 1],
    ['counters.football.sum7d', 11],
    ['counters.football.in7d', 2],
    ['counters.none.sum', 0],
    ['counters.none.sum7d', 0],
    ['activeDays.in7d', 2],
    ['habit', 'evening'],
    ['lastDevice', 'phone'],
    ['deviceKinds', 2],
    ['session.pages', 2],
    ['session.seconds', 600],
    ['session.landing', '/b'],
    ['topInterest', undefined],
  ])('says of %s: %j', (path, expected) => {
    expect(readAt(gambler, `profile.${path}`)).toEqual(expected)
  })

  test('says which part of the day is most of it, the earlier of equals', () => {
    const at = (...hours: number[]) =>
      hours.map((hour) => ({ event: event(), hour })).reduce(fold, EMPTY_PROFILE)
    const habits = [at(0, 5, 12), at(6, 11, 17), at(12, 17), at(18, 23, 1), at(7, 19), at()]
    expect(habits.map((profile) => readAt(profile, 'profile.habit'))).toEqual([
      ...['night', 'morning', 'afternoon', 'evening', 'morning', undefined],
    ])
  })

  test('has attributes with when they were confirmed; of a list too long neither', () => {
    const known = (value: CustomerRecord[string]['value']) => ({
      attributes: { optIns: { value, at: AT - DAY, source: 'crm' } },
    })
    const reads = basesOf('profile.attributes.optIns') ?? []
    const valuesOf = (value: CustomerRecord[string]['value']) =>
      snapshotOf(EMPTY_PROFILE, reads, known(value)).values
    expect(valuesOf(['a', 'b'])).toEqual({
      'profile.attributes.optIns': ['a', 'b'],
      'profile.ages.optIns': AT - DAY,
    })
    expect(valuesOf(null)).toEqual({ 'profile.ages.optIns': AT - DAY })
    expect(valuesOf(Array<string>(65).fill('abc'))).toEqual({})
  })
})

describe('a snapshot is good', () => {
  const reads = (...paths: string[]) => paths.map((path) => `profile.${path}`)

  test.each<[string, readonly string[], number]>([
    [
      'for a day where nothing changes by itself',
      reads('pages', 'events.order_completed.count'),
      LONGEST_MS,
    ],
    ['for a day where nothing is in the window', reads('events.never.in1h'), LONGEST_MS],
    ['until what fell last leaves the window', reads('events.order_completed.in1h'), 0.5 * HOUR],
    [
      'by the first window that changes',
      reads('events.order_completed.in24h', 'events.order_completed.in1h'),
      0.5 * HOUR,
    ],
  ])('%s', (_, paths, expected) => {
    const now = Math.ceil(AT / HOUR) * HOUR
    const profile = foldAll([event({ at: now - 0.5 * HOUR })])
    const { until } = snapshotOf(profile, paths, { now })
    // To the bucket of five minutes that it fell in.
    expect(until - now - expected).toBeGreaterThanOrEqual(0)
    expect(until - now - expected).toBeLessThanOrEqual(300_000)
  })

  test('for as long as a fresh one says the same', () => {
    const paths = [
      ...reads('events.b_c.in1h', 'events.b_c.in6h', 'events.page.in7d', 'events.b_c.count'),
      ...reads('counters.bets.sum24h', 'counters.logins.in30d', 'activeDays.in7d', 'session.pages'),
    ]
    const property = fc.property(
      histories,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (done, part) => {
        const profile = done.reduce(fold, EMPTY_PROFILE)
        const { until, values } = snapshotOf(profile, paths)
        expect(until).toBeGreaterThan(AT)
        const now = AT + Math.floor((until - 1 - AT) * part)
        expect(snapshotOf(profile, paths, { now }).values).toEqual(values)
      },
    )
    fc.assert(property, { seed: 1, numRuns: 300 })
  })
})
