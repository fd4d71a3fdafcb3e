import { describe, expect, test } from 'vitest'
import type { Snapshot } from '../../src/model/profile.ts'
import type { Visitor } from '../../src/model/visitor.ts'
import { PROFILE_DEADLINE_MS, recall } from '../../src/visitor/recall.ts'

const NOW = 1_796_000_000_000
const MINUTE = 60_000
const HOUR = 60 * MINUTE

const kept: Snapshot = {
  ...{ at: NOW - MINUTE, until: NOW + HOUR, shared: false },
  values: { 'profile.pages': 3 },
}
const shared: Snapshot = { ...kept, shared: true }
const fresh: Snapshot = { ...kept, at: NOW, values: { 'profile.pages': 4 } }
const visitor: Visitor = {
  ...{ id: 'v', tier: 2, returning: true, visits: 2, signedIn: false, user: {} },
  campaign: { source: '', medium: '', name: '' },
}
const newcomer: Visitor = { ...visitor, returning: false, visits: 1 }
const untouched = () => Promise.reject(new Error('The shard was read.'))
const memory = {
  ...{ visitor, person: '', kept, now: NOW, read: untouched },
  reads: ['profile.pages', 'profile.events.order_completed.in30d', 'profile.traits.plan'],
}
const read = async () => fresh
const refreshed = { known: fresh, fresh }
const unread = { known: kept }
const NOBODY = { known: undefined }

describe('what is recalled of a visitor', () => {
  test.each<[string, object, object]>([
    ['nothing at tier 1', { visitor: { ...visitor, tier: 1 } }, NOBODY],
    ['nothing at tier 0', { visitor: { ...visitor, tier: 0 } }, NOBODY],
    ['nothing where rules read nothing', { reads: [] }, NOBODY],
    ['what the cookie has while it is good', {}, unread],
    ['the same to the last ms of it', { now: kept.until - 1 }, unread],
    ['what the shard has from when it is not', { now: kept.until, read }, refreshed],
    ['or where the cookie has nothing', { kept: undefined, read }, refreshed],
    [
      'or has what is a day old',
      { kept: { ...kept, at: NOW - 24 * HOUR, until: NOW + 1 }, read },
      refreshed,
    ],
    [
      'what the cookie has of a person, for a quarter of an hour',
      { kept: shared, person: 'anna', now: shared.at + 15 * MINUTE - 1 },
      { known: shared },
    ],
    [
      'what the shard has of a person after it',
      { kept: shared, person: 'anna', now: shared.at + 15 * MINUTE, read },
      refreshed,
    ],
    ['or where the cookie is of before the sign-in', { person: 'anna', read }, refreshed],
    [
      'also of a browser that is new',
      { visitor: newcomer, person: 'anna', kept: undefined, read },
      refreshed,
    ],
  ])('is %s', async (_, changes, expected) => {
    expect(await recall({ ...memory, ...changes })).toEqual(expected)
  })

  test('is of a newcomer that there is nothing yet, without a look at any shard', async () => {
    const { known, ...rest } = await recall({ ...memory, visitor: newcomer, kept: undefined })
    expect(known).toMatchObject({
      ...{ at: NOW, shared: false },
      values: { 'profile.pages': 0, 'profile.events.order_completed.in30d': 0 },
    })
    expect(rest).toEqual({})
  })

  const old = { ...kept, until: NOW }
  test.each<[string, object, object]>([
    ['what the cookie had when the shard fails', {}, { known: old, fault: 'profile_unavailable' }],
    [
      'nothing when the cookie had nothing',
      { kept: undefined },
      { known: undefined, fault: 'profile_unavailable' },
    ],
    [
      'what the cookie had when the shard is late',
      { read: () => scheduler.wait(PROFILE_DEADLINE_MS * 20).then(() => fresh) },
      { known: old, fault: 'profile_timeout' },
    ],
    [
      'what the cookie had of an id without a shard',
      { read: async () => undefined },
      { known: old, fault: 'profile_timeout' },
    ],
  ])('is, with a word on the fault, %s', async (_, changes, expected) => {
    expect(await recall({ ...memory, kept: old, ...changes })).toEqual(expected)
  })
})
