import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NO_CAMPAIGN } from '../../../src/model/signals.ts'
import { type CookieState, open, seal } from '../../../src/visitor/sealed-cookie.ts'
import { keysOf, strangeKeysNamed } from '../keyrings.ts'

const { cookie: ring } = await keysOf('new', 'old')
const { cookie: oldRing } = await keysOf('old')

const STATE: CookieState = {
  id: 'weur-3-AAAAAAAAAAAAAAAAAAAAAA',
  lastAt: 1_796_000_000_000,
  visits: 4,
  campaign: { source: 'news', medium: 'mail', name: 'autumn' },
  user: 'fingerprint',
  snapshot: {
    ...{ at: 1_795_999_000_000, until: 1_796_009_000_000, shared: true },
    ...{ reads: 'k1', places: [7, null, ['a', 'b']] },
  },
}

const NAMES = ['0a1b2', 'zzzzz', '00000'] as const
const picks = fc.array(
  fc.record({
    experience: fc.constantFrom(...NAMES),
    variant: fc.constantFrom(...NAMES),
    version: fc.nat(),
    share: fc.integer({ min: 0, max: 10_000 }),
    segment: fc.constantFrom('', ...NAMES),
  }),
  { minLength: 1, maxLength: 20 },
)

const text = fc.string({ unit: 'grapheme', maxLength: 30 })
const states: fc.Arbitrary<CookieState> = fc
  .record({
    id: text,
    lastAt: fc.nat(),
    visits: fc.nat(),
    campaign: fc.constantFrom(NO_CAMPAIGN, { source: '', medium: '', name: 'å=;,"' }),
    user: text,
    snapshot: fc.option(
      fc.record({
        ...{ at: fc.nat(), until: fc.nat(), shared: fc.boolean(), reads: text },
        places: fc.array(
          fc.oneof(text, fc.integer(), fc.boolean(), fc.array(text), fc.constant(null)),
        ),
      }),
    ),
    kept: fc.option(picks),
    tier: fc.option(fc.constantFrom(0, 1, 2)),
    said: fc.option(fc.constantFrom('said')),
    grants: fc.option(fc.array(fc.constantFrom(...NAMES), { minLength: 1 })),
  })
  .map(({ snapshot, kept, tier, said, grants, ...state }) => ({
    ...state,
    ...(snapshot && { snapshot }),
    ...(kept && { picks: kept }),
    ...(tier !== null && { tier }),
    ...(said && { said }),
    ...(grants && { grants }),
  }))

describe('a sealed cookie', () => {
  test('opens to what was sealed, whatever that was', async () => {
    const roundTrip = fc.asyncProperty(states, async (state) => {
      expect(await open(await seal(state, 'shop', ring), 'shop', ring)).toEqual(state)
    })
    await fc.assert(roundTrip, { seed: 1, numRuns: 200 })
  })

  test('never looks the same twice, and is made of cookie-safe characters only', async () => {
    const values = await Promise.all(Array.from({ length: 50 }, () => seal(STATE, 'shop', ring)))
    expect(new Set(values).size).toBe(50)
    for (const value of values) expect(value).toMatch(/^new\.[A-Za-z0-9_-]+$/)
  })

  test('of an older key still opens; that of a key taken out does not', async () => {
    const old = await seal(STATE, 'shop', oldRing)
    expect(await open(old, 'shop', ring)).toEqual(STATE)
    expect(await open(await seal(STATE, 'shop', ring), 'shop', oldRing)).toBeUndefined()
  })

  test('of another deployment with the same key id does not open', async () => {
    const { cookie: strange } = await strangeKeysNamed('new')
    expect(await open(await seal(STATE, 'shop', strange), 'shop', ring)).toBeUndefined()
  })

  test('of another site does not open, even where its name begins alike', async () => {
    const value = await seal(STATE, 'shop', ring)
    for (const site of ['shop2', 'sho', '', 'Shop']) {
      expect(await open(value, site, ring)).toBeUndefined()
    }
  })
})

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=. %'

/** Copies of a text with one character replaced: every place in turn, then again with the next letter. */
function mutations(value: string, count: number): string[] {
  return Array.from({ length: count }, (_, n) => {
    const place = n % value.length
    const next = ALPHABET.indexOf(value[place] ?? '') + 1 + Math.floor(n / value.length)
    const letter = ALPHABET[next % ALPHABET.length]
    return `${value.slice(0, place)}${letter}${value.slice(place + 1)}`
  })
}

describe('a value that is not wholly ours', () => {
  // Lengths that leave 0, 2 and 4 bits of the last character unused: those too must be as sealed.
  test.each(['', 'x', 'xx'])(
    'of 2,000 with one character changed, none opens (user “%s”)',
    async (user) => {
      const value = await seal({ ...STATE, user }, 'shop', ring)
      const changed = mutations(value, 2000).filter((mutation) => mutation !== value)
      const opened = await Promise.all(changed.map((mutation) => open(mutation, 'shop', ring)))
      expect(changed.length).toBeGreaterThan(1950)
      expect(changed.filter((_, n) => opened[n] !== undefined)).toEqual([])
    },
  )

  test('is no cookie: cut, padded, prefixed, spaced, empty, of another form', async () => {
    const value = await seal(STATE, 'shop', ring)
    const strangers = [
      ...[value.slice(0, -1), value.slice(1), `${value}A`, `${value}=`, `${value}.`, `${value}\n`],
      ...['', '.', 'new', 'new.', 'new.AAAA', `new.${'A'.repeat(38)}`, `old${value.slice(3)}`],
      ...[`new. ${value.slice(4)}`, `${value}.${value}`, '{"id":"x"}', 'undefined'],
    ]
    for (const stranger of strangers) {
      expect([stranger, await open(stranger, 'shop', ring)]).toEqual([stranger, undefined])
    }
  })

  test('is not even looked at beyond 4,096 characters', async () => {
    const snapshot = { at: 0, until: 0, shared: false, reads: '', places: ['x'.repeat(3200)] }
    const long = await seal({ ...STATE, snapshot }, 'shop', ring)
    expect(long.length).toBeGreaterThan(4096)
    expect(await open(long, 'shop', ring)).toBeUndefined()
  })

  test('sealed in another format reads as none', async () => {
    expect(await open(await sealed([2, 'id', 0, 0, 0, '', 0]), 'shop', ring)).toBeUndefined()
  })
})

test('an earlier cookie opens, without the snapshot of unknown length that it carries', async () => {
  const former = await sealed([1, 'id', 7, 3, ['a', 'b', 'c'], 'user', [5, 'k', { p: 1 }]])
  expect(await open(former, 'shop', ring)).toEqual({
    ...{ id: 'id', lastAt: 7, visits: 3, user: 'user' },
    campaign: { source: 'a', medium: 'b', name: 'c' },
  })
})

/** Whatever it is, sealed with the newest key. */
async function sealed(content: unknown): Promise<string> {
  const [current] = ring
  if (!current) throw new Error('no key')
  const iv = new Uint8Array(12)
  const bytes = new TextEncoder()
  const cipher = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData: bytes.encode('shop') },
    current.key,
    bytes.encode(JSON.stringify(content)),
  )
  const binary = String.fromCharCode(...iv, ...new Uint8Array(cipher))
  return `new.${btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`
}
