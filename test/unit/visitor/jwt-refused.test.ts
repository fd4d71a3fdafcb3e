import { exportSPKI } from 'jose'
import { describe, expect, it } from 'vitest'
import { CLAIMS, ES, HEADERS, type Row, SHAPES, SIGNATURES, valid } from './hostile-tokens.ts'
import {
  config,
  generateKey,
  header,
  JWKS_URL,
  NOW,
  part,
  payload,
  sign,
  signHmac,
  stillVerifier,
} from './issuer.ts'

const RS = await generateKey('RS256')
const STRANGER = await generateKey('RS256')
const PEM = await exportSPKI(RS.publicKey)
const RS_HEAD = part(header(RS))
const BODY = part(payload())

const verify = (token: string, jwt = config(ES)) => stillVerifier(jwt).verify(token, NOW * 1000)

const signedBySecret = (secret: string, alg: string) =>
  signHmac(secret, header(RS, { alg }), payload())

describe('refuses', () => {
  it.each([...SHAPES, ...HEADERS, ...SIGNATURES, ...CLAIMS])(
    '%s: %s',
    async (_, refusal, token) => {
      expect(await verify(await token)).toEqual({ ok: false, error: refusal })
    },
  )

  it.each<Row>([
    ['HS256 with the public PEM', 'wrong_algorithm', signedBySecret(PEM, 'HS256')],
    [
      'HS256 with the public JWK',
      'wrong_algorithm',
      signedBySecret(JSON.stringify(RS.publicJwk), 'HS256'),
    ],
    ['HMAC under RS256', 'bad_signature', signedBySecret(PEM, 'RS256')],
    ['PS256', 'wrong_algorithm', sign(RS, header(RS, { alg: 'PS256' }), payload())],
    ['RS512', 'wrong_algorithm', sign(RS, header(RS, { alg: 'RS512' }), payload())],
    ['a stranger', 'bad_signature', sign(STRANGER, header(RS), payload())],
    ['zeros', 'bad_signature', `${RS_HEAD}.${BODY}.${part(new Uint8Array(256))}`],
    ['one', 'bad_signature', `${RS_HEAD}.${BODY}.${part(new Uint8Array(256).fill(1, 255))}`],
  ])('on a site of RS256, %s: %s', async (_, refusal, token) => {
    expect(await verify(await token, config(RS))).toEqual({ ok: false, error: refusal })
  })

  it('a token of another site of the same issuer', async () => {
    expect(await verify(valid, config(ES, { audience: 'blog' }))).toMatchObject({
      error: 'wrong_audience',
    })
  })

  it('every token when the clock is broken', async () => {
    expect(await stillVerifier(config(ES)).verify(valid, Number.NaN)).toMatchObject({ ok: false })
  })

  it('fetches nothing but the configured key set, whatever tokens name', async () => {
    const fetched: string[] = []
    const counting: typeof fetch = async (input) => {
      fetched.push(String(input))
      return Response.json({ keys: [ES.publicJwk] })
    }
    const { verify } = stillVerifier(
      config(ES, { keys: { kind: 'remote', url: JWKS_URL } }),
      counting,
    )
    for (const [name, , token] of [...HEADERS, ...SHAPES, ...SIGNATURES, ...CLAIMS]) {
      expect(await verify(await token, NOW * 1000), name).toMatchObject({ ok: false })
    }
    expect(await verify(valid, NOW * 1000)).toMatchObject({ ok: true })
    expect(fetched).toEqual([JWKS_URL])
  })
})
