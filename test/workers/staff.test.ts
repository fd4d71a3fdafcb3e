import { SignJWT } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { deriveKeys } from '../../src/keys.ts'
import { ROLES, type Role, signStaffToken } from '../../src/staff/token.ts'
import { configurationOf } from './configuration.ts'
import { ask, askApi, HOST, keys, problemOf, publishDraft, staffToken } from './doors.ts'

beforeAll(async () => {
  await publishDraft(configurationOf())
})

/** Every route with the least role it takes, and a body that is good. */
const ROUTES: readonly { route: string; least: Role; body?: unknown }[] = [
  { route: 'GET /session', least: 'marketer' },
  { route: 'DELETE /session', least: 'marketer' },
  { route: 'GET /sites', least: 'marketer' },
  { route: 'GET /sites/shop/configuration', least: 'marketer' },
  { route: 'PUT /sites/shop/configuration', least: 'editor', body: configurationOf() },
  { route: 'POST /sites/shop/publish', least: 'editor' },
  { route: 'PUT /sites/shop/off', least: 'editor', body: { off: false } },
  { route: 'GET /sites/shop/slots', least: 'marketer' },
  { route: 'GET /sites/shop/figures', least: 'marketer' },
  { route: 'GET /sites/shop/figures.csv', least: 'marketer' },
  { route: 'POST /sites/shop/experiences/hero-bandit/learn', least: 'editor' },
  { route: 'POST /sites/shop/people/export', least: 'owner', body: { userId: 'a' } },
  { route: 'POST /sites/shop/people/erase', least: 'owner', body: { userId: 'a' } },
  { route: 'POST /sites/shop/people/consent', least: 'owner', body: { userId: 'a', tier: 1 } },
  { route: 'GET /sites/shop/erasures', least: 'owner' },
  { route: 'POST /sites/shop/erasures/check', least: 'owner', body: { userId: 'a' } },
]

const sign = (typ: string, claims: object, seconds = 60, key = keys.staff[0]) => {
  if (!key) throw new Error('no key')
  const now = Math.floor(Date.now() / 1000)
  return new SignJWT({
    iss: 'selvedge',
    aud: 'selvedge-staff',
    sub: 'mallory',
    role: 'owner',
    ...claims,
  })
    .setProtectedHeader({ alg: 'HS256', typ, kid: key.id })
    .setIssuedAt(now)
    .setExpirationTime(now + seconds)
    .sign(key.key)
}

const strangers = await deriveKeys(['test:IB8eHRwbGhkYFxYVFBMSERAPDg0MCwoJCAcGBQQDAgE'])
const [header, payload] = (await staffToken('owner')).split('.')
const none = btoa(JSON.stringify({ alg: 'none', typ: 'staff+jwt', kid: 'test' })).replace(/=/g, '')

/** Tokens that sign nobody in. */
const WORTHLESS: Readonly<Record<string, string>> = {
  none: '',
  garbage: 'garbage',
  expired: await staffToken('owner', -5),
  'of other keys': await signStaffToken(
    { subject: 'x', role: 'owner' },
    60,
    strangers.staff,
    Date.now(),
  ),
  'of the page token’s key': await sign('staff+jwt', {}, 60, keys.token[0]),
  'of another type': await sign('JWT', {}),
  'of another audience': await sign('staff+jwt', { aud: 'shop' }),
  'of another issuer': await sign('staff+jwt', { iss: 'someone' }),
  'of no known role': await sign('staff+jwt', { role: 'admin' }),
  unsigned: `${none}.${payload}.`,
  'cut off': `${header}.${payload}`,
}

describe.each(ROUTES)('$route', ({ route, least, body }) => {
  test.each(Object.entries(WORTHLESS))('refuses a token that is %s', async (_, token) => {
    const response = await askApi(route, { token, body })
    expect(response.status).toBe(401)
    expect(await problemOf(response)).toMatchObject({ code: 'unauthenticated', status: 401 })
  })

  test.each(ROLES)('asks for no more and no less than its role: %s', async (role) => {
    const response = await askApi(route, { token: await staffToken(role), body })
    const allowed = ROLES.indexOf(role) >= ROLES.indexOf(least)
    expect(response.status < 300 ? 'allowed' : (await problemOf(response)).code).toBe(
      allowed ? 'allowed' : 'forbidden',
    )
  })
})

describe('a console session', () => {
  const begin = async (init: RequestInit = {}, role: Role = 'editor') =>
    ask('/_sv/api/v1/session', {
      method: 'POST',
      headers: { origin: HOST },
      body: JSON.stringify({ token: await staffToken(role) }),
      ...init,
    })
  const cookieOf = (response: Response) =>
    (response.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const put = (headers: Record<string, string>) =>
    askApi('PUT /sites/shop/off', { token: '', headers, body: { off: false } })

  test('is a cookie that no script reads and no other site sends', async () => {
    const response = await begin()
    expect(response.status).toBe(204)
    expect(response.headers.get('set-cookie')).toMatch(
      /^__Host-sv-staff=[\w.-]+; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    )
    const who = await askApi('GET /session', { token: '', headers: { cookie: cookieOf(response) } })
    expect(await who.json()).toEqual({ subject: 'a-editor', role: 'editor' })
  })

  test.each([
    ['from our own page', { 'sec-fetch-site': 'same-origin' }, 200],
    ['from our own page, in an older browser', { origin: HOST }, 200],
    ['from another site', { 'sec-fetch-site': 'cross-site', origin: HOST }, 403],
    ['from a sibling host', { 'sec-fetch-site': 'same-site', origin: HOST }, 403],
    ['from nowhere', { 'sec-fetch-site': 'none', origin: HOST }, 403],
    ['from another origin', { origin: 'https://evil.example' }, 403],
    ['from a sandboxed page', { origin: 'null' }, 403],
    ['from the same host over http', { origin: 'http://shop.test' }, 403],
    ['without a word of where from', {}, 403],
  ])('changes things %s: %s', async (_, headers: Record<string, string>, status) => {
    const response = await put({ cookie: cookieOf(await begin()), ...headers })
    expect(response.status).toBe(status)
    if (status === 403) expect((await problemOf(response)).code).toBe('cross_site')
  })

  test('is bound by its role', async () => {
    const cookie = cookieOf(await begin({}, 'marketer'))
    expect((await problemOf(await put({ cookie, origin: HOST }))).code).toBe('forbidden')
  })

  test('is nothing under the name it has without TLS', async () => {
    const [, value] = cookieOf(await begin()).split('=')
    const cookie = `sv-staff=${value}`
    expect((await askApi('GET /session', { token: '', headers: { cookie } })).status).toBe(401)
    const plain = await ask('http://localhost:8787/_sv/api/v1/session', { headers: { cookie } })
    expect(plain.status).toBe(200)
  })

  test.each([
    ['by another site', { headers: { 'sec-fetch-site': 'cross-site' } }, 'cross_site'],
    ['by another origin', { headers: { origin: 'https://evil.example' } }, 'cross_site'],
    ['by nobody known', { headers: {} }, 'cross_site'],
    ['without JSON', { body: 'token=x' }, 'bad_json'],
    ['with something else', { body: '{"token":"x","role":"owner"}' }, 'bad_json'],
    ['with no string', { body: '{"token":1}' }, 'bad_json'],
    ['with garbage', { body: '{"token":"x"}' }, 'unauthenticated'],
    [
      'with an expired token',
      { body: JSON.stringify({ token: WORTHLESS.expired }) },
      'unauthenticated',
    ],
  ])('is not begun %s', async (_, init, code) => {
    const response = await begin(init)
    expect((await problemOf(response)).code).toBe(code)
    expect(response.headers.get('set-cookie')).toBeNull()
  })

  test('ends', async () => {
    const cookie = cookieOf(await begin())
    const response = await askApi('DELETE /session', {
      token: '',
      headers: { cookie, origin: HOST },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('set-cookie')).toMatch(
      /^__Host-sv-staff=; Max-Age=0; Path=\/; Secure$/,
    )
  })
})
