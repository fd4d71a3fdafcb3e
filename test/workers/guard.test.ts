import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Operation, SlotSchema } from '../../src/model/slot.ts'
import type { Plan } from '../../src/rewrite/plan.ts'
import { rewrite } from '../../src/rewrite/rewrite.ts'
import { cuts, nastyMarkup, pieces } from '../unit/rewrite/nasty-markup.ts'

const HTML = { 'content-type': 'text/html; charset=utf-8' }
const KB = 1024
const MB = 1024 * KB
const WHOLE: readonly number[] = [Number.POSITIVE_INFINITY]

/** What is put in a slot; no page has it of its own. */
const NEW = '<ins data-sv="hero">✻</ins>'.replace('✻', '&#10043;')

const encode = (html: string) => new TextEncoder().encode(html)

/** A body that gives a page piece by piece, as it is asked. */
function bodyOf(html: string, lengths: readonly number[]): ReadableStream<Uint8Array> {
  const left = pieces(encode(html), lengths)
  return new ReadableStream({
    pull(controller) {
      const piece = left.shift()
      if (piece) controller.enqueue(piece)
      else controller.close()
    },
  })
}

interface Outcome {
  readonly html: string
  readonly found: number
  readonly stop: string | undefined
}

function planOf(selector: string, operation: Operation): Plan {
  const attribute = operation === 'set-attribute' ? { attribute: 'title' } : {}
  const slot = SlotSchema.parse({ id: 'hero', selector, pages: ['/'], operation, ...attribute })
  const fragment = { slot, experience: 'e', html: NEW, marks: ['hero'] }
  return { fragments: [fragment], watched: [], sampled: false, cookies: [], timing: 'sv' }
}

/** A page as it comes out with one slot on it. */
async function rewritten(
  html: string,
  { selector = '#hero', operation = 'inner' as Operation, lengths = WHOLE } = {},
): Promise<Outcome> {
  let found = 0
  let stop: string | undefined
  const origin = new Response(bodyOf(html, lengths), { headers: HTML })
  const result = rewrite(origin, planOf(selector, operation), (sightings, why) => {
    found = sightings.get('hero')?.matches ?? 0
    stop = why
  })
  return { html: await result.response.text(), found, stop }
}

/** A page as a rewriter alone would leave it, or nothing where it is cut off. */
async function unguarded(html: string, selector = '#hero'): Promise<string | undefined> {
  const rewriter = new HTMLRewriter().on(selector, {
    element: (element) => void element.setInnerContent(NEW, { html: true }),
  })
  try {
    const page = new Response(bodyOf(html, [64 * KB]), { headers: HTML })
    return await rewriter.transform(page).text()
  } catch {
    return undefined
  }
}

const deep = (count: number) => '<b>'.repeat(count)

/** What a rewriter alone cuts a page off for. */
const POISON: readonly (readonly [string, string])[] = [
  ['style in select', '<select><option>1<style>b{}</style></select>'],
  ['xmp in select', '<select><xmp></xmp></select>'],
  ['plaintext in select', '<select><plaintext></select>'],
  ['noscript in select', '<select><noscript>x</noscript></select>'],
  ['iframe in select', '<select><iframe></iframe></select>'],
  ['title in a template in select', '<select><template><title>x</title></template></select>'],
  ['style after frameset', '<frameset><frame src="/f"></frameset><style>b{}</style>'],
  ['style in select in SVG', '<svg><g><select><style>b{}</style></select></g></svg>'],
  ['style in select in MathML in SVG', '<svg><desc><math><mi><select><style>'],
  ['20,000 open elements', deep(20_000)],
  ['an attribute of 4 MiB', `<p title="${'x'.repeat(4 * MB)}">`],
  ['a tag name of 4 MiB', `<${'x'.repeat(4 * MB)}>`],
]

const SLOT = '<div id="hero">old</div>'
const FILLED = `<div id="hero">${NEW}</div>`

describe('a page that a rewriter alone would cut off', () => {
  test.each(POISON)('is whole, and its slots before that are filled: %s', async (_, poison) => {
    const page = (slot: string) => `<!doctype html><body>${slot}<p>a</p>${poison}<p>b</p>é`
    expect((await unguarded(page(SLOT))) === undefined).toBe(true)
    for (const lengths of [WHOLE, [64 * KB]]) {
      const { html, found, stop } = await rewritten(page(SLOT), { lengths })
      expect(html === page(FILLED)).toBe(true)
      expect(found).toBe(1)
      expect(stop).toBeTruthy()
    }
  })

  test.each(POISON)('shows what comes after as it was: %s', async (_, poison) => {
    const page = `<!doctype html><body>${poison}<p>b</p>${SLOT}`
    const { html, found } = await rewritten(page)
    expect(html === page).toBe(true)
    expect(found).toBe(0)
  })
})

test('markup that is text or not by how it is looked at passes unparsed', async () => {
  const page = `<div>old</div><p>a<script src=>"<select><style>"</script><p>b`
  expect(await unguarded(page, 'div')).toBeUndefined()
  const { html, stop } = await rewritten(page, { selector: 'div' })
  expect([html, stop]).toEqual([page.replace('old', NEW), 'ambiguous'])
})

describe('an element that has no end of its own', () => {
  const AFTER = '<main><p>all the rest</p></main>'

  test.each([
    ['never closed', `<section><div id="hero">old</section>${AFTER}`],
    ['closed by itself, which counts for nothing', `<section><div id="hero"/></section>${AFTER}`],
    ['closed a page later', `<div id="hero">old${'x'.repeat(600 * KB)}</div>${AFTER}`],
    ['closed by the next one', `<ul><li id="hero">old<li>next</li></ul>${AFTER}`],
    ['a paragraph that a block ends', `<p id="hero">old<div>block</div>${AFTER}</p>`],
    ['closed where no parser gets to', `<div id="hero">old<frameset></div>${AFTER}<title>x`],
    ['open at the end', `<div id="hero">old${AFTER}`],
  ])('does not take along what follows: %s', async (_, page) => {
    for (const operation of ['replace', 'inner', 'remove', 'append', 'after'] as const) {
      const { html, found } = await rewritten(page, { operation, lengths: [64 * KB] })
      expect([html === page, found]).toEqual([true, 0])
    }
  })

  test('may still have something put before it, or at its beginning', async () => {
    const page = `<section><div id="hero">old</section>${AFTER}`
    const before = await rewritten(page, { operation: 'before' })
    expect(before).toMatchObject({ html: page.replace('<div', `${NEW}<div`), found: 1 })
    const prepend = await rewritten(page, { operation: 'prepend' })
    expect(prepend).toMatchObject({ html: page.replace('old', `${NEW}old`), found: 1 })
  })

  test('may be removed or replaced where it can have none', async () => {
    const page = `<p>a</p><img id="hero"><p>b</p>`
    expect((await rewritten(page, { operation: 'remove' })).html).toBe('<p>a</p><p>b</p>')
    expect((await rewritten(page, { operation: 'replace' })).html).toBe(`<p>a</p>${NEW}<p>b</p>`)
    expect(await rewritten(page, { operation: 'inner' })).toMatchObject({ html: page, found: 0 })
  })
})

test('a page that keeps to no rule, cut anywhere, comes out to the byte', async () => {
  const property = fc.asyncProperty(nastyMarkup, cuts, async (page, lengths) => {
    expect((await rewritten(page, { selector: '#nowhere', lengths })).html).toBe(page)
  })
  await fc.assert(property, { seed: 23, numRuns: 200 })
})

/** Operations that leave every byte of the page where it is. */
const ADDING = ['before', 'prepend', 'append', 'after'] as const
const TAKING = ['replace', 'inner', 'remove'] as const

/** Most of these have a slot with an end, if their parts do not undo it. */
const pageWithSlot = fc
  .tuple(nastyMarkup, nastyMarkup, nastyMarkup)
  .map(([before, inside, after]) => `${before}<div id="e0">${inside}</div>${after}`)

test('in any page, wherever it is cut, only the slot changes', async () => {
  const selectors = fc.constantFrom('#e0', '#e0', '#e1', 'b')
  let filled = 0
  const property = fc.asyncProperty(
    ...([pageWithSlot, cuts, selectors] as const),
    async (page, lengths, selector) => {
      const outcome = async (operation: Operation) => {
        const { html, found } = await rewritten(page, { selector, operation, lengths })
        if (found === 0) expect(html).toBe(page)
        return found === 0 ? undefined : html
      }
      const added = await Promise.all(ADDING.map(outcome))
      const taken = await Promise.all(TAKING.map(outcome))
      for (const html of added) if (html) expect(html.split(NEW).join('')).toBe(page)
      const [before, prepend, append, after] = added.map((html) => html?.split(NEW))
      const [replace, inner, remove] = taken
      // SVG that closes itself takes nothing in.
      if (prepend?.length === 1) expect(inner).toBe(page)
      else if (inner) expect(inner).toBe(prepend?.[0] + NEW + append?.[1])
      if (replace) expect(replace).toBe(before?.[0] + NEW + (after ?? before)?.[1])
      if (remove) expect(remove).toBe(replace?.replace(NEW, ''))
      if (inner) filled++
    },
  )
  await fc.assert(property, { seed: 24, numRuns: 120 })
  expect(filled).toBeGreaterThan(5)
})

test('an element that is never closed is not taken for a slot whose tag is cut in two', async () => {
  const page = '<body><main><h2>old</h2><p>a'
  for (let first = 1; first < page.length; first++) {
    const lengths = [first, page.length]
    const { html } = await rewritten(page, { selector: 'main > h2', lengths })
    expect(html).toBe(page.replace('old', NEW))
  }
})

describe('a page that comes slowly', () => {
  test('is passed on as it comes', async () => {
    const { readable, writable } = new TransformStream<Uint8Array>()
    const writer = writable.getWriter()
    const origin = new Response(readable, { headers: HTML })
    const { response } = rewrite(origin, planOf('#hero', 'inner'), () => {})
    const reader = response.body?.getReader()
    void writer.write(encode(`<body>${SLOT}<p>first</p>`))
    const first = await reader?.read()
    expect(new TextDecoder().decode(first?.value)).toContain('<body>')
    void writer.write(encode('<p>second</p>')).then(() => writer.close())
    let rest = ''
    for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
      rest += new TextDecoder().decode(part.value)
    }
    expect(rest).toContain('<p>second</p>')
  })

  test('is asked for no faster than it is read', async () => {
    let asked = 0
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          asked++
          controller.enqueue(encode('<p>paragraph</p>'.repeat(1024)))
        },
      },
      { highWaterMark: 0 },
    )
    const origin = new Response(body, { headers: HTML })
    const { response } = rewrite(origin, planOf('#hero', 'inner'), () => {})
    const reader = response.body?.getReader()
    await reader?.read()
    await scheduler.wait(50)
    expect(asked).toBeLessThan(20)
    await reader?.cancel()
  })

  test('is let go when its reader leaves', async () => {
    let reason: unknown
    const body = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => controller.enqueue(encode('<p>paragraph</p>'.repeat(1024))),
        cancel: (why) => {
          reason = why ?? 'left'
        },
      },
      { highWaterMark: 0 },
    )
    const origin = new Response(body, { headers: HTML })
    const { response } = rewrite(origin, planOf('#hero', 'inner'), () => {})
    const reader = response.body?.getReader()
    await reader?.read()
    await reader?.cancel('enough')
    await scheduler.wait(20)
    expect(reason).toBeDefined()
  })

  test.each([
    ['between tags', '<p>a</p>'],
    ['in a slot', '<p>a</p><div id="hero">old'],
    ['in a tag', '<p>a</p><div id="he'],
  ])('breaks off where it breaks off at the origin: %s', async (_, sent) => {
    const left = [encode(sent)]
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const piece = left.shift()
        if (piece) controller.enqueue(piece)
        else controller.error(new Error('the origin is gone'))
      },
    })
    const origin = new Response(body, { headers: HTML })
    const { response } = rewrite(origin, planOf('#hero', 'inner'), () => {})
    await expect(response.text()).rejects.toThrow()
  })
})
