import { base64url, exportJWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { importKeys } from '../../../src/visitor/jwks.ts'
import { generateKey } from './issuer.ts'

const ES = await generateKey('ES256')
const ES384 = await generateKey('ES384')
const RS = await generateKey('RS256')
const ED = await generateKey('EdDSA')
const OTHER = await generateKey('ES256')

const kids = async (...keys: unknown[]) => [...((await importKeys({ keys }, 'ES256')) ?? []).keys()]

/** WebCrypto does not ask whether a modulus is a product of primes. */
const rsaOf = (bits: number) => ({
  ...RS.publicJwk,
  n: base64url.encode(new Uint8Array(bits / 8).fill(0xff)),
})

describe('importKeys', () => {
  it('keeps the keys that can verify the algorithm', async () => {
    const plain = { ...ES.publicJwk, use: undefined }
    expect(await kids(plain)).toEqual(['key-1'])
    expect(await kids({ ...plain, alg: 'ES256', use: 'sig', key_ops: ['verify'] })).toEqual([
      'key-1',
    ])
    expect(await kids({ ...plain, x5c: ['MIIB'], x5u: 'https://a.example', ext: 1 })).toEqual([
      'key-1',
    ])
  })

  it.each<readonly [string, unknown]>([
    ['private', ES.privateJwk],
    ['private, its d empty', { ...ES.publicJwk, d: '' }],
    ['symmetric', { kty: 'oct', kid: 'key-1', k: 'c2VjcmV0', alg: 'ES256' }],
    ['symmetric in disguise', { ...ES.publicJwk, kty: 'oct', k: 'c2VjcmV0' }],
    ['of another type', RS.publicJwk],
    ['of another curve', ES384.publicJwk],
    ['of Ed25519', ED.publicJwk],
    ['for another algorithm', { ...ES.publicJwk, alg: 'ES384' }],
    ['for encryption', { ...ES.publicJwk, use: 'enc' }],
    ['for other operations', { ...ES.publicJwk, key_ops: ['deriveBits'] }],
    ['without kid', { ...ES.publicJwk, kid: undefined }],
    ['with a numeric kid', { ...ES.publicJwk, kid: 1 }],
    ['with an empty kid', { ...ES.publicJwk, kid: '' }],
    ['with a kid over 128', { ...ES.publicJwk, kid: 'k'.repeat(129) }],
    ['off its curve', { ...ES.publicJwk, x: OTHER.publicJwk.x }],
    ['with half a point', { ...ES.publicJwk, y: undefined }],
    ['no object', 'key-1'],
    ['null', null],
  ])('passes over a key %s', async (_, key) => {
    expect(await kids(key, { ...OTHER.publicJwk, kid: 'key-2' })).toEqual(['key-2'])
  })

  it('keeps the first of two keys with one kid', async () => {
    const set = await importKeys({ keys: [ES.publicJwk, OTHER.publicJwk] }, 'ES256')
    const key = set?.get('key-1')
    expect(key && (await exportJWK(key)).x).toBe(ES.publicJwk.x)
  })

  it('asks 2048 bits of RSA', async () => {
    expect((await importKeys({ keys: [RS.publicJwk] }, 'RS256'))?.size).toBe(1)
    expect((await importKeys({ keys: [RS.publicJwk] }, 'PS256'))?.size).toBe(1)
    expect((await importKeys({ keys: [rsaOf(2048)] }, 'RS256'))?.size).toBe(1)
    expect((await importKeys({ keys: [rsaOf(1024)] }, 'RS256'))?.size).toBe(0)
    expect((await importKeys({ keys: [rsaOf(16_384)] }, 'RS256'))?.size).toBe(0)
  })

  it('takes an empty set at its word', async () => {
    expect((await importKeys({ keys: [] }, 'ES256'))?.size).toBe(0)
  })

  it.each<readonly [string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a list', [ES.publicJwk]],
    ['a lone key', ES.publicJwk],
    ['keys by name', { keys: { 'key-1': ES.publicJwk } }],
    ['21 keys', { keys: Array.from({ length: 21 }, () => ES.publicJwk) }],
  ])('refuses %s', async (_, document) => {
    expect(await importKeys(document, 'ES256')).toBeUndefined()
  })
})
