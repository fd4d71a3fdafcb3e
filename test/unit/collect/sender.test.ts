import { describe, expect, test } from 'vitest'
import { keyInHeader, senderOf } from '../../../src/collect/sender.ts'
import { SiteSchema } from '../../../src/model/site.ts'

const site = SiteSchema.parse({
  ...{ id: 'shop', name: 'S', hosts: ['shop.example'], origin: 'https://origin.example' },
  eventOrigins: ['https://app.shop.example'],
})
const KEY = `svk_${'k'.repeat(43)}`

const ask = (headers: Record<string, string>, keyInBody = '') =>
  senderOf(new Request('https://shop.example/_sv/v1/batch', { headers }), keyInBody, site)

const basic = (name: string) => ({ authorization: `Basic ${btoa(name)}` })
const browser = { kind: 'browser' }
const server = { kind: 'server', writeKey: KEY }
const refused = (reason: string) => ({ kind: 'refused', reason })

describe('the sender of a request', () => {
  test.each<[string, Record<string, string>, string, object]>([
    ['a page of the site', { 'sec-fetch-site': 'same-origin' }, '', browser],
    [
      'with the site for a key',
      { 'sec-fetch-site': 'same-origin', ...basic('shop:') },
      '',
      browser,
    ],
    ['with the site for a key in the body', { 'sec-fetch-site': 'same-origin' }, 'shop', browser],
    [
      'a page of a site behind a password',
      { 'sec-fetch-site': 'same-origin', ...basic('staging:secret') },
      '',
      browser,
    ],
    ['an older browser’s page', { origin: 'https://shop.example', cookie: 'a=b' }, '', browser],
    ['something that says nothing', {}, '', browser],
    ['a server', basic(`${KEY}:`), '', server],
    ['a server with its key in the body', {}, KEY, server],
    ['a listed origin', { origin: 'https://app.shop.example' }, '', browser],
    ['another site', { 'sec-fetch-site': 'cross-site' }, '', refused('cross_site')],
    ['another site with a key', { origin: 'https://evil.example' }, KEY, refused('cross_site')],
    [
      'a page with a secret key',
      { cookie: 'a=b', ...basic(`${KEY}:`) },
      '',
      refused('bad_write_key'),
    ],
    [
      'a page with one in the body',
      { 'sec-fetch-site': 'same-origin' },
      KEY,
      refused('bad_write_key'),
    ],
    ['a key that outranks the body’s', basic(`${KEY}:`), 'shop', server],
  ])('%s', (_, headers, keyInBody, expected) => {
    expect(ask(headers, keyInBody)).toEqual(expected)
  })

  test.each([
    ['nothing', undefined, ''],
    ['another scheme', 'Bearer abc', ''],
    ['no base64', 'Basic ====', ''],
    ['a name', `Basic ${btoa('key:')}`, 'key'],
    ['a name and a password', `Basic ${btoa('key:secret')}`, 'key'],
    ['a name alone', `basic ${btoa('key')}`, 'key'],
  ])('of Basic with %s', (_, authorization, expected) => {
    expect(keyInHeader(new Headers(authorization ? { authorization } : {}))).toBe(expected)
  })
})
