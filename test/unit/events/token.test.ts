import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type PageToken, signToken, TOKEN_LIFE_MS, verifyToken } from '../../../src/events/token.ts'
import { toBase64Url } from '../../../src/model/base64url.ts'
import { err, ok } from '../../../src/model/result.ts'
import { keysOf, strangeKeysNamed } from '../keyrings.ts'

const { token: ring, staff } = await keysOf('new', 'old')
const { token: oldRing } = await keysOf('old')

const NOW = 1_796_000_000_000
const HOLDER = 'shop/weur-3-AAAAAAAAAAAAAAAAAAAAAA'
const TOKEN: PageToken = {
  at: NOW,
  exposures: [
    { experience: 'hero', version: 3, segment: '', arm: 'calm', rank: 0, propensity: 0.25 },
    { experience: 'list', version: 0, segment: '', arm: '~holdout', rank: 2, propensity: 1 },
  ],
}

const sign = (token = TOKEN, holder = HOLDER) => signToken(token, holder, ring)

const exposure = fc.record({
  experience: fc.string(),
  version: fc.nat(),
  segment: fc.string(),
  arm: fc.string(),
  rank: fc.nat(),
  propensity: fc.double({ min: 1e-9, max: 1, noNaN: true }),
})

describe('a page token', () => {
  test('opens to what was signed', async () => {
    const tokens = fc.record({ at: fc.nat(NOW), exposures: fc.array(exposure, { maxLength: 8 }) })
    const property = fc.asyncProperty(tokens, fc.string(), async (token, holder) => {
      const text = await signToken(token, holder, ring)
      expect(await verifyToken(text, holder, ring, token.at)).toEqual(ok(token))
    })
    await fc.assert(property, { seed: 7, numRuns: 200 })
  })

  test('is worth nothing to anybody else, nor on another site', async () => {
    const text = await sign()
    for (const holder of [
      'shop/weur-3-BAAAAAAAAAAAAAAAAAAAAA',
      `other/${HOLDER.slice(5)}`,
      'shop/',
      '',
    ]) {
      expect(await verifyToken(text, holder, ring, NOW)).toEqual(err('token_forged'))
    }
  })

  test('lives for a day', async () => {
    const text = await sign()
    expect(await verifyToken(text, HOLDER, ring, NOW + TOKEN_LIFE_MS)).toEqual(ok(TOKEN))
    expect(await verifyToken(text, HOLDER, ring, NOW + TOKEN_LIFE_MS + 1)).toEqual(
      err('token_expired'),
    )
  })

  test('of an older key is good while that key is in the ring', async () => {
    const text = await signToken(TOKEN, HOLDER, oldRing)
    expect(await verifyToken(text, HOLDER, ring, NOW)).toEqual(ok(TOKEN))
    expect(await verifyToken(await sign(), HOLDER, oldRing, NOW)).toEqual(err('token_forged'))
  })

  test('signed with the keys of another purpose or deployment is forged', async () => {
    const { token: strange } = await strangeKeysNamed('new')
    for (const forger of [staff, strange]) {
      const text = await signToken(TOKEN, HOLDER, forger)
      expect(await verifyToken(text, HOLDER, ring, NOW)).toEqual(err('token_forged'))
    }
  })

  test('is refused with any one character changed', async () => {
    const text = await sign()
    const changed = Array.from({ length: 600 }, (_, n) => {
      const place = n % text.length
      const letter = String.fromCharCode(text.charCodeAt(place) + 1 + Math.floor(n / text.length))
      return `${text.slice(0, place)}${letter}${text.slice(place + 1)}`
    })
    const results = await Promise.all(changed.map((one) => verifyToken(one, HOLDER, ring, NOW)))
    expect(changed.filter((_, n) => results[n]?.ok)).toEqual([])
  })

  test('cannot be put together from two', async () => {
    const [, payload = ''] = (await sign({ ...TOKEN, at: NOW + 1 })).split('.')
    const [id, , mac] = (await sign()).split('.')
    const spliced = `${id}.${payload}.${mac}`
    expect(await verifyToken(spliced, HOLDER, ring, NOW)).toEqual(err('token_forged'))
  })

  const payload = toBase64Url(new TextEncoder().encode(JSON.stringify([NOW, []])))

  test.each([
    ['nothing', ''],
    ['no mac', `new.${payload}.`],
    ['no payload', 'new..AAAAAAAAAAAAAAAAAAAAAA'],
    ['four parts', `new.${payload}.AAAAAAAAAAAAAAAAAAAAAA.x`],
    ['a word', 'token'],
  ])('that is %s is malformed', async (_, text) => {
    expect(await verifyToken(text, HOLDER, ring, NOW)).toEqual(err('token_malformed'))
  })

  test.each([
    ['an unknown key', `other.${payload}.AAAAAAAAAAAAAAAAAAAAAA`],
    ['no key id', `.${payload}.AAAAAAAAAAAAAAAAAAAAAA`],
    ['a guessed mac', `new.${payload}.AAAAAAAAAAAAAAAAAAAAAA`],
    ['a short mac', `new.${payload}.A`],
    ['a payload that is no base64url', 'new.$$$.AAAAAAAAAAAAAAAAAAAAAA'],
  ])('with %s is forged', async (_, text) => {
    expect(await verifyToken(text, HOLDER, ring, NOW)).toEqual(err('token_forged'))
  })
})
