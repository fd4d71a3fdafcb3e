import { expect, test } from 'vitest'
import { weightOf } from '../../../src/visitor/fading.ts'
import { fromFormer } from '../../../src/visitor/former-profile.ts'
import { fold } from '../../../src/visitor/profile.ts'
import { toSnapshot } from '../../../src/visitor/snapshot.ts'
import { AT, event } from './histories.ts'

const DAY = 86_400_000

/** As an earlier worker kept it. */
const FORMER = {
  ...{ updatedAt: AT, pages: 7, topInterest: 'boots', interests: { boots: 2.5, tents: 0.95 } },
  events: {
    page: { count: 7, lastAt: AT },
    order_completed: { count: 2, lastAt: AT - 3 * DAY },
  },
  traits: { plan: 'gold', vip: true },
}

const valuesOf = (profile: ReturnType<typeof fromFormer>, now: number, ...paths: string[]) =>
  Object.values(
    toSnapshot(
      { profile, attributes: {}, shared: false },
      paths.map((path) => `profile.${path}`),
      now,
    ).values,
  )

test('an earlier profile is read on: what it counted, knew and liked', () => {
  const profile = fromFormer(FORMER)
  expect(profile).toMatchObject({ format: 2, pages: 7, firstAt: AT - 3 * DAY, updatedAt: AT })
  const order = 'events.order_completed'
  expect(valuesOf(profile, AT, `${order}.count`, `${order}.lastAt`, `${order}.in7d`)).toEqual([
    ...[2, AT - 3 * DAY, 1],
  ])
  expect(
    valuesOf(profile, AT, `${order}.in24h`, 'topInterest', 'traits.plan', 'traits.vip'),
  ).toEqual([0, 'boots', 'gold', true])
  expect(Object.values(profile.interests).map((one) => weightOf(one, AT))).toEqual([2.5, 0.95])
})

test('it goes on from there', () => {
  const later = { event: event({ at: AT + DAY }) }
  const profile = fold(fromFormer(FORMER), later)
  expect(profile.events.order_completed).toMatchObject({ count: 3, lastAt: AT + DAY })
  expect(valuesOf(profile, AT + DAY, 'events.order_completed.in7d', 'pages')).toEqual([2, 7])
})

test('one with hardly anything in it is read too', () => {
  const profile = fromFormer({ updatedAt: AT, pages: 0, events: {}, interests: {}, traits: {} })
  expect(profile).toMatchObject({ firstAt: AT, updatedAt: AT, events: {}, deeds: [] })
})
