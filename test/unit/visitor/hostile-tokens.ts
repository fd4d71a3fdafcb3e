import type { JwtRefusal } from '../../../src/visitor/jwt.ts'
import {
  generateKey,
  header,
  JWKS_URL,
  NOW,
  part,
  payload,
  sign,
  signHmac,
  signParts,
  tokensOf,
} from './issuer.ts'

/** The one key of the site that these tokens attack. */
export const ES = await generateKey('ES256')
const RS = await generateKey('RS256')
const ED = await generateKey('EdDSA')
const STRANGER = await generateKey('ES256')

const ZEROS_64 = part(new Uint8Array(64))

const { withHeader, withClaims, withHeaderText, withClaimsText } = tokensOf(ES)

export const valid = await sign(ES, header(ES), payload())
const [HEAD = '', BODY = '', SIGNATURE = ''] = valid.split('.')
const unsigned = (head: Record<string, unknown>) => `${part(head)}.${BODY}.`
const resigned = (head: Record<string, unknown>, signature = SIGNATURE) =>
  `${part(head)}.${BODY}.${signature}`

const members = JSON.stringify(payload()).slice(1, -1)
const headMembers = JSON.stringify(header(ES)).slice(1, -1)

export type Row = readonly [name: string, refusal: JwtRefusal, token: string | Promise<string>]

export const SHAPES: readonly Row[] = [
  ['empty', 'malformed', ''],
  ['two parts', 'malformed', `${HEAD}.${BODY}`],
  ['four parts', 'malformed', `${valid}.AAAA`],
  ['five parts, a JWE', 'malformed', `${part({ alg: 'dir', enc: 'A128GCM' })}..AAAA.AAAA.AAAA`],
  ['empty header', 'malformed', `.${BODY}.${SIGNATURE}`],
  ['empty payload', 'malformed', `${HEAD}..${SIGNATURE}`],
  ['empty signature', 'malformed', `${HEAD}.${BODY}.`],
  ['space before', 'malformed', ` ${valid}`],
  ['newline after', 'malformed', `${valid}\n`],
  ['space within', 'malformed', valid.replace('.', '. ')],
  ['padding', 'malformed', `${valid}==`],
  ['padded header', 'malformed', `${HEAD}=.${BODY}.${SIGNATURE}`],
  ['base64 alphabet', 'malformed', `${HEAD}.${BODY}.${'+/'.repeat(43)}`],
  ['NUL', 'malformed', `${valid}\0`],
  ['full-width letter', 'malformed', `${HEAD}.${BODY}.\uff21${SIGNATURE.slice(1)}`],
  ['impossible length', 'malformed', `${HEAD}.${BODY}.AAAAA`],
  ['unused bits set', 'malformed', `${HEAD}.${BODY}.${SIGNATURE.slice(0, -1)}B`],
  ['header not JSON', 'malformed', withHeaderText('alg')],
  ['header an array', 'malformed', withHeaderText(`[${JSON.stringify(header(ES))}]`)],
  ['header null', 'malformed', withHeaderText('null')],
  ['payload not JSON', 'malformed', withClaimsText(`${JSON.stringify(payload())}x`)],
  ['payload a string', 'malformed', withClaimsText('"customer-7"')],
  ['payload an array', 'malformed', withClaimsText('[]')],
  ['payload with BOM', 'malformed', withClaimsText(`\ufeff${JSON.stringify(payload())}`)],
  ['payload not UTF-8', 'malformed', signParts(ES, HEAD, part(latin1(payload({ sub: '\u00ff' }))))],
  ['payload compressed', 'malformed', signParts(ES, HEAD, part(Uint8Array.of(0x1f, 0x8b, 8, 0)))],
  ['sub twice', 'malformed', withClaimsText(`{"sub":"admin",${members}}`)],
  ['sub twice, escaped', 'malformed', withClaimsText(`{"s\\u0075b":"admin",${members}}`)],
  ['sub twice, equal', 'malformed', withClaimsText(`{${members},"sub":"customer-7"}`)],
  ['exp twice', 'malformed', withClaimsText(`{${members},"exp":${NOW + 9999}}`)],
  ['private claim twice', 'malformed', withClaimsText(`{${members},"plan":1,"plan":2}`)],
  ['__proto__ twice', 'malformed', withClaimsText(`{${members},"__proto__":1,"__proto__":2}`)],
  ['alg twice', 'malformed', withHeaderText(`{"alg":"none",${headMembers}}`)],
  ['kid twice', 'malformed', withHeaderText(`{${headMembers},"\\u006bid":"key-1"}`)],
  ['over 8 KB', 'too_large', withClaims({ pad: 'x'.repeat(8192) })],
  ['1 MB of letters', 'too_large', 'A'.repeat(1_048_576)],
]

export const HEADERS: readonly Row[] = [
  ['alg none', 'malformed', unsigned({ alg: 'none', typ: 'JWT', kid: 'key-1' })],
  ['alg none, signature kept', 'wrong_algorithm', resigned(header(ES, { alg: 'none' }))],
  ['alg None', 'wrong_algorithm', resigned(header(ES, { alg: 'None' }))],
  ['alg nOnE', 'wrong_algorithm', resigned(header(ES, { alg: 'nOnE' }), ZEROS_64)],
  ['alg missing', 'wrong_algorithm', withHeader({ alg: undefined })],
  ['alg null', 'wrong_algorithm', withHeader({ alg: null })],
  ['alg in a list', 'wrong_algorithm', withHeader({ alg: ['ES256'] })],
  ['alg in lower case', 'wrong_algorithm', withHeader({ alg: 'es256' })],
  ['alg with a space', 'wrong_algorithm', withHeader({ alg: 'ES256 ' })],
  ['alg __proto__', 'wrong_algorithm', withHeader({ alg: '__proto__' })],
  ['RS256 by the issuer', 'wrong_algorithm', sign(RS, header(RS), payload())],
  ['ES384 claimed', 'wrong_algorithm', withHeader({ alg: 'ES384' })],
  ['HS256, public JWK', 'wrong_algorithm', hmacWith(JSON.stringify(ES.publicJwk))],
  ['HS256, no secret', 'wrong_algorithm', hmacWith(' ')],
  [
    'embedded jwk',
    'unsupported_header',
    sign(STRANGER, header(ES, { jwk: STRANGER.publicJwk }), payload()),
  ],
  ['embedded own jwk', 'unsupported_header', withHeader({ jwk: ES.publicJwk })],
  [
    'jku',
    'unsupported_header',
    sign(STRANGER, header(ES, { jku: 'https://evil.example/jwks' }), payload()),
  ],
  ['jku of the issuer', 'unsupported_header', withHeader({ jku: JWKS_URL })],
  ['x5u', 'unsupported_header', withHeader({ x5u: 'https://evil.example/cert.pem' })],
  ['x5c', 'unsupported_header', withHeader({ x5c: ['MIIB'] })],
  ['crit', 'unsupported_header', withHeader({ crit: ['exp'], exp: NOW + 600 })],
  ['crit, empty', 'unsupported_header', withHeader({ crit: [] })],
  ['crit, unknown', 'unsupported_header', withHeader({ crit: ['https://x.example'] })],
  ['b64 false', 'unsupported_header', withHeader({ b64: false, crit: ['b64'] })],
  ['b64 false, not critical', 'unsupported_header', withHeader({ b64: false })],
  ['zip', 'unsupported_header', withHeader({ zip: 'DEF' })],
  ['enc', 'unsupported_header', withHeader({ enc: 'A128GCM' })],
  ['typ missing', 'wrong_type', withHeader({ typ: undefined })],
  ['typ of an access token', 'wrong_type', withHeader({ typ: 'at+jwt' })],
  ['typ of a logout token', 'wrong_type', withHeader({ typ: 'logout+jwt' })],
  ['typ with a parameter', 'wrong_type', withHeader({ typ: 'application/jwt;x=1' })],
  ['typ a list', 'wrong_type', withHeader({ typ: ['JWT'] })],
  ['typ empty', 'wrong_type', withHeader({ typ: '' })],
  ['kid missing', 'unknown_key', withHeader({ kid: undefined })],
  ['kid unknown', 'unknown_key', withHeader({ kid: 'key-2' })],
  ['kid empty', 'unknown_key', withHeader({ kid: '' })],
  ['kid a number', 'unknown_key', withHeader({ kid: 1 })],
  ['kid in a list', 'unknown_key', withHeader({ kid: ['key-1'] })],
  ['kid __proto__', 'unknown_key', withHeader({ kid: '__proto__' })],
  ['kid constructor', 'unknown_key', withHeader({ kid: 'constructor' })],
  ['kid toString', 'unknown_key', withHeader({ kid: 'toString' })],
  ['kid a path', 'unknown_key', withHeader({ kid: '../../../../dev/null' })],
  ['kid SQL', 'unknown_key', withHeader({ kid: "' UNION SELECT 'secret' --" })],
  ['kid a URL', 'unknown_key', withHeader({ kid: 'https://evil.example/key' })],
  ['kid with NUL', 'unknown_key', withHeader({ kid: 'key-1\0' })],
  ['kid in other case', 'unknown_key', withHeader({ kid: 'KEY-1' })],
  ['kid over 128', 'unknown_key', withHeader({ kid: 'k'.repeat(129) })],
  ['header in __proto__', 'wrong_algorithm', withHeaderText(`{"__proto__":{${headMembers}}}`)],
]

export const SIGNATURES: readonly Row[] = [
  ['zero', 'bad_signature', `${HEAD}.${BODY}.${ZEROS_64}`],
  ['one zero byte', 'bad_signature', `${HEAD}.${BODY}.AA`],
  ['half', 'bad_signature', `${HEAD}.${BODY}.${part(new Uint8Array(32).fill(7))}`],
  ['with a byte more', 'bad_signature', `${HEAD}.${BODY}.${part(new Uint8Array(65).fill(7))}`],
  ['r = 0, s = 1', 'bad_signature', `${HEAD}.${BODY}.${part(new Uint8Array(64).fill(1, 63))}`],
  ['DER instead of r and s', 'bad_signature', `${HEAD}.${BODY}.${part(asDer(SIGNATURE))}`],
  ['of another token', 'bad_signature', swapPayload()],
  ['of a stranger', 'bad_signature', sign(STRANGER, header(ES), payload())],
  ['of an RSA key', 'bad_signature', signedAs(RS)],
  ['of an Ed25519 key', 'bad_signature', signedAs(ED)],
  ['HMAC under ES256', 'bad_signature', hmacWith(JSON.stringify(ES.publicJwk), 'ES256')],
]

export const CLAIMS: readonly Row[] = [
  ['iss missing', 'wrong_issuer', withClaims({ iss: undefined })],
  ['iss another', 'wrong_issuer', withClaims({ iss: 'https://evil.example/' })],
  ['iss without its slash', 'wrong_issuer', withClaims({ iss: 'https://issuer.example' })],
  ['iss in a list', 'wrong_issuer', withClaims({ iss: ['https://issuer.example/'] })],
  ['aud missing', 'wrong_audience', withClaims({ aud: undefined })],
  ['aud another', 'wrong_audience', withClaims({ aud: 'admin' })],
  ['aud a prefix', 'wrong_audience', withClaims({ aud: 'shop.example' })],
  ['aud no strings', 'wrong_audience', withClaims({ aud: ['shop', 1] })],
  ['aud nested', 'wrong_audience', withClaims({ aud: [['shop']] })],
  ['aud empty', 'wrong_audience', withClaims({ aud: [] })],
  ['aud an object', 'wrong_audience', withClaims({ aud: { 0: 'shop', length: 1 } })],
  ['sub missing', 'bad_claims', withClaims({ sub: undefined })],
  ['sub empty', 'bad_claims', withClaims({ sub: '' })],
  ['sub a number', 'bad_claims', withClaims({ sub: 7 })],
  ['sub true', 'bad_claims', withClaims({ sub: true })],
  ['sub a list', 'bad_claims', withClaims({ sub: ['customer-7'] })],
  ['sub an object', 'bad_claims', withClaims({ sub: { $ne: null } })],
  ['sub over 256', 'bad_claims', withClaims({ sub: 'x'.repeat(257) })],
  ['sub with a newline', 'bad_claims', withClaims({ sub: 'a\nb' })],
  ['sub with NUL', 'bad_claims', withClaims({ sub: 'admin\0' })],
  ['sub with DEL', 'bad_claims', withClaims({ sub: 'a\u007f' })],
  ['sub with a C1 control', 'bad_claims', withClaims({ sub: 'a\u0085' })],
  [
    'sub with a lone surrogate',
    'bad_claims',
    withClaimsText(`{${members.replace('customer-7', '\\ud800')}}`),
  ],
  ['sub only in __proto__', 'bad_claims', withClaimsText(protoSubject())],
  ['exp missing', 'bad_claims', withClaims({ exp: undefined })],
  ['exp text', 'bad_claims', withClaims({ exp: String(NOW + 600) })],
  ['exp null', 'bad_claims', withClaims({ exp: null })],
  ['exp infinite', 'bad_claims', withClaimsText(numeric('exp', '1e999'))],
  ['exp negative', 'bad_claims', withClaims({ exp: -1 })],
  ['iat missing', 'bad_claims', withClaims({ iat: undefined })],
  ['iat infinite', 'bad_claims', withClaimsText(numeric('iat', '-1e999'))],
  ['iat negative', 'bad_claims', withClaims({ iat: -1 })],
  ['iat text', 'bad_claims', withClaims({ iat: 'now' })],
  ['nbf text', 'bad_claims', withClaims({ nbf: '0' })],
  ['nbf null', 'bad_claims', withClaims({ nbf: null })],
  ['nbf negative', 'bad_claims', withClaims({ nbf: -5 })],
  ['nbf infinite', 'bad_claims', withClaimsText(`{${members},"nbf":1e999}`)],
  ['expired by 61 s', 'expired', withClaims({ exp: NOW - 61 })],
  ['expired in 1970', 'expired', withClaims({ exp: 0 })],
  ['nbf 61 s ahead', 'not_yet_valid', withClaims({ nbf: NOW + 61 })],
  ['iat 61 s ahead', 'not_yet_valid', withClaims({ iat: NOW + 61 })],
  ['iat in milliseconds', 'not_yet_valid', withClaims({ iat: NOW * 1000, exp: NOW * 1000 + 1 })],
  ['iat 61 s over maxAge', 'too_old', withClaims({ iat: NOW - 86_461 })],
  ['long-lived since 1970', 'too_old', withClaims({ iat: 0, exp: 1e15 })],
]

async function hmacWith(secret: string, alg = 'HS256'): Promise<string> {
  return signHmac(secret, header(ES, { alg }), payload())
}

/** A true signature of another kind of key, under the header that the site expects. */
async function signedAs(key: typeof RS): Promise<string> {
  return sign(key, header(ES), payload())
}

async function swapPayload(): Promise<string> {
  const [, , other] = (await withClaims({ sub: 'customer-8' })).split('.')
  return `${HEAD}.${BODY}.${other}`
}

function protoSubject(): string {
  const { sub, ...rest } = payload()
  return `{${JSON.stringify(rest).slice(1, -1)},"__proto__":{"sub":"${sub}"}}`
}

function numeric(claim: string, literal: string): string {
  return JSON.stringify(payload({ [claim]: '@' })).replace('"@"', literal)
}

function latin1(claims: Record<string, unknown>): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(JSON.stringify(claims), (letter) => letter.charCodeAt(0))
}

/** ASN.1 SEQUENCE of two INTEGERs, the form in which other tools keep ECDSA signatures. */
function asDer(signature: string): Uint8Array<ArrayBuffer> {
  const raw = Uint8Array.from(atob(signature.replaceAll('-', '+').replaceAll('_', '/')), (c) =>
    c.charCodeAt(0),
  )
  const integer = (bytes: Uint8Array) => [2, 33, 0, ...bytes]
  return Uint8Array.from([0x30, 70, ...integer(raw.slice(0, 32)), ...integer(raw.slice(32))])
}
