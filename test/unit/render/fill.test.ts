import fc from 'fast-check'
import Mustache from 'mustache'
import { describe, expect, test } from 'vitest'
import { type Bundle, openBundle } from '../../../src/model/bundle.ts'
import { type Module, ModuleSchema } from '../../../src/model/module.ts'
import { SiteSchema } from '../../../src/model/site.ts'
import { type Slot, SlotSchema } from '../../../src/model/slot.ts'
import type { Subject } from '../../../src/model/subject.ts'
import { escapeHtml, toAscii } from '../../../src/render/escape.ts'
import { fillTemplate } from '../../../src/render/fill.ts'
import { render } from '../../../src/render/render.ts'
import { checkTemplate } from '../../../src/render/template.ts'
import { throughGate } from '../../subjects.ts'

type Content = Readonly<Record<string, unknown>>

const FIELDS = {
  title: { kind: 'text' },
  note: { kind: 'text', required: false },
  count: { kind: 'number' },
  show: { kind: 'flag', required: false },
  link: { kind: 'url' },
  items: { kind: 'list', fields: { name: { kind: 'text' }, link: { kind: 'url' } } },
} as const

const moduleOf = (template: string): Module =>
  ModuleSchema.parse({ id: 'm', template, fields: FIELDS })

const heroSlot = (changes: object = {}): Slot =>
  SlotSchema.parse({ id: 'hero', selector: '#hero', pages: ['/'], ...changes })

/** A bundle with one slot whose only variants are these contents of one module. */
function bundleOf(module: Module, contents: readonly Content[], slot = heroSlot()): Bundle {
  const whole = slot.operation !== 'set-attribute'
  const variants = contents.map((content, n) => [
    `v${n}`,
    { segments: fillTemplate(module, content, { whole }) },
  ])
  const site = { id: 's', name: 'S', hosts: ['a'], origin: 'https://a.example' }
  return openBundle(
    {
      ...{ format: 1, site: SiteSchema.parse(site), slots: [slot], audiences: {}, goals: [] },
      ...{ experiences: [], reads: [], readsKey: '', variants: Object.fromEntries(variants) },
    },
    'hash',
  )
}

function show(bundle: Bundle, subject: Subject, variants: readonly string[] = ['v0']) {
  const picks = variants.map((variant) => ({ variant, propensity: 1 }))
  const decision = { slot: 'hero', experience: 'e', picks, version: 0, segment: '' } as const
  return render([{ ...decision, reason: 'rule' }], subject, bundle)
}

function htmlOf(module: Module, content: Content, subject: Subject): string {
  return show(bundleOf(module, [content]), subject).fragments[0]?.html ?? ''
}

const subjectOf = (city: string, user: Subject['visitor']['user'] = {}): Subject =>
  throughGate({
    signals: {
      ...{ country: 'SE', region: '', city, continent: 'EU', device: 'phone', language: 'sv' },
      ...{
        referrer: '',
        hour: 0,
        weekday: 1,
        date: '2026-11-23',
        path: '/',
        bot: false,
        prefetch: false,
      },
      campaign: { source: '', medium: '', name: '' },
    },
    visitor: {
      ...{ tier: 2, returning: true, visits: 3, signedIn: true, user },
      campaign: { source: 'news', medium: '', name: '' },
    },
    profile: { pages: 4, events: { order: { count: 2 } }, topInterest: '' },
  })

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('', '<b>', '"', "' onload=x", '{{title}}', '&amp;', 'å€𝒳', '\n', '=`'),
)
const link = fc.constantFrom('', '/', '/a?b=c&d=e', 'https://å.example/"', '#top')

const contents = fc.record({
  title: text,
  note: text,
  count: fc.oneof(
    fc.constant(0),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  ),
  show: fc.boolean(),
  link,
  items: fc.array(fc.record({ name: text, link }), { maxLength: 3 }),
})

const subjects = fc
  .tuple(text, text, fc.oneof(text, fc.integer(), fc.constant(undefined)))
  .map(([city, name, points]) => subjectOf(city, { name, ...(points !== undefined && { points }) }))

/** Pieces that may stand anywhere in text. */
const leaf = fc.constantFrom(
  ...['{{title}}', '{{count}}', '{{note}}', '{{signals.city}}', '{{visitor.user.name}}', ' ', '\n'],
  ...['{{visitor.user.points}}', '{{profile.events.order.count}}', '{{signals.hour}}', 'plain ö ✓'],
  ...[
    '<br>',
    '<a href="{{link}}" title="{{title}} {{signals.city}}">x</a>',
    '{{! remark }}',
    '&lt;',
  ],
  ...['<i title="{{#show}}{{note}}{{/show}}">{{visitor.visits}}</i>', "<b title='{{title}}'>y</b>"],
)

const SECTIONS = [
  ...[
    'title',
    'note',
    'count',
    'show',
    'link',
    'signals.city',
    'signals.hour',
    'visitor.returning',
  ],
  ...['visitor.user.points', 'visitor.user.none', 'profile.topInterest', 'profile.pages'],
]

const parts = fc.letrec<{ parts: string; part: string }>((tie) => ({
  parts: fc.array(tie('part'), { maxLength: 5 }).map((all) => all.join('')),
  part: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc
      .tuple(fc.constantFrom('#', '^'), fc.constantFrom(...SECTIONS), tie('parts'))
      .map(([sign, path, inner]) => `{{${sign}${path}}}${inner}{{/${path}}}`),
    tie('parts').map((inner) => `{{#items}}<li>{{name}}{{link}}${inner}</li>{{/items}}`),
    tie('parts').map((inner) => `{{^items}}none${inner}{{/items}}`),
    tie('parts').map((inner) => `<div class="a">${inner}</div>\n`),
  ),
}))

const MARK = ' data-sv="hero"'

describe('a filled template', () => {
  test('is what mustache would have rendered, in ASCII and with its mark', () => {
    const property = fc.property(parts.parts, contents, subjects, (inner, content, subject) => {
      const module = moduleOf(`<section class="x">${inner}</section>`)
      expect(checkTemplate(module, { whole: true })).toEqual([])
      const view = { ...content, ...subject }
      const options = { escape: (value: unknown) => escapeHtml(String(value)) }
      const expected = Mustache.render(module.template, view, {}, options)
      const html = htmlOf(module, content, subject)
      expect(html.startsWith(`<section${MARK} class="x">`)).toBe(true)
      expect(html.replace(MARK, '')).toBe(toAscii(expected))
    })
    fc.assert(property, { seed: 11, numRuns: 1000 })
  })

  test('lets no value, of content or of a person, out of its place', () => {
    const property = fc.property(text, text, (title, name) => {
      const module = moduleOf(
        '<p title="{{title}} {{visitor.user.name}}">{{visitor.user.name}}</p>',
      )
      const html = htmlOf(module, { title }, subjectOf('', { name }))
      expect(html).toMatch(/^<p data-sv="hero" title="[^"<>]*">[^<>]*<\/p>$/)
    })
    fc.assert(property, { seed: 12, numRuns: 500 })
  })

  test('shows no list and no truth value of a person as text', () => {
    const module = moduleOf('<p>{{visitor.user.roles}}{{visitor.returning}}{{visitor.user}}</p>')
    const subject = subjectOf('', { roles: ['a', 'b'] })
    expect(htmlOf(module, {}, subject)).toBe(`<p${MARK}></p>`)
  })

  test('takes an item’s empty field for empty, whatever stands further out by that name', () => {
    const module = ModuleSchema.parse({
      id: 'm',
      template: '<ul>{{#items}}<li><a href="{{go}}">{{#go}}x{{/go}}</a></li>{{/items}}</ul>',
      fields: {
        go: { kind: 'text' },
        items: { kind: 'list', fields: { go: { kind: 'url', required: false } } },
      },
    })
    expect(checkTemplate(module, { whole: true })).toEqual([])
    const content = { go: 'javascript:alert(1)', items: [{}, { go: '/safe' }] }
    expect(htmlOf(module, content, subjectOf(''))).toBe(
      `<ul${MARK}><li><a href=""></a></li><li><a href="/safe">x</a></li></ul>`,
    )
  })

  test('reads own properties only', () => {
    const module = moduleOf('<p>{{title}}{{profile.traits.toString}}{{visitor.user.valueOf}}</p>')
    expect(htmlOf(module, Object.create({ title: 'inherited' }), subjectOf(''))).toBe(
      `<p${MARK}></p>`,
    )
  })

  test('has its mark in the root element, behind white space too', () => {
    expect(htmlOf(moduleOf('\n \t<p>å</p>'), {}, subjectOf(''))).toBe(`\n \t<p${MARK}>&#229;</p>`)
    expect(htmlOf(moduleOf('<br>'), {}, subjectOf(''))).toBe(`<br${MARK}>`)
  })
})

describe('fragments', () => {
  const subject = subjectOf('Malmö')
  const contentsOf = (...titles: string[]) => titles.map((title) => ({ title }))

  test('of a list are marked by their place', () => {
    const bundle = bundleOf(moduleOf('<li>{{title}}</li>'), contentsOf('a', 'b', 'c'))
    const { fragments, faults } = show(bundle, subject, ['v2', 'v0', 'v1'])
    expect(faults).toEqual([])
    expect(fragments[0]).toMatchObject({ experience: 'e', marks: ['hero', 'hero.1', 'hero.2'] })
    expect(fragments[0]?.html).toBe(
      '<li data-sv="hero">c</li><li data-sv="hero.1">a</li><li data-sv="hero.2">b</li>',
    )
  })

  test('of an attribute are plain text, escaped and unmarked', () => {
    const slot = heroSlot({ operation: 'set-attribute', attribute: 'title' })
    const bundle = bundleOf(moduleOf('{{title}} & {{signals.city}}'), contentsOf('"a"'), slot)
    expect(show(bundle, subject).fragments[0]).toMatchObject({
      html: '&quot;a&quot; & Malm&#246;',
      marks: ['hero'],
    })
  })

  test('that take an element away leave no mark', () => {
    const bundle = bundleOf(moduleOf('<br>'), contentsOf('a'), heroSlot({ operation: 'remove' }))
    expect(show(bundle, subject).fragments[0]?.marks).toEqual([''])
  })

  test('that cannot be made take nothing with them but their own slot', () => {
    const bundle = bundleOf(moduleOf('<p>{{title}}</p>'), contentsOf('a'))
    const good = { slot: 'hero', experience: 'e', version: 0, segment: '', reason: 'rule' } as const
    const picks = [{ variant: 'v0', propensity: 1 }]
    const decisions = [
      { ...good, experience: 'broken', picks: [{ variant: 'gone', propensity: 1 }] },
      { ...good, experience: 'fine', picks },
      { ...good, slot: 'unknown', picks },
      { ...good, experience: 'held', picks: [], reason: 'holdout' as const },
    ]
    const { fragments, faults } = render(decisions, subject, bundle)
    expect(fragments.map(({ experience }) => experience)).toEqual(['fine'])
    expect(faults).toEqual([{ slot: 'hero', detail: expect.stringContaining('gone') }])
  })
})
