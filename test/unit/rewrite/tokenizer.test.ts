import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Fate } from '../../../src/rewrite/open-elements.ts'
import { Tokenizer } from '../../../src/rewrite/tokenizer.ts'
import { page } from '../../bench/page.ts'
import { cuts, nastyMarkup, pieces } from './nasty-markup.ts'

const encode = (html: string) => new TextEncoder().encode(html)
const KB = 1024
const MB = 1024 * KB

/** Takes a page, cut into pieces of the given lengths. */
function scanned(html: string, lengths: readonly number[] = [Number.POSITIVE_INFINITY]): Tokenizer {
  const tokenizer = new Tokenizer()
  for (const piece of pieces(encode(html), lengths)) tokenizer.scan(piece)
  return tokenizer
}

/** All that can be seen of a tokenizer. */
const stateOf = (tokenizer: Tokenizer) => ({
  ...{ stop: tokenizer.tree.stop, safe: tokenizer.safe, takesMarkup: tokenizer.takesMarkup },
  ...{ foreignDepth: tokenizer.tree.foreignDepth, unclosed: tokenizer.tree.unclosedSince(0) },
})

/** `^` marks the place after which nothing must be parsed; it is no part of the page. */
const STOPS: readonly (readonly [string, string])[] = [
  ['style in select', '<select><option>1^<style>b{}</style></select>'],
  ['any case', '<SELECT>^<XMP>'],
  ['plaintext in select', '<select>^<plaintext>'],
  ['noscript in select', '<p><select a=">"><option>^<noscript>'],
  ['iframe in select', '<select>^<iframe src=x></iframe>'],
  ['noembed in select', '<select>^<noembed>'],
  ['noframes in select', '<select>^<noframes>'],
  ['title in SVG in select', '<select><svg>^<title>x</title></svg></select>'],
  ['style in select in SVG', '<svg><select>^<style>'],
  ['select that a script seems to end', '<select><script></select></script>^<style>'],
  ['select that an attribute seems to end', '<select x="</select>">^<style>'],
  ['text in a template in select', '<select>^<template><title>x</title></template>'],
  ['script in a template in select', '<select><b></b>^<template><b></b><script></script>'],
  ['text in one of two templates', '<select>^<template><template></template><style>'],
  ['style after frameset', '<p>^<frameset><frame></frameset><style>'],
  ['script in frameset', '^<frameset><script>'],
  ['text after an attribute without its value', '<p class=>a^<textarea class=><p></textarea>'],
]

const HARMLESS: readonly string[] = [
  '<select><option>1</select><style>b{}</style>',
  '<select><script>1 < 2</script></select>',
  '<select><textarea></textarea><style></style>',
  '<select><input><style></style>',
  '<select><keygen><xmp></xmp>',
  '<select><select><xmp></xmp>',
  '<select><template><option></template></select><style></style>',
  '<select><template><template></template></template><option></select><title>x</title>',
  '<frameset><frame></frameset><noframes><p>None</p></noframes>',
  '<template><style></style></template>',
  '<!-- <select> --><style></style>',
  '<script>"<select>"</script><style></style>',
  '<textarea><select></textarea><style></style>',
  '<p title="<select>"><style></style>',
  "<p title='<select>'><style></style>",
  '<svg><![CDATA[<select>]]></svg><style></style>',
  '<script><!--<script></script><select></script>--></script><style></style>',
  '<plaintext><select><style>',
  '<select class= ></select class=><svg><style a=></style></svg><style class= ""></style>',
  '<select x><xmpx><styles><titled></select><style></style>',
  '<selects><style></style>',
  '<select-menu><style></style></select-menu>',
]

describe('the place where a parser has to halt', () => {
  test.each(STOPS)('%s', (_, marked) => {
    const tokenizer = scanned(marked.replace('^', ''))
    expect(stateOf(tokenizer)).toMatchObject({ stop: 'ambiguous', safe: marked.indexOf('^') })
  })

  test.each(STOPS)('does not move when more comes: %s', (_, marked) => {
    const tokenizer = scanned(marked.replace('^', ''))
    const before = stateOf(tokenizer)
    tokenizer.scan(encode('</select></template><p>more</p>'))
    tokenizer.end()
    expect(stateOf(tokenizer)).toEqual(before)
  })

  test.each(HARMLESS)('is nowhere in %s', (html) => {
    const tokenizer = scanned(html)
    tokenizer.end()
    expect(stateOf(tokenizer)).toMatchObject({ stop: undefined, safe: encode(html).length })
  })

  test('is nowhere in an ordinary page', () => {
    const tokenizer = scanned(page(), [4 * KB])
    const { elements } = tokenizer.tree
    expect(stateOf(tokenizer)).toMatchObject({ stop: undefined, takesMarkup: true, unclosed: [] })
    expect(tokenizer.safe).toBe(encode(page()).length)
    expect(elements.count).toBe(0)
  })

  test.each([
    ['<p>a<svg><g>b', 2],
    ['<svg><foreignObject><p>', 0],
    ['<svg><foreignObject><svg><math>', 2],
    ['<svg><p>', 0],
    ['<svg></p>', 0],
    ['<svg><desc/>', 1],
    ['<math><annotation-xml encoding="text/html"><p>', 0],
    ['<math><annotation-xml encoding="MathML-Content"><ci>', 1],
    ['<math><annotation-xml encoding=text/html /><ci>', 1],
    ['<svg><font color=red>', 0],
    ['<svg><font class="color">', 1],
  ])('is so deep in SVG and MathML: %s', (html, depth) => {
    const opened = html.startsWith('<p>a') ? 1 : depth
    expect(scanned(html).tree.foreignDepth).toBe(opened)
  })
})

describe('what is held back', () => {
  test.each([
    ['<p>one<b class="', 6],
    ['<p>one<', 6],
    ['<p>one</', 6],
    ['<p>one</b x', 6],
    ['<p>one<!-', 9],
    ['<p>one<!-- <b', 13],
    ['<script>if (a <', 15],
    ['<script>"</scr', 14],
    ['<script></script x', 18],
    ['<select><template><b>', 8],
    ['<select><template><b></template>', 32],
    ['<p><frameset><frame>', 3],
  ])('of %j everything but %i bytes', (html, safe) => {
    const tokenizer = scanned(html)
    expect([tokenizer.safe, tokenizer.tree.stop]).toEqual([safe, undefined])
    tokenizer.end()
    expect(tokenizer.safe).toBe(html.length)
  })
})

describe('the limits of the parser', () => {
  const deep = (count: number) => '<i>'.repeat(count)
  /** Of 3 MiB less a reserve, 192 bytes for each element. */
  const DEEPEST = 15_018

  test('a page may be nested so deep', () => {
    expect(scanned(deep(DEEPEST)).tree.stop).toBeUndefined()
  })

  test('and no deeper', () => {
    const tokenizer = scanned(deep(DEEPEST + 5))
    expect([tokenizer.tree.stop, tokenizer.safe]).toEqual(['too_deep', DEEPEST * 3])
  })

  test.each([
    ['elements that end', '<i></i>'],
    ['void elements', '<br><img>'],
    ['SVG that closes itself', '<svg></svg><svg><g/></svg>'],
    ['list items that their list ends', '<ul><li>a<li>b</ul>'],
    ['end tags alone', '</i></b></p>'],
  ])('%s do not add up', (_, html) => {
    expect(scanned(html.repeat(20_000)).tree.stop).toBeUndefined()
  })

  test('a long tag leaves less for elements', () => {
    const long = `<i title="${'x'.repeat(MB)}">`
    const tokenizer = scanned(long + deep(DEEPEST))
    expect(tokenizer.tree.stop).toBe('too_deep')
    expect(tokenizer.tree.elements.count).toBeLessThanOrEqual(Math.ceil(DEEPEST - MB / 192))
    expect(tokenizer.tree.elements.count).toBeGreaterThan(9_000)
  })

  test.each([
    ['attribute', '<p>a', '<b title="'],
    ['attribute without quotes', '<p>a', '<b title='],
    ['name', '<p>a', '<'],
    ['end tag', '<p>a', '</b '],
  ])('a tag of more than 2 MiB is too long: %s', (_, before, start) => {
    const tokenizer = scanned(before + start + 'x'.repeat(2 * MB), [64 * KB])
    expect([tokenizer.tree.stop, tokenizer.safe]).toEqual(['tag_too_long', before.length])
  })

  test.each([
    ['tag', `<p>a<b title="${'x'.repeat(2 * MB - KB)}">`],
    ['comment', `<!--${'x'.repeat(4 * MB)}-->`],
    ['text', 'x'.repeat(4 * MB)],
    ['script', `<script>${'x<'.repeat(2 * MB)}</script>`],
  ])('not so a %s', (_, html) => {
    const tokenizer = scanned(html, [64 * KB])
    expect([tokenizer.tree.stop, tokenizer.safe]).toEqual([undefined, html.length])
  })

  test.each([
    ['template in select', '<select>', '<template>'],
    ['frameset', '<p>', '<frameset>'],
  ])('no more than 256 kB wait for what follows a %s', (_, before, start) => {
    const tokenizer = scanned(before + start + 'x'.repeat(257 * KB), [16 * KB])
    expect([tokenizer.tree.stop, tokenizer.safe]).toEqual(['held_too_long', before.length])
  })
})

describe('the end of an element', () => {
  test.each<[Fate, string]>([
    ['closed', '<div>a</div>'],
    ['closed', '<div>a<div>b</div>c</div>'],
    ['closed', '<div>a<p>b</div>'],
    ['closed', '<DIV>a</div >'],
    ['closed', '<my-el>a<my-elf></my-elf></MY-EL>'],
    ['closed', '<svg><path></svg>'],
    ['closed', '<div><script>"</div>"</script>a</div>'],
    ['closed', '<div><!--</div>-->a</div>'],
    ['closed', '<ul><li>a<ul><li>b</ul></ul>'],
    ['open', '<div>a'],
    ['open', '<div>a</div'],
    ['open', '<div>a</divx>'],
    ['open', '<div/>a'],
    ['open', '<div>a<div>b</div>'],
    ['open', '<div>a<!--</div>-->'],
    ['open', '<div>a<script></div>'],
    ['lost', '<li>a<li>b</li></li>'],
    ['lost', '<p>a<div>b</div>c</p>'],
    ['lost', '<p>a<p>b</p>c</p>'],
    ['lost', '<dt>a<dd>b</dd></dt>'],
    ['lost', '<td>a<td>b</td></td>'],
    ['lost', '<td>a<tr>b</tr></td>'],
    ['lost', '<option>a<option>b</option></option>'],
    ['closed', '<td>a<table><tr><td>b</table>c</td>'],
    ['closed', '<p>a<button><div>b</div></button>c</p>'],
    ['closed', '<li>a<ol><li>b</li></ol>c</li>'],
  ])('%s: %s', (fate, html) => {
    expect(scanned(html).tree.elements.fateOf(0)).toBe(fate)
  })

  test('is not known before it is known whether it is parsed', () => {
    const html = '<p><div>a<frameset></div>'
    expect(scanned(html).tree.fateOf(3)).toBe('open')
    expect(scanned(`${html}<title>`).tree.fateOf(3)).toBe('lost')
    const tokenizer = scanned(html)
    expect(tokenizer.tree.unclosedSince(0)).toContain(3)
    tokenizer.end()
    expect(tokenizer.tree.fateOf(3)).toBe('closed')
  })

  test('lost to that of another', () => {
    const { elements } = scanned('<main><div>a</main>b</div>').tree
    expect([elements.fateOf(0), elements.fateOf(6)]).toEqual(['closed', 'lost'])
  })
})

describe('markup', () => {
  test.each([
    ['', true],
    ['<p>a', true],
    ['<p>a</p>\n', true],
    ['<!-- a', false],
    ['<script>a', false],
    ['<textarea>a</textare', false],
    ['<p', false],
    ['<p title="', false],
    ['<plaintext>a</plaintext>', false],
    ['<svg><![CDATA[a', false],
    ['<script></script>', true],
  ])('put after %j is markup: %s', (html, takes) => {
    expect(scanned(html).takesMarkup).toBe(takes)
  })
})

test('it does not matter where a page is cut', () => {
  const property = fc.property(nastyMarkup, cuts, (html, lengths) => {
    expect(stateOf(scanned(html, lengths))).toEqual(stateOf(scanned(html)))
  })
  fc.assert(property, { seed: 21, numRuns: 1500 })
})

test('what is safe only grows, and never goes beyond what has come', () => {
  const property = fc.property(nastyMarkup, cuts, (html, lengths) => {
    const tokenizer = new Tokenizer()
    let before = 0
    for (const piece of pieces(encode(html), lengths)) {
      tokenizer.scan(piece)
      expect(tokenizer.safe).toBeGreaterThanOrEqual(before)
      expect(tokenizer.safe).toBeLessThanOrEqual(tokenizer.scanned)
      before = tokenizer.safe
    }
  })
  fc.assert(property, { seed: 22, numRuns: 800 })
})
