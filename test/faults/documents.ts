import type { Piece, SlotElement } from './page.ts'
import { between, createRandom } from './random.ts'
import { ELEMENTS } from './site.ts'

type Text = string | Buffer

function toPiece(text: Text): Buffer {
  return typeof text === 'string' ? Buffer.from(text) : text
}

function slot(id: string): SlotElement {
  const element = ELEMENTS.get(id)
  if (!element) throw new Error(`No slot is called ${id}.`)
  return element
}

const HEAD = `<!DOCTYPE html>
<html lang=en>
<head><meta charset="utf-8"><title>A page &amp; its parts</title>
<style>main > h2 { color: #123 } /* <b> */</style>
<script>if (1 < 2 && '</p>') document.title += '<!-- no comment -->'</script>
</head>
<BODY CLASS=page data-json='{"a": "<b>"}'>
`
const FOOT = '</main>\n<footer>© &copy; 2<sup>2</sup></footer>\n</BODY>\n</html>\n'

const SENTENCES = [
  'Storm in the <em>north</em>, calm in the south. ',
  'Fjäll &amp; sjö – 5 < 6 &c. ',
  '<a href=/x?a=1&b=2 title=\'say "hi"\'>A link</a>, <IMG src="/i.png" alt="">',
  '<!-- a comment with <div id="who"> in it --> ',
  '<p>Never closed',
  '<br/><input value=a disabled>\r\n\t',
  '<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>',
  '<textarea>\n<div class="gone"></textarea>',
]

/** Text of about so many bytes, with some of everything that pages hold. */
export function filler(bytes: number, seed: number): string {
  const random = createRandom(seed)
  let text = ''
  while (text.length < bytes) {
    // Numbers, so that the page does not compress to next to nothing.
    text += `${SENTENCES[between(random, 0, SENTENCES.length)]}${random()} `
  }
  return text
}

/** A page with every slot; `between` goes between any two of them. */
function withSlots(head: Text, gaps: (place: number) => Text, foot: Text): readonly Piece[] {
  const middle = [...ELEMENTS.values()].flatMap((element, place) => [toPiece(gaps(place)), element])
  return [toPiece(head), ...middle, toPiece(gaps(-1)), toPiece(foot)]
}

/** About so many bytes of ordinary HTML with every slot in it. */
export function ordinaryPage(bytes: number, head = HEAD): readonly Piece[] {
  const gap = bytes / (ELEMENTS.size + 1)
  // `main > h2` has to be a child of main, whatever the filler left open.
  return withSlots(head, (place) => `${filler(gap, place + 7)}</p><main>`, FOOT)
}

export const PLAIN = ordinaryPage(80_000)
export const SMALL = ordinaryPage(2_000)

/** The same with a text between the slots, in the bytes of some charset. */
export function pageOf(text: Text, head: Text = HEAD): readonly Piece[] {
  return withSlots(
    head,
    () => Buffer.concat([Buffer.from('<main><p>'), toPiece(text), Buffer.from('</p>')]),
    FOOT.replaceAll('©', ''),
  )
}

/** A page that is wrong somewhere in its middle: slots stand before the fault and after it. */
export function pageAround(fault: Text): readonly Piece[] {
  return [
    toPiece(`${HEAD}<main>`),
    slot('top'),
    slot('who'),
    toPiece('<p>Before</p>'),
    toPiece(fault),
    toPiece('<p>After</p>'),
    slot('end'),
    slot('link'),
    toPiece(FOOT),
  ]
}

/** A page with a slot that has no end: what follows it belongs to the page all the same. */
export function unclosedPage(open: string): readonly Piece[] {
  return [
    toPiece(`${HEAD}<main>`),
    slot('top'),
    {
      slot: 'who',
      original: open,
      filled: (slot('who').filled ?? []).map((text) => open + text.slice(14, -6)),
    },
    toPiece('<p>All this</p> follows.'),
    slot('end'),
    toPiece(FOOT),
  ]
}

/** 5,000 elements that all match one slot, of which the first alone is it. */
export function crowdedPage(): readonly Piece[] {
  const every = (n: number) => `<i class="every">${n}</i>\n`
  const rest = [...Array(4_999).keys()].map((n) => every(n + 1)).join('')
  const fragment = '<p data-sv="every" class="note">Gr&#252;&#223;e</p>'
  return [
    toPiece(HEAD),
    {
      slot: 'every',
      original: '<i class="every">0</i>',
      filled: [`<i class="every">${fragment}</i>`],
    },
    toPiece(`\n${rest}${FOOT}`),
  ]
}

/** An element whose bytes the page itself vouches for: changing it would stop it from running. */
export function integrityPage(): readonly Piece[] {
  const script = '<script id="sri" src="/app.js" integrity="sha256-AAAA" crossorigin></script>'
  return [toPiece(HEAD), { slot: 'sri', original: script, filled: [] }, toPiece(FOOT)]
}

let huge: readonly Piece[] | undefined

/** 50 MB with slots at the start and at the end; made when first asked for. */
export function hugePage(): readonly Piece[] {
  huge ??= [
    toPiece(`${HEAD}<main>`),
    slot('top'),
    Buffer.concat(Array(500).fill(Buffer.from(filler(100_000, 3).replaceAll('<p>', '')))),
    slot('end'),
    toPiece(FOOT),
  ]
  return huge
}
