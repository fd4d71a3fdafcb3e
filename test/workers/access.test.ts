import { createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { app } from '../../src/app.ts'
import { configurationOf } from './configuration.ts'
import { HOST, problemOf, publishDraft } from './doors.ts'
import { originPage } from './pages.ts'

const TEAM = 'acme.cloudflareaccess.com'
const ISSUER = `https://${TEAM}`
const AUDIENCE = 'a1b2c3'

/** A deployment that Access stands in front of. */
const guarded: Env = {
  ...env,
  ACCESS_TEAM: TEAM,
  ACCESS_AUDIENCE: AUDIENCE,
  ACCESS_STAFF: 'Maria@acme.example owner; *@acme.example marketer shop; *@shop.example editor',
}

const pair = await generateKeyPair('RS256', { extractable: true })
const strange = await generateKeyPair('RS256', { extractable: true })
const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }

const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
  const { url } = new Request(input, init)
  return url === `${ISSUER}/cdn-cgi/access/certs`
    ? Promise.resolve(Response.json({ keys: [jwk] }))
    : originPage()
})
afterAll(() => fetched.mockRestore())
beforeAll(async () => {
  await publishDraft(configurationOf())
})

/** Access's word that somebody has signed in, as it sends it along. */
async function assertionOf(email: string, claims: object = {}, key = pair.privateKey) {
  const now = Math.floor(Date.now() / 1000)
  const said = {
    ...{ email, type: 'app', iss: ISSUER, aud: [AUDIENCE], iat: now, exp: now + 3600 },
    sub: '7335d417-61da-459d-899c-0a01c76a2f94',
    ...claims,
  }
  return new SignJWT(said).setProtectedHeader({ alg: 'RS256', kid: 'k1', typ: 'JWT' }).sign(key)
}

async function askAs(
  assertion: string,
  path = '/session',
  init: RequestInit = {},
  deployed = guarded,
): Promise<Response> {
  const headers = { 'cf-access-jwt-assertion': assertion, ...init.headers }
  const request = new Request(`${HOST}/_sv/api/v1${path}`, { ...init, headers })
  const context = createExecutionContext()
  const response = await app.fetch?.(request as never, deployed, context)
  if (!response) throw new Error('The worker has no door.')
  return response
}

describe('whom Cloudflare Access has let through', () => {
  test.each([
    ['maria@acme.example', { subject: 'maria@acme.example', role: 'owner' }],
    ['MARIA@ACME.EXAMPLE', { subject: 'maria@acme.example', role: 'owner' }],
    ['max@acme.example', { subject: 'max@acme.example', role: 'marketer', sites: ['shop'] }],
    ['olga@shop.example', { subject: 'olga@shop.example', role: 'editor' }],
  ])('%s is one of the staff', async (email, staff) => {
    const who = await askAs(await assertionOf(email))
    expect([who.status, await who.json()]).toEqual([200, staff])
  })

  test.each([
    ['somebody from elsewhere', () => assertionOf('eve@evil.example')],
    ['a domain that merely ends alike', () => assertionOf('eve@notacme.example')],
    ['an address within another', () => assertionOf('maria@acme.example@evil.example')],
    ['the word of another team', () => assertionOf('maria@acme.example', { iss: 'https://x' })],
    ['a word for another application', () => assertionOf('maria@acme.example', { aud: ['other'] })],
    ['what is over', () => assertionOf('maria@acme.example', { exp: 1_700_000_000 })],
    ['a word that others signed', () => assertionOf('maria@acme.example', {}, strange.privateKey)],
    ['no address at all', () => assertionOf('')],
    ['garbage', () => 'garbage'],
  ])('%s is not', async (_, assertion) => {
    expect((await problemOf(await askAs(await assertion()))).code).toBe('unauthenticated')
  })

  test('changes nothing from another site’s page', async () => {
    const assertion = await assertionOf('maria@acme.example')
    const body = JSON.stringify({ off: false })
    const put = (origin: string) =>
      askAs(assertion, '/sites/shop/off', {
        ...{ method: 'PUT', body, headers: { origin, 'content-type': 'application/json' } },
      })
    expect((await problemOf(await put('https://evil.example'))).code).toBe('cross_site')
    expect((await put(HOST)).status).toBe(200)
  })

  test('is nobody where a deployment does not name the team', async () => {
    const answer = await askAs(await assertionOf('maria@acme.example'), '/session', {}, env)
    expect((await problemOf(answer)).code).toBe('unauthenticated')
  })
})
