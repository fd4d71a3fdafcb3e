import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Bundle, openBundle } from '../../../src/model/bundle.ts'
import { type Module, ModuleSchema } from '../../../src/model/module.ts'
import { EMPTY_PROFILE } from '../../../src/model/profile.ts'
import { NO_CAMPAIGN } from '../../../src/model/signals.ts'
import { SiteSchema } from '../../../src/model/site.ts'
import { SlotSchema } from '../../../src/model/slot.ts'
import type { Subject } from '../../../src/model/subject.ts'
import { escapeHtml, toAscii } from '../../../src/render/escape.ts'
import { fillTemplate } from '../../../src/render/fill.ts'
import { render } from '../../../src/render/render.ts'
import { checkAttributeUse, checkTemplate } from '../../../src/render/template.ts'
import { fromCarried, toCarried } from '../../../src/visitor/carried.ts'
import { fold } from '../../../src/visitor/profile.ts'
import { toSnapshot } from '../../../src/visitor/snapshot.ts'
import { toView } from '../../../src/visitor/view.ts'
import { throughGate } from '../../subjects.ts'

/** What anybody may write into their own profile, a customer's record, or an issuer's token. */
const PATHS = ['profile.traits.note', 'profile.attributes.note', 'visitor.user.note'] as const

const HOSTILE = [
  ...['<script>alert(1)</script>', '</p><script>alert(1)</script>', '<svg/onload=alert(1)>'],
  ...['"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)", '` onfocus=`alert(1)'],
  ...['javascript:alert(1)', 'data:text/html,<b>', 'expression(alert(1))', '</style><script>'],
  ...['{{link}}', '{{{visitor.user.note}}}', '{{#show}}', '{{/show}}', '{{=<% %>=}}', '{{'],
  ...['\u0000', '<\u0000script>', '\u0000"\u0000onclick=x', '\ud800', '<\udfffb>', '\ud835"'],
  ...['&lt;script&gt;', '&#60;b&#62;', '&quot; onclick=x', '<!--', '-->', ']]>', '\u2028', '\r\n'],
  '<b>"\''.repeat(1700),
]

const module = (template: string): Module =>
  ModuleSchema.parse({
    ...{ id: 'm', template },
    fields: { link: { kind: 'url' }, show: { kind: 'flag' } },
  })

const AT = 1_796_000_000_000
const MOMENT = { now: AT, date: '2026-11-29' }
const ATTRIBUTES = [{ id: 'note', name: '', type: 'text' as const }]

/** Somebody of whom everything says the same; profiles come the way they go, by shard and cookie. */
function subjectWith(note: string): Subject {
  const event = {
    messageId: 'm',
    at: AT,
    kind: 'identify' as const,
    name: '',
    properties: { note },
  }
  const bundle = {
    reads: ['profile.traits.note', 'profile.attributes.note', 'profile.ages.note'],
    ...{ readsKey: 'k', attributes: ATTRIBUTES },
  }
  const attributes = { note: { value: note, at: AT, source: 'crm' } }
  const profile = fold(EMPTY_PROFILE, { event })
  const carried = toCarried(
    toSnapshot({ profile, attributes, shared: true }, bundle.reads, AT),
    bundle,
  )
  const snapshot = fromCarried(JSON.parse(JSON.stringify(carried)), bundle)
  if (!snapshot) throw new Error('It was carried for other paths.')
  return throughGate({
    signals: {
      ...{ country: 'SE', region: '', city: '', continent: 'EU', device: 'phone', language: 'sv' },
      ...{ referrer: '', hour: 0, weekday: 1, date: MOMENT.date, path: '/', campaign: NO_CAMPAIGN },
      ...{ bot: false, prefetch: false },
    },
    visitor: {
      ...{ tier: 2, returning: true, visits: 3, signedIn: true, user: { note } },
      campaign: NO_CAMPAIGN,
    },
    profile: toView(snapshot, bundle, MOMENT),
  })
}

function htmlOf(template: string, note: string, operation?: 'set-attribute'): string {
  const slot = SlotSchema.parse({
    ...{ id: 'hero', selector: '#hero', pages: ['/'] },
    ...(operation && { operation, attribute: 'title' }),
  })
  const segments = fillTemplate(module(template), { link: '/', show: true }, { whole: !operation })
  const site = SiteSchema.parse({ id: 's', name: 'S', hosts: ['a'], origin: 'https://a.example' })
  const bundle: Bundle = openBundle(
    {
      ...{ format: 1, site, slots: [slot], audiences: {}, goals: [], experiences: [] },
      ...{ reads: [], readsKey: '', variants: { v: { segments } } },
    },
    'hash',
  )
  const picks = [{ variant: 'v', propensity: 1 }]
  const decision = { slot: 'hero', experience: 'e', picks, version: 0, segment: '' } as const
  const { fragments } = render([{ ...decision, reason: 'rule' }], subjectWith(note), bundle)
  return fragments[0]?.html ?? ''
}

/** Claims are whole; of a profile a cookie carries 64 characters, even half of one. */
const told = (path: string, note: string) => (path.startsWith('profile') ? note.slice(0, 64) : note)

describe.each(PATHS)('%s', (path) => {
  const template = `<p title="a {{${path}}}" class='{{${path}}} b'>{{${path}}}</p>`

  test('is good in text and between quotes', () => {
    expect(checkTemplate(module(template), { whole: true })).toEqual([])
  })

  test.each(HOSTILE)('stays text in its place: %j', (note) => {
    const text = toAscii(escapeHtml(told(path, note)))
    expect(text).toMatch(/^[\0-\x7f]*$/)
    expect(text).not.toMatch(/[<>"'`=]/)
    expect(htmlOf(template, note)).toBe(
      `<p data-sv="hero" title="a ${text}" class='${text} b'>${text}</p>`,
    )
    expect(htmlOf(`{{${path}}}`, note, 'set-attribute')).toBe(text)
  })

  test('stays there whatever it is', () => {
    const unit = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.integer({ min: 0xd800, max: 0xdfff }).map((code) => String.fromCharCode(code)),
      fc.constantFrom(...['<', '>', '"', "'", '&', '`', '=', '{{', '}}', '/', '\0', ' ', '!--']),
    )
    const notes = fc.array(unit, { maxLength: 30 }).map((units) => units.join(''))
    const property = fc.property(notes, (note) => {
      const text = '[^<>"\'`=]*'
      expect(htmlOf(template, note)).toMatch(
        new RegExp(`^<p data-sv="hero" title="a ${text}" class='${text} b'>${text}</p>$`),
      )
    })
    fc.assert(property, { seed: 13, numRuns: 300 })
  })

  test.each([
    ...[`<a href="{{${path}}}">x</a>`, `<a href="https://{{${path}}}">x</a>`],
    ...[`<a href="/go?to={{${path}}}">x</a>`, `<img src="{{${path}}}" alt="">`],
    ...[`<img srcset="{{${path}}} 2x" alt="">`, `<form action="{{${path}}}"></form>`],
    ...[
      `<button formaction="{{${path}}}">x</button>`,
      `<svg><use xlink:href="{{${path}}}"/></svg>`,
    ],
    ...[`<p style="color: {{${path}}}">x</p>`, `<p><style>p { color: {{${path}}} }</style></p>`],
    ...[`<p onclick="go('{{${path}}}')">x</p>`, `<p><script>let a = "{{${path}}}"</script></p>`],
    ...[`<p class={{${path}}}>x</p>`, `<p {{${path}}}>x</p>`, `<p data-{{${path}}}="x">x</p>`],
    ...[`<{{${path}}}>x</{{${path}}}>`, `<p><!-- {{${path}}} --></p>`, `<p>{{{${path}}}}</p>`],
    ...[`<p>{{&${path}}}</p>`, `<p><textarea>{{${path}}}</textarea></p>`],
    ...[`<p srcdoc="{{${path}}}">x</p>`, `<p><iframe src="{{${path}}}"></iframe></p>`],
  ])('is refused where it would be more than text: %s', (refused) => {
    expect(checkTemplate(module(refused), { whole: true })).not.toEqual([])
  })

  test.each(['href', 'src', 'action', 'xlink:href', 'srcset'])(
    'is refused as a page’s %s',
    (name) => {
      expect(checkAttributeUse(module(`{{${path}}}`), name)).not.toEqual([])
    },
  )
})

test('a character of two halves that is cut in half becomes none', () => {
  const html = htmlOf('<p>{{profile.traits.note}}</p>', `${'x'.repeat(63)}𝒳`)
  expect(html).toBe(`<p data-sv="hero">${'x'.repeat(63)}&#65533;</p>`)
})
