import { describe, expect, test } from 'vitest'
import { matches } from '../../../src/decide/condition.ts'
import { EXPOSURE_EVENT, toEvent } from '../../../src/events/ingest.ts'
import { interpret } from '../../../src/events/interpret.ts'
import { signToken, verifyToken } from '../../../src/events/token.ts'
import { type CompiledExperience, openBundle } from '../../../src/model/bundle.ts'
import type { Goal } from '../../../src/model/goal.ts'
import { err } from '../../../src/model/result.ts'
import { SiteSchema } from '../../../src/model/site.ts'
import { keysOf } from '../keyrings.ts'

const NOW = Date.UTC(2026, 10, 17, 12)
const HOLDER = 'shop/weur-3-AAAAAAAAAAAAAAAAAAAAAA'
const { token: ring } = await keysOf('new')

const experience = (id: string, goal?: string): CompiledExperience => ({
  ...{ id, slot: 'hero', kind: 'bandit', arms: [['calm', 10_000]], show: 1, rung: 'delivered' },
  ...{ floor: 0, window: 1000, ...(goal && { goal }) },
})

const goals: Goal[] = [
  { id: 'click', kind: 'click', name: '' },
  { id: 'thanks', kind: 'page', name: '', pages: ['/thanks', '/tack'] },
  { id: 'order', kind: 'event', name: '', event: 'Order', value: 'revenue' },
  { id: 'large', kind: 'event', name: '', event: 'Order', condition: { revenue: { $gte: 100 } } },
  { id: 'back', kind: 'page', name: '', pages: ['/home'], after: 1.5 },
  { id: 'wish', kind: 'event', name: '', event: 'Wish' },
  { id: 'sign-up', kind: 'event', name: '', event: 'Signed up' },
]

const bundle = openBundle(
  {
    format: 1,
    site: SiteSchema.parse({ id: 'shop', name: 'S', hosts: ['a'], origin: 'https://a.example' }),
    ...{ slots: [], variants: {}, audiences: {}, goals, reads: [], readsKey: '' },
    experiences: [
      ...[experience('on-click', 'click'), experience('on-page', 'thanks')],
      ...[experience('on-order', 'order'), experience('also-on-order', 'order')],
      ...[experience('on-large', 'large'), experience('on-nothing')],
      { ...experience('on-return', 'back'), attribution: 'all', rung: 'seen' },
      { ...experience('watching', 'wish'), watched: ['sign-up', 'click'] },
    ],
  },
  'hash',
)

const read = (message: object) => {
  const event = toEvent({ messageId: 'm', ...message }, undefined, NOW)
  if (!event.ok) throw new Error(event.error)
  const open = (token: string) => verifyToken(token, HOLDER, ring, NOW)
  return interpret(event.value.event, { bundle, matches, open })
}

const rewardsOf = async (message: object) => {
  const item = await read(message)
  return item.ok ? item.value.rewards : undefined
}

const reward = (experience: string, value = 1) => ({
  ...{ experience, value, window: 1000, after: 0, attribution: 'last', rung: 'delivered' },
})
const order = (revenue: unknown) => ({ type: 'track', event: 'Order', properties: { revenue } })

describe('goals that an event meets', () => {
  test.each([
    ['a page goal', { type: 'page', properties: { path: '/tack' } }, [reward('on-page')]],
    [
      'a goal for all exposures that were seen, from a time on',
      { type: 'page', properties: { path: '/home' } },
      [{ ...reward('on-return'), after: 5_400_000, attribution: 'all', rung: 'seen' }],
    ],
    ['no page goal', { type: 'page', properties: { path: '/tack/x' } }, []],
    ['a page goal, by no track', { type: 'track', event: '/tack' }, []],
    [
      'an event goal of two experiences',
      order(20),
      [reward('on-order', 20), reward('also-on-order', 20)],
    ],
    [
      'an event goal with its condition',
      order(100),
      [reward('on-order', 100), reward('also-on-order', 100), reward('on-large')],
    ],
    ['a refund', order(-20), [reward('on-order', -20), reward('also-on-order', -20)]],
    ['a worth that is no number', order('20'), [reward('on-order'), reward('also-on-order')]],
    [
      'a watched goal, in a book of its own',
      { type: 'track', event: 'Signed up' },
      [reward('watching~sign-up')],
    ],
    ['another event', { type: 'track', event: 'order' }, []],
    ['traits', { type: 'identify', traits: { revenue: 500 } }, []],
  ])('%s', async (_, message, rewards) => expect(await rewardsOf(message)).toEqual(rewards))

  // Squares of larger ones would leave the range in which totals can be summed, and stay there.
  test.each([1e9, 1e12, 1e200, -1e200])('a worth of %d is held to a billion', async (revenue) => {
    const rewards = await rewardsOf(order(revenue))
    expect(rewards?.[0]?.value).toBe(Math.sign(revenue) * 1e9)
  })
})

const arms = (count: number, name = 'on-order') =>
  Array.from({ length: count }, (_, rank) => ({
    ...{ experience: name, version: 7, segment: '', arm: `a-variant-of-some-name-${rank}` },
    ...{ rank, propensity: 1 / 3 },
  }))

const step = (token: string, index: unknown, name: string) => ({
  ...{ type: 'track', event: EXPOSURE_EVENT, properties: { token, index, step: name } },
})

describe('a step of an exposure', () => {
  // Pages with several slots and lists have long tokens, which must come through whole.
  test.each([1, 5, 50])('is taken with the token of a page of %i', async (count) => {
    const exposures = arms(count)
    const token = await signToken({ at: NOW, exposures }, HOLDER, ring)
    const item = await read(step(token, count - 1, 'seen'))
    expect(item).toMatchObject({
      ok: true,
      value: { rewards: [], step: { step: 'seen', exposure: exposures[count - 1], window: 1000 } },
    })
  })

  test('counts for watched goals too, and a click for one that is a click', async () => {
    const token = await signToken({ at: NOW, exposures: arms(1, 'watching') }, HOLDER, ring)
    const watched = ['watching~sign-up', 'watching~click']
    const rewards = [{ ...reward('watching~click'), arm: 'a-variant-of-some-name-0' }]
    expect(await read(step(token, 0, 'seen'))).toMatchObject({
      value: { step: { watched }, rewards: [] },
    })
    expect(await read(step(token, 0, 'clicked'))).toMatchObject({
      value: { step: { watched }, rewards },
    })
  })

  test('that is a click rewards the very variant, where the goal is a click', async () => {
    const exposures = [...arms(1, 'on-click'), ...arms(1, 'on-order')]
    const token = await signToken({ at: NOW, exposures }, HOLDER, ring)
    const rewards = [{ ...reward('on-click'), arm: 'a-variant-of-some-name-0' }]
    expect(await read(step(token, 0, 'clicked'))).toMatchObject({ value: { rewards } })
    expect(await read(step(token, 0, 'seen'))).toMatchObject({ value: { rewards: [] } })
    expect(await read(step(token, 1, 'clicked'))).toMatchObject({ value: { rewards: [] } })
  })

  test('is refused when anything about it is not as it was signed', async () => {
    const token = await signToken({ at: NOW, exposures: arms(1) }, HOLDER, ring)
    const strange = await signToken({ at: NOW, exposures: arms(1) }, `${HOLDER}x`, ring)
    const old = await signToken({ at: NOW - 86_400_001, exposures: arms(1) }, HOLDER, ring)
    const retired = await signToken({ at: NOW, exposures: arms(1, 'gone') }, HOLDER, ring)
    const cases = [
      [step(token, 1, 'seen'), 'unknown_exposure'],
      [step(retired, 0, 'seen'), 'unknown_exposure'],
      [step(strange, 0, 'seen'), 'token_forged'],
      [step(old, 0, 'seen'), 'token_expired'],
      [step('nonsense', 0, 'seen'), 'token_malformed'],
      [step(token, -1, 'seen'), 'malformed'],
      [step(token, 0.5, 'seen'), 'malformed'],
      [step(token, '0', 'seen'), 'malformed'],
      [step(token, 0, 'rewarded'), 'malformed'],
      [{ type: 'track', event: EXPOSURE_EVENT }, 'malformed'],
    ] as const
    for (const [message, reason] of cases) expect(await read(message)).toEqual(err(reason))
  })

  test('is no goal, even where a goal is named like it', async () => {
    const token = await signToken({ at: NOW, exposures: arms(1) }, HOLDER, ring)
    expect(await rewardsOf(step(token, 0, 'delivered'))).toEqual([])
  })
})
