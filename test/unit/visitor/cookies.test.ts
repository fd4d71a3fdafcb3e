import { describe, expect, test } from 'vitest'
import { cookieName, parseCookies, serializeCookie } from '../../../src/visitor/cookies.ts'

describe('a cookie header', () => {
  test.each([
    ['is absent', null, []],
    ['is empty', '', []],
    ['has one', 'a=1', [['a', '1']]],
    [
      'has spaces around',
      ' a = 1 ;b=2',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    ['has a name twice: the first is the most specific path', 'a=1; a=2', [['a', '1']]],
    ['has an equals sign in a value', 'a=b=c==', [['a', 'b=c==']]],
    ['has pairs without a name or a sign', '=x; y; ; z=1', [['z', '1']]],
    [
      'has names of an object’s own',
      '__proto__=1; constructor=2',
      [
        ['__proto__', '1'],
        ['constructor', '2'],
      ],
    ],
  ])('that %s', (_, header, expected) => {
    expect([...parseCookies(header)]).toEqual(expected)
  })
})

test('a cookie of ours is host-only, script-proof, and bound to TLS where there is any', () => {
  const options = { maxAge: 60, sameSite: 'Lax' } as const
  expect(serializeCookie(cookieName('sv', true), 'x', { ...options, secure: true })).toBe(
    '__Host-sv=x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure',
  )
  expect(serializeCookie(cookieName('sv', false), 'x', { ...options, secure: false })).toBe(
    'sv=x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax',
  )
})
