import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { escapeHtml, isSafeImage, isSafeUrl, toAscii } from '../../../src/render/escape.ts'

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' }

/** Character references as a parser reads them, as far as we write any. */
function decode(html: string): string {
  return html.replace(/&(?:#(\d+)|(\w+));/g, (_, code?: string, name = '') =>
    code === undefined ? (NAMED[name] ?? '') : String.fromCodePoint(Number(code)),
  )
}

/** Any UTF-16 there is, lone surrogates too; but for C1 controls, whose references mean other characters. */
const text = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }) },
      fc.integer({ min: 0xd800, max: 0xdfff }).map((unit) => String.fromCharCode(unit)),
      fc.constantFrom('<', '>', '"', "'", '&', '`', '=', '&lt;', '&#60;', 'å', '𝒳', '\u2028'),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join('').replace(/[\x80-\x9f]/g, ''))

describe('escaped text', () => {
  test('is ASCII without markup, and reads back as what it was', () => {
    const property = fc.property(text, (given) => {
      const html = toAscii(escapeHtml(given))
      expect(html).toMatch(/^[\0-\x7f]*$/)
      expect(html).not.toMatch(/[<>"'`=]/)
      expect(html).not.toMatch(/&(?!(?:#\d+|amp|lt|gt|quot);)/)
      expect(decode(html)).toBe(given.toWellFormed())
    })
    fc.assert(property, { seed: 9, numRuns: 1000 })
  })

  test.each([
    ['<script>', '&lt;script&gt;'],
    ['"a\' b=`c`', '&quot;a&#39; b&#61;&#96;c&#96;'],
    ['&amp;', '&amp;amp;'],
    ['plain text.', 'plain text.'],
    ['', ''],
  ])('%s', (given, html) => expect(escapeHtml(given)).toBe(html))

  test.each([
    ['Malmö', 'Malm&#246;'],
    ['𝒳', '&#119987;'],
    ['\ud835', '&#65533;'],
    ['\udcb3\ud835', '&#65533;&#65533;'],
    ['\u00a0\u2028', '&#160;&#8232;'],
    ['<b title="x">&amp;</b>', '<b title="x">&amp;</b>'],
  ])('in ASCII, %j', (given, html) => expect(toAscii(given)).toBe(html))
})

const SAFE = [
  ...['/', '/a/b?c=d#e', '?page=2', '#top', 'shop', './shop', '../shop', 'a/b:c'],
  ...['https://example.com', 'HTTPS://EXAMPLE.COM/', 'http://example.com:8080/å?ö'],
  ...['mailto:a@b.example', 'tel:+46701234567'],
]

const UNSAFE = [
  ...['javascript:alert(1)', 'JavaScript:alert(1)', 'JAVASCRIPT:alert(1)', ' javascript:alert(1)'],
  ...[
    'java\nscript:alert(1)',
    'java\tscript:alert(1)',
    'javascript\r:alert(1)',
    '\u0001javascript:x',
  ],
  ...[
    '\0javascript:alert(1)',
    'javascript:\u007falert(1)',
    'vbscript:x',
    'data:text/html,<script>',
  ],
  ...['blob:https://a/b', 'file:///etc/passwd', 'about:blank', 'view-source:https://a', 'x:y'],
  ...[
    '//evil.example',
    '///evil.example',
    '\\\\evil.example',
    '/\\evil.example',
    '\\/evil.example',
  ],
  ...['/\t/evil.example', '\n//evil.example', 'https://', 'https://a b', 'http://[', 'a b'],
  ...['https:\\\\evil.example', 'intent://x', 'javascript://example.com/%0aalert(1)'],
]

describe('a link', () => {
  test.each(SAFE)('may be %s', (url) => expect(isSafeUrl(url)).toBe(true))
  test.each(UNSAFE)('may not be %j', (url) => expect(isSafeUrl(url)).toBe(false))

  test('that is allowed leads nowhere but over four schemes, as a browser reads it', () => {
    const piece = fc.oneof(
      fc.constantFrom(...['java', 'script', ':', '/', '//', '\\', '\t', '\n', ' ', '\0', '\u0001']),
      fc.constantFrom(...['http', 'https', 'mailto', 'data', 'evil.example', '@', '?', '#', '%09']),
      fc.string({ unit: 'binary', maxLength: 2 }),
    )
    const urls = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))
    const property = fc.property(urls, (url) => {
      if (!isSafeUrl(url) || !URL.canParse(url, 'https://shop.test/a/')) return
      const { protocol, host } = new URL(url, 'https://shop.test/a/')
      expect(['http:', 'https:', 'mailto:', 'tel:']).toContain(protocol)
      if (!/^[a-z]+:/i.test(url)) expect(host).toBe('shop.test')
    })
    fc.assert(property, { seed: 10, numRuns: 5000 })
  })
})

describe('a picture', () => {
  test.each(['/a.jpg', 'a.jpg', '?id=1', 'https://img.example/a.jpg', 'HTTPS://img.example/a'])(
    'may come from %s',
    (url) => expect(isSafeImage(url)).toBe(true),
  )
  test.each([
    ...['http://img.example/a.jpg', 'mailto:a@b', 'tel:1', 'data:image/png;base64,AA', '//a/b'],
    ...['javascript:alert(1)', ''.padStart(1)],
  ])('may not come from %j', (url) => expect(isSafeImage(url)).toBe(false))
})
