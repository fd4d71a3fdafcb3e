import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isRewritable, makePersonal } from '../../../src/rewrite/headers.ts'

const PERMISSIONS = [
  ...['public', 'max-age=600', 's-maxage=600, public', 'private', 'no-store', 'immutable'],
  ...['stale-while-revalidate=60', 'no-cache', 'must-understand, no-store', 'PUBLIC, max-age=1'],
]

/** Fields by which a shared cache is told to store, RFC 9111 and RFC 9213 and the larger vendors’ own. */
const TARGETED = [
  ...['CDN-Cache-Control', 'Cloudflare-CDN-Cache-Control', 'Surrogate-Control', 'Edge-Control'],
  ...['Akamai-Cache-Control', 'Netlify-CDN-Cache-Control', 'Vercel-CDN-Cache-Control'],
  'X-Accel-Expires',
]

const ABOUT_BYTES = [
  ...['ETag', 'Last-Modified', 'Content-MD5', 'Digest', 'Repr-Digest', 'Content-Digest'],
  ...['Accept-Ranges', 'Content-Length', 'Expires', 'Age'],
]

const OTHERS = ['Content-Type', 'Content-Language', 'Link', 'X-Frame-Options', 'Vary', 'Location']

/** Whether a shared cache could store a response with these headers. */
function isStorable(headers: Headers): boolean {
  const own = headers.get('cache-control') ?? ''
  return TARGETED.some((name) => headers.has(name)) || !/\bprivate\b.*\bno-store\b/.test(own)
}

const plain = fc.stringMatching(/^[!-~]{1,12}$/)
const cookie = fc.tuple(fc.constant('Set-Cookie'), fc.stringMatching(/^[a-z]{1,4}=[a-z0-9]{0,4}$/))
const header = fc.oneof(
  fc.tuple(
    fc.constantFrom('Cache-Control', 'cache-control', ...TARGETED),
    fc.constantFrom(...PERMISSIONS),
  ),
  fc.tuple(fc.constantFrom(...ABOUT_BYTES, ...OTHERS, 'Pragma'), plain),
  cookie,
)
const cookies = fc.array(fc.stringMatching(/^sv=[a-z]{1,4}; Path=\/$/), { maxLength: 2 })

describe('headers of a personal page', () => {
  test('let no shared cache store it, keep every cookie in order, and the rest as it was', () => {
    const property = fc.property(fc.array(header, { maxLength: 25 }), cookies, (sent, ours) => {
      const origin = new Headers(sent)
      const personal = new Headers(origin)
      makePersonal(personal, { cookies: ours, timing: 'sv;desc="personal"' })
      expect(isStorable(personal)).toBe(false)
      expect(personal.getSetCookie()).toEqual([...origin.getSetCookie(), ...ours])
      for (const name of ABOUT_BYTES) expect(personal.has(name)).toBe(false)
      for (const name of [...OTHERS, 'Pragma']) expect(personal.get(name)).toBe(origin.get(name))
      expect(personal.get('server-timing')).toBe('sv;desc="personal"')
    })
    fc.assert(property, { seed: 8, numRuns: 300 })
  })

  test('keep the origin’s own timing beside ours', () => {
    const personal = new Headers({ 'server-timing': 'db;dur=5' })
    makePersonal(personal, { cookies: [], timing: 'sv' })
    expect(personal.get('server-timing')).toBe('db;dur=5, sv')
  })
})

describe('a response that may be rewritten', () => {
  const html = { 'content-type': 'text/html; charset=utf-8' }

  test.each([
    ['a page', 200, html, true],
    ['a page in capitals', 200, { 'content-type': 'TEXT/HTML' }, true],
    ['a page with spaces', 200, { 'content-type': ' text/html ;charset=x' }, true],
    ['compressed as the runtime can read', 200, { ...html, 'content-encoding': 'gzip' }, true],
    ['brotli', 200, { ...html, 'content-encoding': 'br' }, true],
    ['brotli in capitals', 200, { ...html, 'content-encoding': 'BR' }, 'encoding'],
    ['said to be as it is', 200, { ...html, 'content-encoding': 'identity' }, true],
    ['compressed otherwise', 200, { ...html, 'content-encoding': 'zstd' }, 'encoding'],
    ['compressed twice', 200, { ...html, 'content-encoding': 'gzip, br' }, 'encoding'],
    ['not found', 404, html, 'status'],
    ['a redirect', 302, html, 'status'],
    ['part of a page', 206, html, 'status'],
    ['a range of one', 200, { ...html, 'content-range': 'bytes 0-1/9' }, 'range'],
    ['a picture', 200, { 'content-type': 'image/png' }, 'content_type'],
    ['xhtml', 200, { 'content-type': 'application/xhtml+xml' }, 'content_type'],
    ['of no type', 200, {}, 'content_type'],
    ['of a type that begins alike', 200, { 'content-type': 'text/htmlx' }, 'content_type'],
    ['not to be transformed', 200, { ...html, 'cache-control': 'no-transform' }, 'no_transform'],
    [
      'not to be transformed, among others',
      200,
      { ...html, 'cache-control': 'public, No-Transform, max-age=1' },
      'no_transform',
    ],
  ])('%s', (_, status, headers, expected) => {
    const given: Record<string, string> = headers
    // An empty one: Node sets a content type of its own for a string.
    expect(isRewritable(new Response(null, { status, headers: given }))).toBe(expected)
  })
})
