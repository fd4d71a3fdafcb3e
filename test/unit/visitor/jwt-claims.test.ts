import { describe, expect, it } from 'vitest'
import { config, generateKey, NOW, payload, stillVerifier, tokensOf } from './issuer.ts'

const ES = await generateKey('ES256')

const { withClaims, withClaimsText } = tokensOf(ES)
const members = JSON.stringify(payload()).slice(1, -1)

const verify = (token: string, jwt = config(ES)) => stillVerifier(jwt).verify(token, NOW * 1000)

describe('claims', () => {
  const claims = {
    email: 'claims.email',
    plan: 'https://issuer.example/plan',
    age: 'age',
    vip: 'vip',
    groups: 'groups',
    inherited: 'constructor',
    proto: '__proto__',
  }
  const read = async (changes: Record<string, unknown>) => {
    const result = await verify(await withClaims(changes), config(ES, { claims }))
    return result.ok ? result.value.claims : result.error
  }

  it('fill the attributes that the site has named, and no others', async () => {
    const sent = { 'claims.email': 'a@b.example', 'https://issuer.example/plan': 'gold', age: 41.5 }
    const more = { vip: false, groups: ['a', ''], role: 'admin' }
    expect(await read({ ...sent, ...more })).toStrictEqual({
      email: 'a@b.example',
      plan: 'gold',
      age: 41.5,
      vip: false,
      groups: ['a', ''],
    })
  })

  it.each([
    ['absent', undefined],
    ['null', null],
    ['an object', { a: 1 }],
    ['a string over 256', 'x'.repeat(257)],
    ['a list of numbers', [1, 2]],
    ['a mixed list', ['a', 1]],
    ['a list with a long string', ['x'.repeat(257)]],
    ['a list of 51', Array.from({ length: 51 }, () => 'x')],
    ['a nested list', [['a']]],
  ])('are left out when %s', async (_, age) => {
    expect(await read({ age })).toStrictEqual({})
  })

  it('are left out when infinite or from a prototype', async () => {
    const text = `{${members},"age":-1e999,"__proto__":{"vip":true}}`
    const result = await verify(await withClaimsText(text), config(ES, { claims }))
    expect(result).toStrictEqual({ ok: true, value: { subject: 'customer-7', claims: {} } })
  })

  it('keep strings of 256 and lists of 50', async () => {
    const long = 'x'.repeat(256)
    const groups = Array.from({ length: 50 }, () => long.slice(0, 50))
    expect(await read({ 'claims.email': long, groups })).toStrictEqual({ email: long, groups })
  })
})
