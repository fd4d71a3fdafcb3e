import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ConfigurationSchema } from '../../src/model/configuration.ts'
import { generateKey, header, type IssuerKey, sign } from '../unit/visitor/issuer.ts'
import { eventually, type Instance, startInstance } from './instance.ts'

const ISSUER = 'https://demo.selvedge.example'

/** A server of an issuer's keys on this machine, which can be told to publish others, or to fail. */
async function startIssuer(first: IssuerKey) {
  let keys = [first]
  let isUp = true
  let asked = 0
  const server = createServer((_, response) => {
    asked++
    if (!isUp) return response.destroy()
    const document = { keys: keys.map(({ publicJwk }) => publicJwk) }
    return response.setHeader('content-type', 'application/json').end(JSON.stringify(document))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  return {
    url: `http://127.0.0.1:${port}/keys`,
    asked: () => asked,
    publish: (...next: IssuerKey[]) => {
      keys = next
    },
    goDown: () => {
      isUp = false
    },
    close: () => server.close(),
  }
}

const [first, second, stranger] = await Promise.all(
  ['first', 'second', 'stranger'].map((kid) => generateKey('ES256', kid)),
)
if (!first || !second || !stranger) throw new Error('no keys')

function tokenOf(key: IssuerKey, changes: object = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const claims = { iss: ISSUER, aud: 'selvedge-demo', sub: 'member-7', plan: 'gold' }
  return sign(key, header(key), { ...claims, iat: now, exp: now + 900, ...changes })
}

let instance: Instance
let issuer: Awaited<ReturnType<typeof startIssuer>>

beforeAll(async () => {
  issuer = await startIssuer(first)
  instance = await startInstance()
  const draft = ConfigurationSchema.parse(await instance.api.get('/sites/demo/configuration'))
  if (!draft.site.jwt) throw new Error('The demo site has no sign-in.')
  const jwt = { ...draft.site.jwt, keys: { kind: 'remote' as const, url: issuer.url } }
  await instance.api.put('/sites/demo/configuration', { ...draft, site: { ...draft.site, jwt } })
  await instance.api.post('/sites/demo/publish')
})
afterAll(async () => {
  issuer?.close()
  await instance?.close()
})

/** What a page says of the sign-in: that it is one, or why it is none. */
async function lookWith(token: string): Promise<string> {
  const response = await fetch(`${instance.url}/`, {
    headers: {
      ...{ accept: 'text/html', cookie: `consent=profile; session=${token}` },
      ...{ 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' },
    },
  })
  const html = await response.text()
  const [, refused] =
    /sv;desc="[^"]*\bjwt_(\w+)/.exec(response.headers.get('server-timing') ?? '') ?? []
  return refused ?? (html.includes('Lavmark Gold</p>') ? 'gold' : 'nobody')
}

test('a sign-in holds while its issuer changes keys and goes down, and keys are fetched seldom', async () => {
  const token = await tokenOf(first)
  await eventually(
    'the first sign-in',
    () => lookWith(token),
    (seen) => seen === 'gold',
  )
  const looked = Array.from({ length: 20 }, () => lookWith(token))
  expect(new Set(await Promise.all(looked))).toEqual(new Set(['gold']))
  const asked = issuer.asked()
  expect(asked).toBeLessThanOrEqual(2)

  // Inventing keys costs the issuer nothing.
  const invented = await Promise.all(
    Array.from({ length: 20 }, async (_, n) => tokenOf({ ...stranger, kid: `invented-${n}` })),
  )
  const refused = new Set(await Promise.all(invented.map(lookWith)))
  expect(refused).toEqual(new Set(['unknown_key']))
  expect(issuer.asked()).toBe(asked)

  // Another key is asked for when it is first seen, half a minute after the last time.
  issuer.publish(second)
  const rotated = await tokenOf(second)
  await eventually(
    'the new key',
    () => lookWith(rotated),
    (seen) => seen === 'gold',
    45_000,
  )
  expect(issuer.asked()).toBe(asked + 1)
  expect(await lookWith(token)).toBe('unknown_key')
  expect(await lookWith(await tokenOf({ ...stranger, kid: 'second' }))).toBe('bad_signature')

  issuer.goDown()
  expect(await lookWith(rotated)).toBe('gold')
  expect(await lookWith(await tokenOf(second, { sub: 'member-8' }))).toBe('gold')
  expect(await lookWith(await tokenOf(second, { exp: 1 }))).toBe('expired')
}, 90_000)
