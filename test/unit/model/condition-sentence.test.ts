import { describe, expect, test } from 'vitest'
import type { Condition } from '../../../src/model/audience.ts'
import { clauseOf, nameOfPath, sentenceOf } from '../../../src/model/condition-sentence.ts'
import { SUBJECT_PATHS } from '../../../src/model/subject.ts'

const VECTORS: readonly (readonly [Condition, string])[] = [
  [{}, 'Everybody.'],
  [{ 'signals.country': 'SE' }, 'Country is SE.'],
  [{ 'signals.country': { $in: ['SE', 'NO', 'DK'] } }, 'Country is SE, NO or DK.'],
  [{ 'signals.country': { $nin: ['SE', 'NO'] } }, 'Country is neither SE nor NO.'],
  [{ 'visitor.returning': true }, 'The visitor has been here before.'],
  [{ 'visitor.returning': false }, 'The visitor is here for the first time.'],
  [{ 'visitor.signedIn': { $ne: true } }, 'The visitor is not signed in.'],
  [{ 'signals.weekday': { $in: [0, 6] } }, 'Day of the week is Sunday or Saturday.'],
  [
    { 'signals.hour': { $gte: 8, $lt: 12 } },
    'Hour of the day is at least 8 and hour of the day is below 12.',
  ],
  [{ 'visitor.tier': 2 }, 'Consent is a profile.'],
  [{ 'signals.referrer': '' }, 'Referring site is empty.'],
  [
    { 'signals.device': 'phone', 'visitor.visits': { $gte: 3 } },
    'Device is phone, and number of visits is at least 3.',
  ],
  [
    {
      $or: [
        { 'signals.device': 'phone' },
        { 'signals.device': 'tablet', 'visitor.signedIn': true },
      ],
    },
    'Device is phone, or (device is tablet, and the visitor is signed in).',
  ],
  [
    { 'signals.country': 'SE', $or: [{ 'signals.device': 'phone' }, { 'visitor.visits': 1 }] },
    'Country is SE, and (device is phone, or number of visits is 1).',
  ],
  [
    { $nor: [{ 'signals.country': 'SE' }, { 'signals.country': 'NO' }] },
    'None of this holds: country is SE; country is NO.',
  ],
  [{ $not: { 'signals.country': 'SE' } }, 'Not (country is SE).'],
  [{ $and: [{ 'signals.country': 'SE' }] }, 'Country is SE.'],
  [{ $or: [] }, 'Everybody.'],
  [{ $nor: [] }, 'Nobody.'],
  [{ 'profile.events.order_completed.count': 0 }, '“order completed” never happened.'],
  [
    { 'profile.events.order_completed.in30d': { $lt: 1 } },
    '“order completed” did not happen in the last 30 days.',
  ],
  [
    { 'profile.events.order_completed.in7d': { $gte: 1 } },
    '“order completed” happened in the last 7 days.',
  ],
  [
    { 'profile.events.product_viewed.in1h': { $gte: 3 } },
    '“product viewed” happened at least 3 times in the last hour.',
  ],
  [
    { 'profile.counters.big-bets.sum7d': { $gt: 500 } },
    'Sum of “big-bets” in the last 7 days is above 500.',
  ],
  [{ 'profile.events.login.daysSince': { $gt: 14 } }, 'Number of days since “login” is above 14.'],
  [{ 'profile.attributes.optIns': { $all: ['casino:web'] } }, '“optIns” has casino:web.'],
  [
    { 'profile.attributes.optIns': { $elemMatch: { $eq: 'casino:web' } } },
    '“optIns” has casino:web.',
  ],
  [{ 'profile.attributes.tier': { $exists: false } }, '“tier” is not known.'],
  [{ 'profile.attributes.tier': null }, '“tier” is not known.'],
  [{ 'profile.attributes.vip': { $eq: true } }, '“vip” is yes.'],
  [{ 'profile.attributes.tier': { $not: { $in: ['gold'] } } }, 'Not (“tier” is gold).'],
  [
    { 'profile.dates.birthDate.years': { $gte: 18 } },
    'Full years since “birthDate” is at least 18.',
  ],
  [
    { 'profile.activeDays.in30d': { $gte: 4 } },
    'Number of days with a visit in the last 30 days is at least 4.',
  ],
  [{ 'visitor.user.tier': 'gold' }, '“tier” of the signed-in visitor is gold.'],
  [{ 'profile.session.basket': 'abandoned' }, 'Basket is abandoned.'],
  // What cannot be published is read all the same: editors see it while they write.
  [{ 'weather.rain': { $wet: 1 } }, 'Weather.rain $wet 1.'],
]

describe('a condition is read as', () => {
  test.each(VECTORS)('%j', (condition, sentence) => {
    expect(sentenceOf(condition)).toBe(sentence)
  })
})

test('a clause stands by itself, without capital and full stop', () => {
  expect(clauseOf('signals.country', 'SE')).toBe('country is SE')
})

test('every path with a fixed name has one in words', () => {
  const unnamed = [...SUBJECT_PATHS].filter((path) => nameOfPath(path) === path)
  expect(unnamed).toEqual([])
})
