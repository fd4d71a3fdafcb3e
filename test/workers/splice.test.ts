import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OPERATIONS, type Operation, type Slot, SlotSchema } from '../../src/model/slot.ts'
import { outline } from '../../src/rewrite/outline.ts'
import type { Plan } from '../../src/rewrite/plan.ts'
import { rewrite } from '../../src/rewrite/rewrite.ts'
import { splice } from '../../src/rewrite/splice.ts'
import { nastyMarkup } from '../unit/rewrite/nasty-markup.ts'

const HTML = { 'content-type': 'text/html; charset=utf-8', 'x-powered-by': 'a shop' }

const slotOf = (id: string, selector: string, operation: Operation): Slot => {
  const attribute = operation === 'set-attribute' ? { attribute: 'title' } : {}
  return SlotSchema.parse({ id, selector, pages: ['/'], operation, ...attribute })
}

const fragmentOf = (slot: Slot) => {
  const html = slot.operation === 'set-attribute' ? `&quot;${slot.id}&quot;` : `<b>${slot.id}</b>`
  return { slot, experience: 'e', html, marks: [slot.id] }
}

/** A plan that fills the slots with these numbers and watches the others. */
function planOf(slots: readonly Slot[], filled: readonly number[], beacon = false): Plan {
  return {
    fragments: slots.filter((_, n) => filled.includes(n)).map(fragmentOf),
    watched: slots.filter((_, n) => !filled.includes(n)),
    sampled: true,
    cookies: ['a=1; Path=/', 'b=2; Path=/'],
    timing: 'sv;desc="personal"',
    ...(beacon && { atEnd: (form) => `<script>${JSON.stringify(form)}</script>` }),
  }
}

interface Page {
  readonly html: string | Uint8Array
  readonly headers: [string, string][]
  readonly found: Record<string, unknown>
}

async function streamed(html: string | Uint8Array, plan: Plan, headers = HTML): Promise<Page> {
  let found = {}
  const { response } = rewrite(new Response(html, { headers }), plan, (sightings) => {
    found = Object.fromEntries(sightings)
  })
  return { html: await response.text(), headers: [...response.headers], found }
}

async function spliced(
  html: string | Uint8Array,
  { slots, plan, headers = HTML }: { slots: readonly Slot[]; plan: Plan; headers?: typeof HTML },
): Promise<Page | string> {
  const bytes = typeof html === 'string' ? new TextEncoder().encode(html) : html
  const known = await outline(bytes, new Headers(headers), slots)
  if (typeof known === 'string') return known
  let found = {}
  const skeleton = { bytes, headers: new Headers(headers), outline: known }
  const { response } = splice(skeleton, plan, (sightings) => {
    found = Object.fromEntries(sightings)
  })
  return { html: await response.text(), headers: [...response.headers], found }
}

const PAGE = `<!doctype html><meta http-equiv="Content-Security-Policy" content="script-src 'nonce-x'">
<body class="page"><header id="top">Menu</header><img id="logo" src="a.png">
<main><section id="hero"><p>old <b>hero</b></p></section><a id="link" href='/old' title=x>Go</a>
<ul><li class=item>1</li><li class=item>2</li></ul><p id="open">never closed<div>é</div></main></body></html>`

describe('a spliced page is the streamed one', () => {
  test.each(OPERATIONS)('%s', async (operation) => {
    const selectors = ['#top', '#logo', '#hero', '#link', '.item', '#open', '#nowhere']
    for (const selector of selectors) {
      const slots = [slotOf('one', selector, operation)]
      for (const filled of [[0], []]) {
        const plan = planOf(slots, filled, true)
        const page = await spliced(PAGE, { slots, plan })
        expect(page).toEqual(await streamed(PAGE, plan))
      }
    }
  })

  test('with several slots, filled or not', async () => {
    const slots = [
      slotOf('link', '#link', 'set-attribute'),
      slotOf('hero', '#hero', 'inner'),
      slotOf('item', '.item', 'replace'),
      slotOf('logo', '#logo', 'remove'),
      slotOf('top', 'header', 'after'),
    ]
    for (const filled of [[], [0], [1, 3], [0, 1, 2, 3, 4], [4, 2, 0]]) {
      const plan = planOf(slots, filled)
      expect(await spliced(PAGE, { slots, plan })).toEqual(await streamed(PAGE, plan))
    }
  })

  test('in a charset that is not Unicode', async () => {
    const headers = { ...HTML, 'content-type': 'text/html; charset=windows-1251' }
    const html = new Uint8Array(
      [...new TextEncoder().encode(PAGE)].map((b) => (b > 127 ? 0xcf : b)),
    )
    const slots = [slotOf('hero', '#hero', 'inner')]
    const plan = planOf(slots, [0])
    expect(await spliced(html, { slots, plan, headers })).toEqual(
      await streamed(html, plan, headers),
    )
  })

  test('for any markup, slots and choice of them', async () => {
    const slots = fc
      .uniqueArray(
        fc.tuple(
          fc.constantFrom('#e0', '#e1', '#e2', '#e3', 'div', 'b', 'p', 'svg', 'option', 'my-el'),
          fc.constantFrom(...OPERATIONS),
        ),
        { minLength: 1, maxLength: 3, selector: ([selector]) => selector },
      )
      .map((all) => all.map(([selector, operation], n) => slotOf(`s${n}`, selector, operation)))
    let kept = 0
    let changed = 0
    const property = fc.asyncProperty(
      ...([nastyMarkup, slots, fc.subarray([0, 1, 2])] as const),
      async (markup, slots, filled) => {
        const plan = planOf(slots, filled, true)
        const page = await spliced(markup, { slots, plan })
        if (typeof page === 'string') return
        kept++
        const wanted = await streamed(markup, plan)
        if (wanted.html !== markup) changed++
        expect(page.html).toBe(wanted.html)
      },
    )
    await fc.assert(property, { seed: 31, numRuns: 300 })
    expect([kept > 100, changed > 50]).toEqual([true, true])
  })
})

describe('a page is left to be streamed', () => {
  test.each([
    ['with a slot in another', '<div id="a"><p id="b">x</p></div>', 'slots_overlap'],
    ['with two slots on one element', '<div id="a" class="b">x</div>', 'slots_overlap'],
    ['that no parser gets through', '<div id="a">x</div><select><style>', 'not_parsed'],
    ['with a tag that is not ASCII', '<div id="a" lang="é">x</div><p class=b>', 'tag_not_ascii'],
  ])('%s', async (_, html, why) => {
    const slots = [slotOf('a', '#a', 'set-attribute'), slotOf('b', '#b, .b', 'inner')]
    expect(await spliced(html, { slots, plan: planOf(slots, [0]) })).toBe(why)
  })
})
