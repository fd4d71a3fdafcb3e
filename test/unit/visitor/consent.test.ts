import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NO_CAMPAIGN, type Signals } from '../../../src/model/signals.ts'
import { type ConsentConfig, ConsentSchema } from '../../../src/model/site.ts'
import type { ConsentTier, Visitor } from '../../../src/model/visitor.ts'
import { consentTier, toSubject } from '../../../src/visitor/consent.ts'

const TIERS: readonly ConsentTier[] = [0, 1, 2]

/** Value of the consent cookie → what it allows; `undefined` leaves the site's default. */
const SAID: readonly (readonly [string | undefined, ConsentTier | undefined])[] = [
  [undefined, undefined],
  ['none', 0],
  ['some', 1],
  ['all', 2],
  ['ALL', undefined],
  ['', undefined],
  ['constructor', undefined],
]

const configOf = (tier: ConsentTier): ConsentConfig =>
  ConsentSchema.parse({
    default: tier,
    cookie: { name: 'ok', tiers: { none: 0, some: 1, all: 2 } },
  })

describe('consent', () => {
  const matrix = TIERS.flatMap((tier) =>
    [null, '1', '0'].flatMap((gpc) => SAID.map(([said, means]) => ({ tier, gpc, said, means }))),
  )

  test.each(matrix)('default $tier, Sec-GPC $gpc, cookie $said', ({ tier, gpc, said, means }) => {
    const headers = new Headers(gpc === null ? {} : { 'sec-gpc': gpc })
    const cookies = new Map(said === undefined ? [] : [['ok', said]])
    const expected = gpc === '1' ? 0 : (means ?? tier)
    expect(consentTier(configOf(tier), cookies, headers)).toBe(expected)
  })

  test('without a cookie configured is the default, whatever cookies come', () => {
    const cookies = new Map([['ok', 'all']])
    expect(consentTier({ default: 1 }, cookies, new Headers())).toBe(1)
  })

  test('is nothing at all unless a site says otherwise', () => {
    expect(ConsentSchema.parse({}).default).toBe(0)
  })
})

const signals: Signals = {
  ...{ country: 'SE', region: 'AB', city: 'Stockholm', continent: 'EU', device: 'phone' },
  ...{
    language: 'sv',
    referrer: '',
    campaign: NO_CAMPAIGN,
    hour: 9,
    weekday: 1,
    date: '2026-11-23',
    path: '/',
  },
  ...{ bot: false, prefetch: false },
}

const visitors: fc.Arbitrary<Visitor> = fc.record({
  id: fc.string(),
  tier: fc.constantFrom(...TIERS),
  returning: fc.boolean(),
  visits: fc.integer({ min: 1, max: 99 }),
  campaign: fc.record({ source: fc.string(), medium: fc.string(), name: fc.string() }),
  signedIn: fc.boolean(),
  user: fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())),
})
const profiles = fc.dictionary(fc.string(), fc.anything())

describe('the gate', () => {
  test('lets no profile and no person through below tier 2, and no acquaintance at tier 0', () => {
    const property = fc.property(visitors, profiles, (visitor, profile) => {
      const subject = toSubject(signals, visitor, profile)
      expect(subject.signals).toBe(signals)
      expect(subject.visitor.tier).toBe(visitor.tier)
      expect(subject.visitor).not.toHaveProperty('id')
      if (visitor.tier < 2) {
        expect(subject.profile).toEqual({})
        expect(subject.visitor).toMatchObject({ signedIn: false, user: {} })
      }
      if (visitor.tier === 0) {
        const { returning, visits, campaign } = subject.visitor
        expect({ returning, visits, campaign }).toEqual({
          ...{ returning: false, visits: 1, campaign: signals.campaign },
        })
      } else {
        const { returning, visits, campaign } = visitor
        expect(subject.visitor).toMatchObject({ returning, visits, campaign })
      }
      if (visitor.tier === 2) {
        expect(subject.profile).toBe(profile)
        expect(subject.visitor).toMatchObject({ signedIn: visitor.signedIn, user: visitor.user })
      }
    })
    fc.assert(property, { seed: 2, numRuns: 300 })
  })
})
