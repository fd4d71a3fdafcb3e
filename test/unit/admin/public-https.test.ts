import { describe, expect, test } from 'vitest'
import { isPublicHttps } from '../../../src/admin/public-https.ts'

describe('a public https address', () => {
  test.each([
    'https://example.com',
    'https://example.com/',
    'https://shop.example.co.uk/path?query',
    'https://example.com:443',
    'https://example.com:8443',
    'https://EXAMPLE.com',
    'https://bücher.example',
    'https://xn--bcher-kva.example',
    'https://example.com./',
    'https://localhost.example.com',
    'https://internal-tools.example.com',
  ])('is %s', (url) => expect(isPublicHttps(url)).toBe(true))

  test.each([
    ...[
      '',
      'example.com',
      '//example.com',
      'https://',
      'javascript:alert(1)',
      'file:///etc/passwd',
    ],
    ...['http://example.com', 'ftp://example.com', 'wss://example.com', 'data:text/html,x'],
    ...['https://user@example.com', 'https://user:password@example.com', 'https://:x@example.com'],
    ...['https://example.com:22', 'https://example.com:80', 'https://example.com:6379'],
  ])('is not %s', (url) => expect(isPublicHttps(url)).toBe(false))

  // Every notation of an address, public ones too: a site has a name.
  test.each([
    ...['127.0.0.1', '127.1', '127.0.1', '2130706433', '0x7f000001', '0x7f.0.0.1', '0177.0.0.1'],
    ...[
      '017700000001',
      '0',
      '0.0.0.0',
      '10.0.0.1',
      '10.1',
      '172.16.0.1',
      '192.168.1.1',
      '192.168.257',
    ],
    ...[
      '169.254.169.254',
      '0xA9FEA9FE',
      '2852039166',
      '100.64.0.1',
      '224.0.0.1',
      '255.255.255.255',
    ],
    ...[
      '8.8.8.8',
      '1.1',
      '127.0.0.1.',
      '１２７.０.０.１',
      '①②⑦.0.0.1',
      '127。0。0。1',
      '%31%32%37.0.0.1',
    ],
    ...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[fe80::1]', '[fd00::1]'],
    ...['[64:ff9b::7f00:1]', '[2002:7f00:1::]', '[2606:4700::1111]'],
  ])('is not the literal %s', (host) => expect(isPublicHttps(`https://${host}/`)).toBe(false))

  test.each([
    ...['localhost', 'LOCALHOST', 'localhost.', 'app.localhost', 'app.localhost.', 'intranet'],
    ...['db.internal', 'metadata.google.internal', 'metadata.google.internal.', 'printer.local'],
    ...[
      'nas.lan',
      'router.home',
      'router.home.arpa',
      'wiki.corp',
      'a.test',
      'a.invalid',
      'a.onion',
    ],
    ...[
      'host.localdomain',
      'wiki.intranet',
      'ＬＯＣＡＬＨＯＳＴ',
      'foo.ｌｏｃａｌ',
      'x.internal..',
    ],
  ])('is not the private name %s', (host) => expect(isPublicHttps(`https://${host}/`)).toBe(false))
})
