import { describe, expect, test } from 'vitest'
import { err, ok } from '../../../src/model/result.ts'
import { NO_CAMPAIGN } from '../../../src/model/signals.ts'
import {
  type Evidence,
  identify,
  isWorthStoring,
  sharedSeed,
} from '../../../src/visitor/identity.ts'
import type { CookieState } from '../../../src/visitor/sealed-cookie.ts'

const NOW = 1_796_000_000_000
const MINUTE = 60_000
const AUTUMN = { source: 'news', medium: 'mail', name: 'autumn' }
const WINTER = { source: 'news', medium: 'mail', name: 'winter' }

const KNOWN_SNAPSHOT: CookieState['snapshot'] = {
  ...{ at: NOW - MINUTE, until: NOW + MINUTE, shared: false, reads: 'k', places: [2] },
}
const KNOWN: CookieState = {
  ...{ id: 'known', lastAt: NOW - 5 * MINUTE, visits: 3, campaign: AUTUMN, user: '' },
  snapshot: KNOWN_SNAPSHOT,
  picks: [{ experience: 'e', variant: 'v', version: 1, share: 5000, segment: '' }],
}
const ANNA: CookieState = { ...KNOWN, user: 'anna' }

const signedIn = (claims = {}) => ok({ subject: 'whoever', claims })

const evidence = (changes: Partial<Evidence> = {}): Evidence => ({
  ...{ tier: 2, state: KNOWN, signIn: undefined, user: '', campaign: NO_CAMPAIGN, now: NOW },
  newId: () => 'new',
  ...changes,
})

interface Expected {
  readonly id: string
  readonly returning: boolean
  readonly visits: number
  readonly user?: string
  readonly signedIn?: boolean
}

const GOES_ON = { id: 'known', returning: true, visits: 3 }
const BEGINS = { id: 'new', returning: false, visits: 1 }

const CASES: readonly (readonly [string, Partial<Evidence>, Expected])[] = [
  ['a newcomer begins', { state: undefined }, BEGINS],
  ['a known visitor goes on', {}, GOES_ON],
  ['at tier 1 too', { tier: 1 }, GOES_ON],
  [
    'a sign-in keeps the id',
    { signIn: signedIn(), user: 'anna' },
    { ...GOES_ON, user: 'anna', signedIn: true },
  ],
  [
    'the same person stays',
    { state: ANNA, signIn: signedIn(), user: 'anna' },
    { ...GOES_ON, user: 'anna', signedIn: true },
  ],
  [
    'another person begins anew',
    { state: ANNA, signIn: signedIn(), user: 'berit' },
    { ...BEGINS, user: 'berit', signedIn: true },
  ],
  ['who signed out begins anew', { state: ANNA }, BEGINS],
  [
    'a token not believed ends the sign-in, not the acquaintance',
    { state: ANNA, signIn: err('expired') },
    { ...GOES_ON, user: 'anna' },
  ],
  [
    'as does an issuer that did not answer in time',
    { state: ANNA, signIn: err('late') },
    { ...GOES_ON, user: 'anna' },
  ],
  [
    'a token not believed signs no newcomer in',
    { state: undefined, signIn: err('expired') },
    BEGINS,
  ],
  ['after half an hour it is still the visit', { now: KNOWN.lastAt + 30 * MINUTE }, GOES_ON],
  ['after more it is the next', { now: KNOWN.lastAt + 30 * MINUTE + 1 }, { ...GOES_ON, visits: 4 }],
  ['a clock that went back counts no visit', { now: KNOWN.lastAt - 90 * MINUTE }, GOES_ON],
]

describe('who is asking', () => {
  test.each(CASES)('%s', (_, changes, { user = '', signedIn = false, ...expected }) => {
    const { visitor, state, known } = identify(evidence(changes))
    expect(visitor).toMatchObject({ ...expected, signedIn })
    expect(state).toMatchObject({ id: expected.id, visits: expected.visits, user })
    expect(known !== undefined).toBe(expected.returning)
    const remembers = expected.returning && changes.tier !== 1
    expect(state?.snapshot).toEqual(remembers ? KNOWN.snapshot : undefined)
    expect(state?.picks).toBe(expected.returning ? KNOWN.picks : undefined)
  })

  test('gives claims of believed tokens only', () => {
    const user = { plan: 'gold' }
    expect(identify(evidence({ signIn: signedIn(user), user: 'anna' })).visitor.user).toEqual(user)
    expect(identify(evidence({ state: ANNA, signIn: err('expired') })).visitor.user).toEqual({})
  })

  test('is nobody at tier 0: no id is read, made or kept', () => {
    const newId = () => {
      throw new Error('An id was made without consent.')
    }
    const signIn = signedIn({ plan: 'gold' })
    const { visitor, state, known } = identify(
      evidence({ tier: 0, signIn, user: 'anna', campaign: AUTUMN, newId }),
    )
    expect(visitor).toEqual({
      ...{ id: '', tier: 0, returning: false, visits: 1 },
      ...{ campaign: AUTUMN, signedIn: false, user: {} },
    })
    expect([state, known]).toEqual([undefined, undefined])
  })

  test('makes an id for newcomers only', () => {
    let made = 0
    const newId = () => `new-${++made}`
    identify(evidence({ newId }))
    expect(made).toBe(0)
    identify(evidence({ newId, state: undefined }))
    expect(made).toBe(1)
  })
})

describe('the campaign that led here', () => {
  test.each([
    ['is kept through the visit', NO_CAMPAIGN, 5, AUTUMN],
    ['ends with it', NO_CAMPAIGN, 31, NO_CAMPAIGN],
    ['is replaced by another', WINTER, 5, WINTER],
    ['begins with a new visit', WINTER, 31, WINTER],
  ])('%s', (_, campaign, minutes, expected) => {
    const now = KNOWN.lastAt + minutes * MINUTE
    const { visitor, state } = identify(evidence({ campaign, now }))
    expect([visitor.campaign, state?.campaign]).toEqual([expected, expected])
  })
})

describe('consent that went back to measurement', () => {
  test('takes what was remembered of the person out of the cookie', () => {
    expect(identify(evidence({ tier: 1 })).state?.snapshot).toBeUndefined()
  })
})

describe('the cookie is set anew', () => {
  const after = (changes: Partial<CookieState>) => isWorthStoring(KNOWN, { ...KNOWN, ...changes })

  test.each([
    ['a visit more', { visits: 4 }, true],
    ['another person', { user: 'anna' }, true],
    ['another campaign', { campaign: WINTER }, true],
    ['a fresh snapshot', { snapshot: { ...KNOWN_SNAPSHOT, at: NOW } }, true],
    ['another pick', { picks: [] }, true],
    ['more than a minute', { lastAt: KNOWN.lastAt + MINUTE + 1 }, true],
    ['a minute', { lastAt: KNOWN.lastAt + MINUTE }, false],
    ['nothing', {}, false],
  ])('for %s: %s', (_, changes, expected) => expect(after(changes)).toBe(expected))

  test('for a newcomer', () => expect(isWorthStoring(undefined, KNOWN)).toBe(true))
})

test('visitors without an id share one seed a day', () => {
  const midnight = Date.UTC(2026, 10, 17)
  expect(sharedSeed(midnight)).toBe(sharedSeed(midnight + 86_399_999))
  expect(sharedSeed(midnight)).not.toBe(sharedSeed(midnight - 1))
})
