import { SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { type Link, openLink, signLink } from '../../../src/staff/link.ts'
import { keysOf, strangeKeysNamed } from '../keyrings.ts'

const NOW = Date.UTC(2026, 10, 26, 12)
const keys = await keysOf('old')
const link: Link = { purpose: 'preview', site: 'shop', by: 'ada', data: { bundle: 'b1' } }
const token = await signLink(link, 60, keys.link, NOW)

const open = (text: string, asked: Partial<Link> = {}, now = NOW, ring = keys.link) =>
  openLink(text, { ...link, ...asked }, ring, now)

test('opens what it was made for, until it expires', async () => {
  expect(await open(token)).toEqual({ ok: true, value: { ...link, until: NOW + 60_000 } })
  expect(await open(token, {}, NOW + 59_000)).toHaveProperty('ok', true)
  expect(await open(token, {}, NOW + 60_000)).toEqual({ ok: false, error: 'expired' })
})

test('opens with any key of the ring, as keys are rotated', async () => {
  const rotated = await keysOf('new', 'old')
  expect(await open(token, {}, NOW, rotated.link)).toHaveProperty('ok', true)
})

const [key] = keys.link
if (!key) throw new Error('no key')
const forged = (header: object, claims: object) =>
  new SignJWT({ sub: 'ada', iss: 'selvedge', aud: 'shop', iat: 1, exp: 9e9, ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'preview+jwt', kid: 'old', ...header })
    .sign(key.key)
const stranger = await strangeKeysNamed('old')
const [head, body] = token.split('.')

const WORTHLESS: readonly (readonly [string, string, Partial<Link>])[] = [
  ['of another purpose', token, { purpose: 'trace' }],
  ['of another site', token, { site: 'bank' }],
  ['signed with other keys', await signLink(link, 60, stranger.link, NOW), {}],
  ['signed as a staff token', await signLink(link, 60, keys.staff, NOW), {}],
  ['of a key that is not known', await forged({ kid: 'gone' }, {}), {}],
  ['of another issuer', await forged({}, { iss: 'else' }), {}],
  ['that never expires', await forged({}, { exp: undefined }), {}],
  ['that nobody made', await forged({}, { sub: undefined }), {}],
  ['without a signature', `${head}.${body}.`, {}],
  ['that is no token', 'garbage', {}],
  ['that is empty', '', {}],
]

test.each(WORTHLESS)('opens nothing %s', async (_, text, asked) => {
  expect(await open(text, asked)).toEqual({ ok: false, error: 'invalid' })
})
