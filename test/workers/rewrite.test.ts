import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Operation, type Slot, SlotSchema } from '../../src/model/slot.ts'
import { toBeaconTag } from '../../src/rewrite/beacon.ts'
import type { Plan } from '../../src/rewrite/plan.ts'
import { rewrite } from '../../src/rewrite/rewrite.ts'

const HTML = { 'content-type': 'text/html; charset=utf-8' }

const slotOf = (changes: object = {}): Slot =>
  SlotSchema.parse({ id: 'hero', selector: '#hero', pages: ['/'], ...changes })

const fragmentOf = (html: string, slot = slotOf()) => ({
  ...{ slot, experience: 'e', html, marks: ['hero'] },
})

const planOf = (changes: Partial<Plan> = {}): Plan => ({
  ...{ fragments: [], watched: [], sampled: false, cookies: [], timing: 'sv;desc="personal"' },
  ...changes,
})

/** The page after rewriting, and how often each slot was seen. */
async function rewritten(html: string, plan: Partial<Plan>, headers: Record<string, string> = {}) {
  const origin = new Response(html, { headers: { ...HTML, ...headers } })
  const found: Record<string, number> = {}
  const result = rewrite(origin, planOf(plan), (sightings) => {
    for (const [slot, { matches }] of sightings) found[slot] = matches
  })
  return { kind: result.kind, html: await result.response.text(), found, result }
}

describe('an operation', () => {
  const PAGE = '<p>a</p><div id=hero class="x"><i>old</i></div><p>b</p>'
  const NEW = '<b data-sv="hero">new</b>'

  test.each<[Operation, string]>([
    ['replace', `<p>a</p>${NEW}<p>b</p>`],
    ['inner', `<p>a</p><div id=hero class="x">${NEW}</div><p>b</p>`],
    ['prepend', `<p>a</p><div id=hero class="x">${NEW}<i>old</i></div><p>b</p>`],
    ['append', `<p>a</p><div id=hero class="x"><i>old</i>${NEW}</div><p>b</p>`],
    ['before', `<p>a</p>${NEW}<div id=hero class="x"><i>old</i></div><p>b</p>`],
    ['after', `<p>a</p><div id=hero class="x"><i>old</i></div>${NEW}<p>b</p>`],
    ['remove', '<p>a</p><p>b</p>'],
  ])('%s', async (operation, expected) => {
    const fragments = [fragmentOf(NEW, slotOf({ operation }))]
    expect(await rewritten(PAGE, { fragments })).toMatchObject({
      html: expected,
      found: { hero: 1 },
    })
  })

  test('set-attribute, whose value keeps within its quotes', async () => {
    const slot = slotOf({ operation: 'set-attribute', attribute: 'title' })
    const { html } = await rewritten(PAGE, {
      fragments: [fragmentOf('&quot;1&quot; &lt; 2', slot)],
    })
    const [tag = ''] = /<div[^>]*>/.exec(html) ?? []
    expect(tag).toContain('title="&quot;1&quot; &lt; 2"')
    expect(tag).toContain('data-sv="hero"')
    expect(html.replace(tag, '')).toBe('<p>a</p><i>old</i></div><p>b</p>')
  })

  test('takes the first element only, and counts them all', async () => {
    const twice = '<p class=x>1</p><p class=x>2</p>'
    const fragments = [fragmentOf('new', slotOf({ selector: '.x' }))]
    expect(await rewritten(twice, { fragments })).toMatchObject({
      ...{ html: '<p class=x>new</p><p class=x>2</p>', found: { hero: 2 } },
    })
  })

  test('is reported as not found where its element is not there, or cannot take it', async () => {
    const fragments = [
      fragmentOf('new'),
      fragmentOf('new', slotOf({ id: 'image', selector: 'img' })),
    ]
    const { html, found } = await rewritten('<img src=a><p>x</p>', { fragments })
    expect(html).toContain('<p>x</p>')
    expect(found.hero).toBe(0)
  })

  test('does not see what another one has put there', async () => {
    const fragments = [
      fragmentOf('<b class=y>new</b>'),
      fragmentOf('again', slotOf({ id: 'other', selector: '.y' })),
    ]
    const { html, found } = await rewritten('<div id=hero></div>', { fragments })
    expect([html, found]).toEqual(['<div id=hero><b class=y>new</b></div>', { hero: 1, other: 0 }])
  })
})

test.each(['script', 'iframe', 'style', 'textarea', 'SCRIPT', 'link', 'object'])(
  'an element that runs or loads something is left as it is: %s',
  async (name) => {
    const page = `<p>a</p><${name} id=hero integrity="sha256-x"></${name}><p>b</p>`
    const slot = slotOf({ operation: 'set-attribute', attribute: 'src' })
    for (const fragments of [[fragmentOf('https://evil.example/x.js', slot)], [fragmentOf('x')]]) {
      const { html, found } = await rewritten(page, { fragments })
      expect(html).toBe(page)
      expect(found).toEqual({ hero: 0 })
    }
  },
)

test('bytes outside the slots are never changed, whatever they are', async () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom(
      ...['<', '>', '&', '"', "'", '<b', '</', '</p>', '<!--', '-->', '<script>', '</script>'],
    ),
    fc.constantFrom(
      ...['<p title="', '\0', '\r\n', '<svg>', '<![CDATA[', '<table>', '<br/>', '&amp', 'å'],
    ),
  )
  const around = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('').toWellFormed())
  let inserted = 0
  const property = fc.asyncProperty(around, around, async (before, after) => {
    const page = `${before}<div id="hero">old</div>${after}`
    // Of that name: an unfinished tag before it makes another element of it, which has no end.
    const slot = slotOf({ selector: 'div#hero' })
    const { html } = await rewritten(page, { fragments: [fragmentOf('new', slot)] })
    const changed = `${before}<div id="hero">new</div>${after}`
    // In a comment, a script or an attribute there is no element, and the page stays as it is.
    if (html === changed) inserted++
    else expect(html).toBe(page)
  })
  await fc.assert(property, { seed: 16, numRuns: 300 })
  expect(inserted).toBeGreaterThan(100)
})

describe('a response that stays as it is', () => {
  const fragments = [fragmentOf('new')]

  test.each<[string, ResponseInit, string]>([
    ['of another type', { headers: { 'content-type': 'text/plain' } }, 'content_type'],
    ['of another status', { status: 404, headers: HTML }, 'status'],
    ['in another encoding', { headers: { ...HTML, 'content-encoding': 'zstd' } }, 'encoding'],
    [
      'not to be changed',
      { headers: { ...HTML, 'cache-control': 'no-transform' } },
      'no_transform',
    ],
    [
      'in a charset without ASCII',
      { headers: { 'content-type': 'text/html; charset=utf-16le' } },
      'charset',
    ],
  ])('%s', async (_, init, why) => {
    const origin = new Response('<div id=hero>old</div>', { ...init, encodeBody: 'manual' })
    const result = rewrite(origin, planOf({ fragments, cookies: ['sv=x'] }), () => undefined)
    expect(result).toMatchObject({ kind: 'untouched', why })
    expect(result.response).toBe(origin)
    expect(await result.response.text()).toBe('<div id=hero>old</div>')
  })

  test('with nothing to do, but for our cookie, which makes it this visitor’s own', async () => {
    const headers = {
      ...HTML,
      'cache-control': 'public, max-age=60',
      'cdn-cache-control': 'max-age=60',
    }
    const as = rewrite(new Response('x', { headers }), planOf(), () => undefined)
    expect(as.response.headers.get('cache-control')).toBe('public, max-age=60')
    const own = rewrite(
      new Response('x', { headers }),
      planOf({ cookies: ['sv=x'] }),
      () => undefined,
    )
    expect([own.kind, own.response.headers.getSetCookie()]).toEqual(['untouched', ['sv=x']])
    expect(own.response.headers.get('cache-control')).toBe('private, no-store')
    expect(own.response.headers.get('cdn-cache-control')).toBeNull()
  })
})

describe('the beacon', () => {
  const beacon = (form: Parameters<typeof toBeaconTag>[1]) =>
    toBeaconTag({ token: 'k.p.m', marks: ['hero', ''] }, form)
  const tagOf = async (html: string, headers: Record<string, string> = {}) =>
    /<script[^>]*data-sv='[^']*'[^>]*>/.exec(
      (await rewritten(html, { atEnd: beacon }, headers)).html,
    )?.[0]
  const DATA = `data-sv='{"t":"k.p.m","d":["hero",""]}'`

  test.each<[string, string, Record<string, string>, string | undefined]>([
    ['inline where nothing forbids it', '<p>x', {}, `<script ${DATA}>`],
    [
      'with the page’s nonce',
      '<p>x',
      { 'content-security-policy': "script-src 'nonce-r4'" },
      `<script nonce="r4" ${DATA}>`,
    ],
    [
      'from its own address',
      '<p>x',
      { 'content-security-policy': "script-src 'self'" },
      `<script src="/_sv/beacon.js" ${DATA} async>`,
    ],
    ['not at all', '<p>x', { 'content-security-policy': "script-src 'none'" }, undefined],
    [
      'as a policy that only reports would have it',
      '<p>x',
      { 'content-security-policy-report-only': "script-src 'self'" },
      `<script src="/_sv/beacon.js" ${DATA} async>`,
    ],
    [
      'as a policy in the page would have it',
      `<meta http-equiv=Content-Security-Policy content="script-src 'self'">`,
      {},
      `<script src="/_sv/beacon.js" ${DATA} async>`,
    ],
    [
      'as both would',
      `<meta http-equiv="content-security-policy" content="script-src 'self'">`,
      { 'content-security-policy': "script-src 'nonce-r'" },
      undefined,
    ],
  ])('is put on a page %s', async (_, html, headers, tag) =>
    expect(await tagOf(html, headers)).toBe(tag),
  )

  test('stands at the very end', async () => {
    const { html } = await rewritten('<html><body><p>x</body></html>', { atEnd: beacon })
    expect(html).toMatch(/^<html><body><p>x<\/body><\/html><script .*<\/script>$/s)
  })

  test('keeps what it is told within its attribute', () => {
    const tag = toBeaconTag({ token: `'><script>`, marks: ["a'b", '&amp;'] }, { kind: 'external' })
    expect(tag).toBe(
      `<script src="/_sv/beacon.js" data-sv='{"t":"&#39;>&lt;script>","d":["a&#39;b","&amp;amp;"]}' async></script>`,
    )
  })
})

describe('the end of a page is whole', () => {
  const PAGE = '<p>a</p><div id=hero>old</div><p>b</p></html>'
  const origin = () => new Response(PAGE, { headers: HTML })
  const fail = () => {
    throw new Error('broken')
  }

  test('when the beacon cannot be written', async () => {
    const { html } = await rewritten(PAGE, { fragments: [fragmentOf('new')], atEnd: fail })
    expect(html).toBe('<p>a</p><div id=hero>new</div><p>b</p></html>')
  })
  test('when what it showed cannot be told', async () => {
    const plan = planOf({ fragments: [fragmentOf('new')] })
    const { response } = rewrite(origin(), plan, fail)
    expect(await response.text()).toBe('<p>a</p><div id=hero>new</div><p>b</p></html>')
  })
})

test('a coding whose name the runtime does not decode passes as it is', () => {
  const coded = new Response('x', { headers: { ...HTML, 'content-encoding': 'GZIP' } })
  const result = rewrite(coded, planOf({ fragments: [fragmentOf('new')] }), () => undefined)
  expect(result).toMatchObject({ kind: 'untouched', why: 'encoding' })
})
