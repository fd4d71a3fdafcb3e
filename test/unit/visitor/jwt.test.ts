import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JWT_ALGORITHMS } from '../../../src/model/site.ts'
import {
  config,
  generateKey,
  header,
  NOW,
  payload,
  sign,
  stillVerifier,
  tokensOf,
} from './issuer.ts'

const ES = await generateKey('ES256')
const ED = await generateKey('EdDSA')

const { withHeader, withClaims, withClaimsText } = tokensOf(ES)
const members = JSON.stringify(payload()).slice(1, -1)

const verify = (token: string, jwt = config(ES)) => stillVerifier(jwt).verify(token, NOW * 1000)

describe('accepts', () => {
  it.each(JWT_ALGORITHMS)('%s', async (algorithm) => {
    const key = await generateKey(algorithm)
    const token = await sign(key, header(key), payload())
    const expected = { ok: true, value: { subject: 'customer-7', claims: {} } }
    expect(await verify(token, config(key))).toEqual(expected)
    expect(
      await verify(
        token,
        config(key, { keys: { kind: 'local', keys: [{ ...key.publicJwk, alg: algorithm }] } }),
      ),
    ).toEqual(expected)
  })

  it.each<readonly [string, string | Promise<string>]>([
    ['exp 60 s ago', withClaims({ exp: NOW - 60 })],
    ['nbf 60 s ahead', withClaims({ nbf: NOW + 60 })],
    ['iat 60 s ahead', withClaims({ iat: NOW + 60 })],
    ['iat 60 s over maxAge', withClaims({ iat: NOW - 86_460 })],
    ['fractions of seconds', withClaims({ iat: NOW - 0.5, nbf: NOW - 0.5, exp: NOW + 0.5 })],
    ['two audiences', withClaims({ aud: ['blog', 'shop'] })],
    ['a subject of 256 characters', withClaims({ sub: '\u00e9'.repeat(256) })],
    ['a subject beyond the BMP', withClaims({ sub: '\u{1f9f5}' })],
    ['typ in lower case', withHeader({ typ: 'jwt' })],
    ['typ as a media type', withHeader({ typ: 'Application/JWT' })],
    ['a thumbprint', withHeader({ x5t: 'aGk', 'x5t#S256': 'aGk' })],
    ['a nested object with equal names', withClaimsText(`{${members},"x":{"sub":1,"sub":2}}`)],
    ['braces, colons and quotes in strings', withClaims({ x: '{"sub":"\\",[:}', 'y:{"': ':' })],
    ['JSON with white space', withClaimsText(JSON.stringify(payload(), null, 2))],
  ])('%s', async (_, token) => {
    expect(await verify(await token)).toMatchObject({ ok: true })
  })

  it('the type a site asks for', async () => {
    const jwt = config(ES, { type: 'at+jwt' })
    expect(await verify(await withHeader({ typ: 'application/AT+JWT' }), jwt)).toMatchObject({
      ok: true,
    })
    expect(await verify(await withHeader({}), jwt)).toMatchObject({ error: 'wrong_type' })
  })

  it('a kid of 128 characters', async () => {
    const key = await generateKey('ES256', 'k'.repeat(128))
    const token = await sign(key, header(key), payload())
    expect(await verify(token, config(key))).toMatchObject({ ok: true })
  })

  it('tokens up to 8 KB and no longer', async () => {
    const padded = (characters: number) => withClaims({ pad: 'x'.repeat(characters) })
    const room = 8192 - (await padded(0)).length
    const fitting = await padded(Math.floor((room * 3) / 4))
    const bursting = await padded(Math.floor((room * 3) / 4) + 1)
    expect([fitting.length, bursting.length]).toEqual([8191, 8193])
    expect(await verify(fitting)).toMatchObject({ ok: true })
    expect(await verify(bursting)).toEqual({ ok: false, error: 'too_large' })
  })
})

describe('refuses', () => {
  it('any valid token with one character changed, dropped or added', async () => {
    const jwt = config(ED)
    const token = await sign(ED, header(ED), payload())
    const { verify } = stillVerifier(jwt)
    expect(await verify(token, NOW * 1000)).toMatchObject({ ok: true })
    const edit = fc.record({
      at: fc.nat(token.length - 1),
      removed: fc.constantFrom(0, 1),
      added: fc.oneof(
        fc.constantFrom('', ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.'),
        fc.string({ unit: 'binary', maxLength: 1 }),
      ),
    })
    const property = fc.asyncProperty(edit, async ({ at, removed, added }) => {
      const edited = token.slice(0, at) + added + token.slice(at + removed)
      fc.pre(edited !== token)
      expect(await verify(edited, NOW * 1000)).toMatchObject({ ok: false })
    })
    await fc.assert(property, { seed: 20260601, numRuns: 1000 })
  }, 60_000)

  it('every other spelling of the last character of each part', async () => {
    const { verify } = stillVerifier(config(ED))
    const token = await sign(ED, header(ED), payload({ pad: 'xy' }))
    const ends = [...token.matchAll(/.(?=\.|$)/g)].map((match) => match.index)
    expect(ends).toHaveLength(3)
    for (const at of ends) {
      for (const other of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_') {
        if (other === token[at]) continue
        const edited = token.slice(0, at) + other + token.slice(at + 1)
        expect(await verify(edited, NOW * 1000)).toMatchObject({ ok: false })
      }
    }
  })
})
