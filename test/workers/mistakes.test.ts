import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { checkConfiguration } from '../../src/admin/check.ts'
import { platformOf } from '../../src/admin/platform.ts'
import { configOf } from '../../src/config.ts'
import type { ProblemCode } from '../../src/model/problem.ts'
import { configurationOf, withValue } from './configuration.ts'
import { publishDraft } from './doors.ts'

/** One mistake each: the value that is put there, the problem it makes, and the pointer where not there. */
type Mistake = readonly [
  what: string,
  pointer: string,
  value: unknown,
  code: ProblemCode,
  at?: string,
]

const TEMPLATE = '/modules/0/template'
const CONTENT = '/variants/0/content'
const CONDITION = '/audiences/0/condition'

/** A condition so many negations deep. */
const deep = (levels: number): object => (levels === 0 ? {} : { $not: deep(levels - 1) })

const SITE: readonly Mistake[] = [
  ['no name', '/site/name', '', 'invalid'],
  ['no hosts', '/site/hosts', [], 'invalid'],
  ['a host in capitals', '/site/hosts/0', 'Shop.test', 'invalid'],
  ['a host with a scheme', '/site/hosts/0', 'https://shop.test', 'invalid'],
  ['a host twice', '/site/hosts', ['shop.test', 'shop.test'], 'duplicate_id', '/site/hosts/1'],
  ['no address as origin', '/site/origin', 'origin', 'invalid'],
  ['an origin of another scheme', '/site/origin', 'ftp://origin.example', 'invalid'],
  ['an origin with a path', '/site/origin', 'https://origin.example/shop', 'origin_refused'],
  ['an origin with a query', '/site/origin', 'https://origin.example/?a=b', 'origin_refused'],
  ['an origin with a password', '/site/origin', 'https://a:b@origin.example', 'origin_refused'],
  ['a zone that is none', '/site/timezone', 'Europe/Romulus', 'invalid_timezone'],
  ['everybody held out', '/site/holdout', 0.9, 'invalid'],
  ['a tier that is none', '/site/consent/default', 3, 'invalid'],
  ['an experience called as the holdout', '/experiences/0/id', 'holdout', 'invalid'],
  ['nobody known excluded', '/site/excluded', ['none'], 'unknown_reference', '/site/excluded/0'],
  [
    'a layer twice',
    '/site/layers',
    [{ id: 'top' }, { id: 'top' }],
    'duplicate_id',
    '/site/layers/1/id',
  ],
  ['an unknown property', '/site/colour', 'red', 'invalid', '/site'],
]

const SLOTS: readonly Mistake[] = [
  ['an id twice', '/slots/1/id', 'hero', 'duplicate_id'],
  ['an id with capitals', '/slots/0/id', 'Hero', 'invalid'],
  ['an id that ends in a hyphen', '/slots/0/id', 'hero-', 'invalid'],
  ['an id that every object has', '/slots/0/id', 'constructor', 'invalid'],
  ['an id too long', '/slots/0/id', 'x'.repeat(65), 'invalid'],
  ['a sibling selector', '/slots/0/selector', 'h1 + p', 'unsupported_selector'],
  ['a general sibling selector', '/slots/0/selector', 'h1 ~ p', 'unsupported_selector'],
  ['a selector by content', '/slots/0/selector', 'div:has(p)', 'unsupported_selector'],
  ['a pseudo-element', '/slots/0/selector', 'p::before', 'unsupported_selector'],
  ['a selector that is none', '/slots/0/selector', '#', 'unsupported_selector'],
  ['a pattern that is none', '/slots/0/pages/0', '/a/:', 'invalid_pattern'],
  ['a pattern with an open group', '/slots/0/pages/0', '/a/{b', 'invalid_pattern'],
  ['a pattern with a regular expression', '/slots/0/pages/0', '/:x((?:a+)+)', 'invalid_pattern'],
  ['a pattern without a slash', '/slots/0/pages/0', 'products', 'invalid'],
  ['a pattern of ours', '/slots/0/pages/0', '/_sv/console/*', 'reserved_path'],
  ['our prefix itself', '/slots/0/pages/0', '/_sv', 'reserved_path'],
  ['no pages', '/slots/0/pages', [], 'invalid'],
  ['an unknown operation', '/slots/0/operation', 'wrap', 'invalid'],
  ['an attribute for nothing', '/slots/0/attribute', 'title', 'invalid'],
  ['an attribute that runs script', '/slots/2/attribute', 'onclick', 'unsafe_attribute'],
  ['an attribute that styles', '/slots/2/attribute', 'style', 'unsafe_attribute'],
  ['an attribute that is a page', '/slots/2/attribute', 'srcdoc', 'unsafe_attribute'],
]

const MODULES: readonly Mistake[] = [
  ['an id twice', '/modules/1/id', 'banner', 'duplicate_id'],
  ['a raw variable', TEMPLATE, '<p>{{{title}}}</p>', 'unsafe_template'],
  ['a raw variable, the other way', TEMPLATE, '<p>{{&title}}</p>', 'unsafe_template'],
  ['a partial', TEMPLATE, '<p>{{>title}}</p>', 'unsafe_template'],
  ['a script', TEMPLATE, '<p><script>x</script></p>', 'unsafe_template'],
  ['an element left open', TEMPLATE, '<p><b>{{title}}</p>', 'invalid_template'],
  ['a variable without quotes', TEMPLATE, '<p class={{title}}>x</p>', 'unsafe_template'],
  ['a text as a link', TEMPLATE, '<a href="{{title}}">x</a>', 'unsafe_template'],
  ['a variable that is run', TEMPLATE, '<a onclick="{{title}}">x</a>', 'unsafe_template'],
  ['a variable in a style', TEMPLATE, '<p style="{{title}}">x</p>', 'unsafe_template'],
  ['a script as a link', TEMPLATE, '<a href="javascript:x">x</a>', 'unsafe_template'],
  ['an unknown variable', TEMPLATE, '<p>{{titel}}</p>', 'unknown_variable'],
  ['an unknown signal', TEMPLATE, '<p>{{signals.ip}}</p>', 'unknown_variable'],
  [
    'a reserved field',
    '/modules/0/fields',
    { constructor: { kind: 'text' } },
    'invalid',
    '/modules/0/fields/constructor',
  ],
  [
    'a field of no kind',
    '/modules/0/fields/title/kind',
    'html',
    'invalid',
    '/modules/0/fields/title',
  ],
  ['more than a link for a link', '/modules/2/template', '{{href}}?x', 'unsafe_template'],
  [
    'an attribute’s module for an element',
    '/experiences/0/variants/0/variant',
    'sale',
    'invalid_template',
    '/modules/2/template',
  ],
]

const VARIANTS: readonly Mistake[] = [
  ['an id twice', '/variants/1/id', 'calm', 'duplicate_id'],
  ['a module that is not there', '/variants/0/module', 'none', 'unknown_reference'],
  ['an audience that is not there', '/variants/3/offer/eligible', 'none', 'unknown_reference'],
  ['a missing field', `${CONTENT}/title`, undefined, 'missing_field'],
  ['an empty field', `${CONTENT}/title`, '', 'missing_field'],
  ['a number for a text', `${CONTENT}/title`, 7, 'invalid_field'],
  ['a text too long', `${CONTENT}/title`, 'x'.repeat(41), 'invalid_field'],
  ['an unknown field', `${CONTENT}/colour`, 'red', 'unknown_field'],
  ['an unknown field, to be escaped', `${CONTENT}/a~b`, 'red', 'unknown_field', `${CONTENT}/a~0b`],
  ['a script as a link', `${CONTENT}/link`, 'javascript:alert(1)', 'invalid_field'],
  ['a script with a tab', `${CONTENT}/link`, 'java\tscript:alert(1)', 'invalid_field'],
  ['a link to any host', `${CONTENT}/link`, '//evil.example', 'invalid_field'],
  ['a picture over http', `${CONTENT}/image`, 'http://img.example/a.jpg', 'invalid_field'],
  ['a picture in the address', `${CONTENT}/image`, 'data:image/png;base64,AA', 'invalid_field'],
  ['a text for a list', `${CONTENT}/points`, 'one', 'invalid_field'],
  ['a list too long', `${CONTENT}/points`, Array(4).fill({ text: 'x' }), 'invalid_field'],
  ['an item that is none', `${CONTENT}/points`, ['one'], 'invalid_field', `${CONTENT}/points/0`],
  [
    'an item without its field',
    `${CONTENT}/points`,
    [{ text: 'x' }, {}],
    'missing_field',
    `${CONTENT}/points/1/text`,
  ],
  [
    'a text for a number in an item',
    `${CONTENT}/points`,
    [{ text: 'x', weight: '1' }],
    'invalid_field',
    `${CONTENT}/points/0/weight`,
  ],
  [
    'an offer that ends before it begins',
    '/variants/2/offer',
    { value: 1, from: '2026-01-02T00:00:00Z', until: '2026-01-02T00:00:00+01:00' },
    'invalid_schedule',
    '/variants/2/offer/until',
  ],
  ['an offer of no value', '/variants/2/offer/value', 0, 'invalid'],
  ['a date that is none', '/variants/2/offer/from', '2026-13-01', 'invalid'],
]

const CONDITIONS: readonly Mistake[] = [
  ['an audience twice', '/audiences/1/id', 'returning', 'duplicate_id'],
  [
    'an unknown operator',
    CONDITION,
    { 'signals.hour': { $near: 1 } },
    'unknown_operator',
    `${CONDITION}/signals.hour/$near`,
  ],
  [
    'a regular expression',
    CONDITION,
    { 'signals.city': { $regex: '(a+)+$' } },
    'unknown_operator',
    `${CONDITION}/signals.city/$regex`,
  ],
  ['an unknown path', CONDITION, { 'signals.ip': 1 }, 'unknown_path', `${CONDITION}/signals.ip`],
  [
    'too deep a nest',
    CONDITION,
    deep(22),
    'condition_too_large',
    `${CONDITION}${'/$not'.repeat(22)}`,
  ],
  ['no list', CONDITION, { $or: {} }, 'invalid', `${CONDITION}/$or`],
  ['no condition', CONDITION, 'returning', 'invalid'],
  ['a goal twice', '/goals/1/id', 'click', 'duplicate_id'],
  [
    'an unknown operator in a goal',
    '/goals/1/condition',
    { revenue: { $more: 5 } },
    'unknown_operator',
    '/goals/1/condition/revenue/$more',
  ],
  [
    'a path of a subject in a goal',
    '/goals/1/condition',
    { 'profile.pages': 5 },
    'unknown_path',
    '/goals/1/condition/profile.pages',
  ],
  ['a goal without an event', '/goals/1/event', '', 'invalid'],
  ['a goal of no kind', '/goals/1/kind', 'magic', 'invalid'],
  ['a page of a goal that is no pattern', '/goals/2/pages/0', '/thanks/:', 'invalid_pattern'],
]

const EXPERIENCES: readonly Mistake[] = [
  ['an id twice', '/experiences/1/id', 'hero-bandit', 'duplicate_id'],
  ['a slot that is not there', '/experiences/0/slot', 'none', 'unknown_reference'],
  ['an audience that is not there', '/experiences/2/audience', 'none', 'unknown_reference'],
  ['a goal that is not there', '/experiences/0/goal', 'none', 'unknown_reference'],
  ['a variant that is not there', '/experiences/0/variants/1/variant', 'none', 'unknown_reference'],
  ['a variant twice', '/experiences/0/variants/1/variant', 'calm', 'duplicate_id'],
  ['no variant', '/experiences/0/variants', [], 'invalid'],
  [
    'no weight at all',
    '/experiences/2/variants/0/weight',
    0,
    'invalid_weights',
    '/experiences/2/variants',
  ],
  ['a negative weight', '/experiences/2/variants/0/weight', -1, 'invalid'],
  ['a list of no offers', '/experiences/1/variants/0/variant', 'calm', 'not_an_offer'],
  ['a bandit without a goal', '/experiences/0/goal', undefined, 'goal_missing'],
  ['a list without a goal', '/experiences/1/goal', undefined, 'goal_missing'],
  ['a goal after the window', '/goals/1/after', 24, 'goal_too_late', '/experiences/0/window'],
  [
    'a watched goal that is not there',
    '/experiences/0/watched',
    [{ goal: 'refund' }],
    'unknown_reference',
    '/experiences/0/watched/0/goal',
  ],
  [
    'its own goal watched',
    '/experiences/0/watched',
    [{ goal: 'thanks' }, { goal: 'order' }],
    'duplicate_id',
    '/experiences/0/watched/1/goal',
  ],
  [
    'a goal watched twice',
    '/experiences/0/watched',
    [{ goal: 'thanks' }, { goal: 'thanks', harm: 'less' }],
    'duplicate_id',
    '/experiences/0/watched/1/goal',
  ],
  ['a reward for nobody', '/experiences/0/attribution', 'first', 'invalid'],
  [
    'an end before its start',
    '/experiences/2',
    {
      id: 'e',
      slot: 'more',
      variants: [{ variant: 'sale' }],
      from: '2027-01-01T00:00:00Z',
      until: '2026-01-01T00:00:00Z',
    },
    'invalid_schedule',
    '/experiences/2/until',
  ],
  ['a time without a zone', '/experiences/2/from', '2026-01-01T00:00:00', 'invalid'],
  ['a window too long', '/experiences/0/window', 9999, 'invalid'],
  [
    'a layer that is not there',
    '/experiences/0/layer',
    { id: 'none', from: 0, to: 10_000 },
    'unknown_reference',
    '/experiences/0/layer/id',
  ],
  [
    'a part of a layer that ends where it begins',
    '/experiences/0/layer',
    { id: 'none', from: 500, to: 500 },
    'invalid',
    '/experiences/0/layer/to',
  ],
  [
    'a part beyond a layer',
    '/experiences/0/layer',
    { id: 'a', from: 0, to: 10_001 },
    'invalid',
    '/experiences/0/layer/to',
  ],
  ['a floor too high', '/experiences/0/allocation/floor', 0.5, 'invalid'],
  ['a list that is kept', '/experiences/1/sticky', true, 'invalid'],
  ['a list of no places', '/experiences/1/allocation/show', 0, 'invalid'],
]

const policy = (changes: object) => [{ id: 'p', ...changes }]
const rule = (condition: object) => policy({ kind: 'rule', condition })
const POLICY = '/policies/0'

const POLICIES: readonly Mistake[] = [
  [
    'an attribute that is not there',
    '/policies',
    policy({ kind: 'self-exclusion', attribute: 'barred' }),
    'unknown_reference',
    `${POLICY}/attribute`,
  ],
  [
    'an attribute that it cannot judge by',
    '/policies',
    policy({ kind: 'under-age', attribute: 'optIns' }),
    'invalid',
    `${POLICY}/attribute`,
  ],
  [
    'an opt-in to nothing in particular',
    '/policies',
    policy({ kind: 'opt-in', attribute: 'optIns' }),
    'invalid',
    `${POLICY}/products`,
  ],
  [
    'a rule with an unknown operator',
    '/policies',
    rule({ 'signals.city': { $regex: '(a+)+$' } }),
    'unknown_operator',
    `${POLICY}/condition/signals.city/$regex`,
  ],
  [
    'a rule on what nobody knows',
    '/policies',
    rule({ 'profile.asOf': 0 }),
    'unknown_path',
    `${POLICY}/condition/profile.asOf`,
  ],
  [
    'a counter of what no event has',
    '/counters',
    [{ id: 'c', event: 'Bet Placed', condition: { 'a.b': 1 } }],
    'unknown_path',
    '/counters/0/condition/a.b',
  ],
]

const ALL = { SITE, SLOTS, MODULES, VARIANTS, CONDITIONS, POLICIES, EXPERIENCES }

const TABLE = Object.entries(ALL).flatMap(([kind, mistakes]) =>
  mistakes.map(([what, pointer, value, code, at = pointer]) => ({
    ...{ what, kind, pointer, value, code, at },
  })),
)

describe('a configuration is not published with', () => {
  test.each(TABLE)('$what ($kind)', async ({ pointer, value, code, at }) => {
    const answer = await publishDraft(withValue(configurationOf(), pointer, value))
    if (!('code' in answer)) throw new Error('This was published.')
    expect([answer.status, answer.code]).toEqual([422, 'invalid'])
    const { errors = [] } = answer
    expect(errors.map((error) => `${error.code} ${error.pointer}`)).toContain(`${code} ${at}`)
    for (const { detail } of errors) expect(detail.length).toBeGreaterThan(5)
  })
})

describe('parts of one layer', () => {
  const part = (id: string, from: number, to: number) => ({ id, from, to })
  const overlaps = async (layers: readonly object[], changes: object = {}) => {
    const { site, experiences } = configurationOf()
    const draft = configurationOf({
      site: { ...site, layers: [{ id: 'top' }, { id: 'other' }] },
      experiences: experiences.map((experience, place) => ({
        ...experience,
        layer: layers[place],
        ...(place === 0 && changes),
      })) as never,
    })
    return checkConfiguration(draft, platformOf(await configOf(env))).map(
      ({ code, pointer }) => `${code} ${pointer}`,
    )
  }

  test.each<[string, readonly object[], readonly string[]]>([
    ['side by side', [part('top', 0, 5000), part('top', 5000, 10_000)], []],
    ['in different layers', [part('top', 0, 5000), part('other', 0, 5000)], []],
    ['by one visitor in 10,000', [part('top', 0, 5001), part('top', 5000, 10_000)], ['1']],
    ['one within the other', [part('top', 0, 10_000), part('top', 10, 20)], ['1']],
    ['all', [part('top', 5, 9), part('top', 0, 6), part('top', 8, 10)], ['1', '2']],
  ])('that lie %s', async (_, layers, places) => {
    expect(await overlaps(layers)).toEqual(
      places.map((place) => `layer_overlap /experiences/${place}/layer`),
    )
  })

  test('may overlap with that of an experience that is paused', async () => {
    const layers = [part('top', 0, 5001), part('top', 5000, 10_000)]
    expect(await overlaps(layers, { paused: true })).toEqual([])
  })
})

test('without a mistake there is none, and it is published', async () => {
  expect(await publishDraft(configurationOf())).toMatchObject({
    bundle: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
})

test('all mistakes are told at once', async () => {
  let draft = configurationOf()
  draft = withValue(draft, '/slots/0/selector', 'a + b')
  draft = withValue(draft, '/variants/0/content/title', undefined)
  draft = withValue(draft, '/experiences/0/goal', undefined)
  const answer = await publishDraft(draft)
  const codes = 'code' in answer ? (answer.errors ?? []).map(({ code }) => code) : []
  expect(codes).toEqual(['unsupported_selector', 'missing_field', 'goal_missing'])
})

test('where a deployment says so, origins and keys come from public hosts only', async () => {
  const config = await configOf(env)
  const keys = { kind: 'remote', url: 'https://169.254.169.254/latest' }
  let draft = withValue(configurationOf(), '/site/jwt', {
    ...{ from: { kind: 'bearer' }, issuer: 'i', audience: 'a', algorithm: 'ES256', keys },
  })
  draft = withValue(draft, '/site/notify', { url: 'https://hooks.internal/x', weekly: true })
  const found = (origin: string, privateOrigins: boolean) =>
    checkConfiguration(
      withValue(draft, '/site/origin', origin),
      platformOf({ ...config, privateOrigins }),
    ).map(({ code, pointer }) => `${code} ${pointer}`)
  expect(found('http://localhost:8788', true)).toEqual([])
  expect(found('http://localhost:8788', false)).toEqual([
    'origin_refused /site/origin',
    'origin_refused /site/jwt/keys/url',
    'origin_refused /site/notify/url',
  ])
  expect(found('https://origin.example', false)).toEqual([
    'origin_refused /site/jwt/keys/url',
    'origin_refused /site/notify/url',
  ])
})
