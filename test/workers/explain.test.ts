import { beforeAll, describe, expect, test } from 'vitest'
import { configurationOf } from './configuration.ts'
import { askApi, problemOf, publishDraft, staffToken } from './doors.ts'

const marketer = await staffToken('marketer', 600)

const explain = async (condition: object, visitor?: object) => {
  const body = { condition, ...(visitor && { visitor }) }
  const answer = await askApi('POST /sites/shop/audiences/explain', { token: marketer, body })
  return answer.status === 200 ? answer.json<object>() : problemOf(answer)
}

beforeAll(async () => {
  const tier = { id: 'tier', name: 'Tier', type: 'text', maxAge: 30 }
  await publishDraft({ ...configurationOf(), attributes: [tier] } as never)
})

describe('a rule is explained', () => {
  test('part by part, with what the visitor has there', async () => {
    const condition = {
      $and: [{ 'signals.country': 'SE' }, { $and: [{ 'visitor.visits': { $gte: 2 } }] }],
      $or: [{ 'signals.device': 'phone' }, { 'visitor.signedIn': true }],
    }
    expect(await explain(condition, { country: 'se', visits: 1, device: 'phone' })).toEqual({
      matches: false,
      sentence: expect.stringMatching(/country is SE, and number of visits is at least 2/),
      clauses: [
        { sentence: 'Country is SE.', matches: true, actual: 'SE' },
        { sentence: expect.any(String), matches: false, actual: 1 },
        {
          ...{ sentence: expect.any(String), matches: true },
          actual: { 'signals.device': 'phone', 'visitor.signedIn': false },
        },
      ],
    })
  })

  test.each([
    [{}, {}, true],
    [{ 'visitor.returning': true }, {}, false],
    [{ 'visitor.returning': true }, { returning: true }, true],
    // Who allows no identifier comes back as a stranger, whatever else is said of them.
    [{ 'visitor.returning': true }, { returning: true, tier: 0 }, false],
    [
      { 'profile.attributes.tier': 'gold' },
      { profile: { 'profile.attributes.tier': 'gold' } },
      true,
    ],
    [
      { 'profile.attributes.tier': 'gold' },
      { tier: 1, profile: { 'profile.attributes.tier': 'gold' } },
      false,
    ],
    // Nothing is believed of an attribute that the site does not declare.
    [
      { 'profile.attributes.rank': 'gold' },
      { profile: { 'profile.attributes.rank': 'gold' } },
      false,
    ],
    [{ 'profile.session.basket': 'none' }, {}, true],
    [
      { 'profile.session.basket': 'abandoned' },
      { profile: { 'profile.session.basket': 'abandoned' } },
      true,
    ],
    [{ 'signals.hour': { $gte: 19 } }, { at: '2026-11-26T20:30:00Z' }, true],
    [{ 'signals.hour': { $gte: 19 } }, { at: '2026-11-26T08:30:00Z' }, false],
    [{ 'visitor.user.plan': 'gold' }, { signedIn: true, user: { plan: 'gold' } }, true],
  ])('%o of %o: %s', async (condition, visitor, matches) => {
    expect(await explain(condition, visitor)).toMatchObject({ matches })
  })

  test.each([
    [{ 'signals.moon': 'full' }, {}, '/condition/signals.moon'],
    [{ 'signals.city': { $regex: '.' } }, {}, '/condition/signals.city/$regex'],
    [{}, { tier: 3 }, '/visitor/tier'],
    [{}, { profile: { 'profile.secret': 1 } }, '/visitor/profile/profile.secret'],
    [{}, { shoe: 43 }, '/visitor'],
  ])('%o of %o is refused at %s', async (condition, visitor, pointer) => {
    expect(await explain(condition, visitor)).toMatchObject({
      ...{ code: 'invalid', status: 422 },
      errors: [expect.objectContaining({ pointer })],
    })
  })

  test('of sites that there are', async () => {
    const answer = await askApi('POST /sites/nowhere/audiences/explain', {
      body: { condition: {} },
    })
    expect(answer.status).toBe(404)
  })
})
