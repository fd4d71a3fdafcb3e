import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NO_CAMPAIGN, type Signals } from '../../../src/model/signals.ts'
import { type ConsentConfig, ConsentSchema } from '../../../src/model/site.ts'
import { valueAt } from '../../../src/model/subject.ts'
import type { ConsentTier, Visitor } from '../../../src/model/visitor.ts'
import { consentTier, mayRead, toSubject, withdrawalOf } from '../../../src/visitor/consent.ts'

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

const URL_OF = { secure: 'https://shop.test/', plain: 'http://localhost/' }

const requestOf = (gpc: string | null = null, url = URL_OF.secure) => ({
  url,
  headers: new Headers(gpc === null ? {} : { 'sec-gpc': gpc }),
})

/** Value of our own consent cookie → what it allows. */
const OWN: readonly (readonly [string | undefined, ConsentTier | undefined])[] = [
  ...([
    [undefined, undefined],
    ['0', 0],
    ['1', 1],
    ['2', 2],
  ] as const),
  ...([
    ['3', undefined],
    ['', undefined],
    ['constructor', undefined],
  ] as const),
]

describe('consent', () => {
  const matrix = TIERS.flatMap((tier) =>
    [null, '1', '0'].flatMap((gpc) =>
      SAID.flatMap(([said, means]) =>
        OWN.map(([own, allows]) => ({ tier, gpc, said, means, own, allows })),
      ),
    ),
  )

  test('is the stricter of both cookies, else the default, and nothing under GPC', () => {
    for (const { tier, gpc, said, means, own, allows } of matrix) {
      const cookies = new Map([
        ...(said === undefined ? [] : [['ok', said] as const]),
        ...(own === undefined ? [] : [['__Host-sv-consent', own] as const]),
      ])
      const spoken = [means, allows].filter((one) => one !== undefined)
      const expected = gpc === '1' ? 0 : spoken.length > 0 ? Math.min(...spoken) : tier
      expect
        .soft(consentTier(configOf(tier), cookies, requestOf(gpc)), `${tier} ${gpc} ${said} ${own}`)
        .toBe(expected)
    }
    expect(matrix).toHaveLength(3 * 3 * 7 * 7)
  })

  test('without a cookie configured is our own, else the default, whatever cookies come', () => {
    const all = [['ok', 'all']] as const
    expect(consentTier({ default: 1 }, new Map(all), requestOf())).toBe(1)
    const own = new Map([...all, ['__Host-sv-consent', '2']])
    expect(consentTier({ default: 1 }, own, requestOf())).toBe(2)
  })

  test('is not read over TLS from a cookie that plain HTTP can set', () => {
    const cookies = new Map([['sv-consent', '2']])
    expect(consentTier({ default: 0 }, cookies, requestOf())).toBe(0)
    expect(consentTier({ default: 0 }, cookies, requestOf(null, URL_OF.plain))).toBe(2)
  })

  test('is nothing at all unless a site says otherwise', () => {
    expect(ConsentSchema.parse({}).default).toBe(0)
  })
})

describe('allowing less than before', () => {
  test.each([
    ...([
      [2, 1, 'profile'],
      [2, 0, 'everything'],
      [1, 0, 'everything'],
    ] as const),
    ...([
      [2, 2, undefined],
      [1, 1, undefined],
      [1, 2, undefined],
      [0, 2, undefined],
    ] as const),
    ...([
      [undefined, 1, 'profile'],
      [undefined, 0, 'everything'],
    ] as const),
  ])('from %s to %s erases %s', (before, now, erases) => {
    expect(withdrawalOf(before, now)).toBe(erases)
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

  test('tells by name what each tier may read', () => {
    expect(mayRead(0)).toEqual([])
    expect(mayRead(1)).toEqual(['visitor.returning', 'visitor.visits', 'visitor.campaign'])
    expect(mayRead(2)).toEqual([...mayRead(1), 'visitor.signedIn', 'visitor.user', 'profile'])
  })

  test('reads nothing at a path that the tier may not read, whatever there is to know', () => {
    const property = fc.property(visitors, profiles, (visitor, profile) => {
      const read = toSubject(signals, visitor, profile)
      const other = toSubject(signals, { ...visitor, ...OTHER }, { other: 1 })
      const free = mayRead(visitor.tier)
      for (const path of mayRead(2).filter((name) => !free.includes(name))) {
        expect(valueAt(read, path)).toEqual(valueAt(other, path))
      }
    })
    fc.assert(property, { seed: 3, numRuns: 200 })
  })
})

/** Another visitor in all that a gate could let through. */
const OTHER = {
  ...{ returning: true, visits: 77, signedIn: true, user: { plan: 'needle' } },
  campaign: { source: 'needle', medium: 'needle', name: 'needle' },
}
