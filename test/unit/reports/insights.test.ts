import { describe, expect, test } from 'vitest'
import type { ReportRows } from '../../../src/db/report.ts'
import { type Configuration, ConfigurationSchema } from '../../../src/model/configuration.ts'
import type { Circumstances } from '../../../src/reports/insights.ts'
import { toOverview } from '../../../src/reports/overview.ts'
import { counted } from './counted.ts'

const DAY = 86_400_000
const NOW = Date.UTC(2026, 10, 27)

const draftWith = (more: object = {}): Configuration =>
  ConfigurationSchema.parse({
    site: { id: 'shop', name: 'Shop', hosts: ['shop.test'], origin: 'https://origin.example' },
    slots: [{ id: 'hero', selector: '#hero', pages: ['/'] }],
    modules: [{ id: 'text', template: '<p>Hello</p>', fields: {} }],
    variants: [
      { id: 'a', name: 'Calm', module: 'text' },
      { id: 'b', name: 'Loud', module: 'text' },
    ],
    goals: [{ id: 'order', kind: 'event', event: 'order' }],
    experiences: [
      {
        ...{ id: 'hero', slot: 'hero', goal: 'order', allocation: { kind: 'bandit' } },
        variants: [{ variant: 'a' }, { variant: 'b' }],
      },
    ],
    ...more,
  })

const QUIET: Omit<Circumstances, 'standings'> = {
  ...{ slots: [], caps: [], imports: [], publishedAt: NOW - DAY, now: NOW },
}

const NONE: ReportRows = {
  ...{ totals: [], versions: [], days: [], current: undefined, audit: undefined },
  watched: new Map(),
}

const rowsOf = (rows: Partial<ReportRows>, lately = 5) => ({
  of: () => ({ ...NONE, ...rows }),
  lately: () => lately,
})

/** Two arms, half and half, of so many visitors and rewards. */
const even = (shown: number, a: number, b: number, version = 0) => [
  counted('a', { delivered: shown, rewarded: a }, version),
  counted('b', { delivered: shown, rewarded: b }, version),
]

const insightsOf = (
  rows: Partial<ReportRows>,
  known: Partial<typeof QUIET> = {},
  { draft = draftWith(), lately = 5 } = {},
) => toOverview(draft, rowsOf(rows, lately), { ...QUIET, ...known }).insights

describe('a site tells', () => {
  test('nothing where nothing is the matter', () => {
    expect(insightsOf({ totals: even(1000, 50, 52) })).toEqual([])
    expect(insightsOf({})).toEqual([])
  })

  test('who has won, and that the control has', () => {
    expect(insightsOf({ totals: even(20_000, 800, 1200) })).toEqual([
      { kind: 'winner', experience: 'hero', arm: 'b' },
    ])
    expect(insightsOf({ totals: even(20_000, 1200, 800) })).toEqual([
      { kind: 'control_best', experience: 'hero', arm: 'a' },
    ])
  })

  test('of a slot that is on no page any more, once enough were looked at', () => {
    const slot = { slot: 'hero', repeated: 0, lastFoundAt: 7, framework: '' }
    const gone = { ...slot, pages: 30, missing: 30 }
    expect(insightsOf({}, { slots: [gone] })).toEqual([
      { kind: 'slot_gone', slot: 'hero', lastFoundAt: 7 },
    ])
    expect(insightsOf({}, { slots: [{ ...gone, missing: 29 }] })).toEqual([])
    expect(insightsOf({}, { slots: [{ ...gone, pages: 3, missing: 3 }] })).toEqual([])
  })

  test('of places that are all taken', () => {
    const cap = { kind: 'stock', id: 'b', most: 100, free: 0 } as const
    expect(insightsOf({}, { caps: [cap, { ...cap, free: 1 }] })).toEqual([
      { kind: 'cap_full', of: 'stock', id: 'b', most: 100 },
    ])
  })

  test('of weights that nothing follows', () => {
    const current = { version: 3, at: 9, shares: { '': { a: 5000, b: 5000 } } }
    const versions = [current]
    const many = { current, versions, totals: [...even(400, 20, 20), ...even(900, 45, 45, 3)] }
    expect(insightsOf(many)).toEqual([{ kind: 'weights_stuck', experience: 'hero', since: 9 }])
    const few = { ...many, totals: [...even(4000, 200, 200), ...even(900, 45, 45, 3)] }
    expect(insightsOf(few)).toEqual([])
  })

  test('of attributes that rules no longer believe', () => {
    const draft = draftWith({ attributes: [{ id: 'score', type: 'number', maxAge: 3 }] })
    const of = (finished: number) => ({
      imports: [{ source: 'crm', kind: 'customers', finished }],
    })
    const found = insightsOf({}, of(NOW - 4 * DAY), { draft })
    expect(found).toEqual([{ kind: 'stale_import', source: 'crm', at: NOW - 4 * DAY, days: 3 }])
    expect(insightsOf({}, of(NOW - 2 * DAY), { draft })).toEqual([])
    expect(insightsOf({}, of(NOW - 4 * DAY))).toEqual([])
  })

  test('of what runs and reaches nobody, after a week', () => {
    const nobody = [{ kind: 'nobody', experience: 'hero' }]
    const old = { publishedAt: NOW - 8 * DAY }
    expect(insightsOf({}, old, { lately: 0 })).toEqual(nobody)
    expect(insightsOf({}, old, { lately: 1 })).toEqual([])
    expect(insightsOf({}, {}, { lately: 0 })).toEqual([])
    const [experience] = draftWith().experiences
    const draft = draftWith({ experiences: [{ ...experience, paused: true }] })
    expect(insightsOf({}, old, { lately: 0, draft })).toEqual([])
  })

  test('that personalising does harm', () => {
    const totals = [
      ...even(20_000, 400, 400),
      counted('~holdout', { delivered: 20_000, rewarded: 800 }),
    ]
    expect(insightsOf({ totals }).map(({ kind }) => kind)).toContain('harm')
  })
})
