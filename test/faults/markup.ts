import { createHash } from 'node:crypto'

/** Bytes that are the same in every run and look like nothing. */
function noise(bytes: number): Buffer {
  const blocks = [...Array(Math.ceil(bytes / 32)).keys()].map((n) =>
    createHash('sha256').update(String(n)).digest(),
  )
  return Buffer.concat(blocks).subarray(0, bytes)
}

/** Markup of which a streaming parser cannot say what it means: it stops where it meets one. */
export const AMBIGUOUS: Readonly<Record<string, string>> = {
  'style in select': '<select><option>1<style>b { }</style></select>',
  'xmp in select': '<select><xmp></xmp></select>',
  'plaintext in select': '<select><plaintext></select>',
  'script in select': '<select><option><script>1 < 2</script></select>',
  'title in template in select': '<select><template><title>x</title></template></select>',
  'style after frameset': '<frameset><frame src="/f"></frameset><style>b { }</style>',
  'noframes after frameset': '<frameset></frameset><noframes><p>None</p></noframes>',
}

/** More than the parser's memory holds. */
export const EXCESSIVE: Readonly<Record<string, () => string>> = {
  'attribute of 4 MiB': () => `<div data-x="${'x'.repeat(4 << 20)}">x</div>`,
  'tag name of 4 MiB': () => `<${'x'.repeat(4 << 20)}>`,
  '20,000 open elements': () => '<div>'.repeat(20_000),
  'comment of 4 MiB': () => `<!--${'x'.repeat(4 << 20)}-->`,
  'text of 10 MiB': () => 'x'.repeat(10 << 20),
  'script of 10 MiB': () => `<script>/*${'x'.repeat(10 << 20)}*/</script>`,
}

/** What browsers forgive; where it swallows what follows, the slots there are text. */
export const SLOPPY: Readonly<Record<string, string | Buffer>> = {
  'open comment': '<!-- never closed',
  'open script': '<script>if (a < b) ',
  'open textarea': '<textarea>',
  'open title': '<title>',
  plaintext: '<plaintext>',
  'cut tag': '<div class="x',
  'open CDATA': '<svg><![CDATA[ </svg> x > y ',
  'bogus comments': '<?xml version="1.0"?></ p><!x><!DOCTYPE again></>',
  'crossed elements': '<b><i></b></i></div></div></span><table><p></table>',
  'doubled attributes': '<a href=a href=b HREF=\'c\' =x "y" / z=>q</a>',
  'NUL bytes': '\0<p\0 a\0=\0>\0</p\0>&\0;',
  'bytes of no meaning': noise(4_096),
  'lone carriage returns': 'a\rb\r\nc\n\rd<p\rclass=x\r>',
  'lone surrogates': Buffer.from('eda080edb080', 'hex'),
}

/** Elements that would be slots, had they not been found before. */
export const REPEATED_SLOTS: Readonly<Record<string, string>> = {
  'slot twice': '<header id="top">again</header><div id="who">again</div>',
  'slot in a slot': '<header id="top"><div id="who">inner</div></header>',
}

/** Starts of a slot's element that no end tag answers. */
export const UNCLOSED_SLOTS: Readonly<Record<string, string>> = {
  'slot never closed': '<div id="who">',
  'slot closed by itself': '<div id="who"/>',
}
