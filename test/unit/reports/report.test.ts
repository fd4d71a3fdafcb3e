import { describe, expect, test } from 'vitest'
import type { ReportRows } from '../../../src/db/report.ts'
import { ConfigurationSchema } from '../../../src/model/configuration.ts'
import type { Weights } from '../../../src/model/learning.ts'
import { type Report, ReportSchema } from '../../../src/model/report.ts'
import { type ReportWish, toReport } from '../../../src/reports/report.ts'
import { counted } from './counted.ts'

const NOW = Date.UTC(2026, 10, 27)

const NONE: ReportRows = {
  ...{ totals: [], versions: [], days: [], current: undefined, audit: undefined },
  watched: new Map(),
}

const FEW = [{ variant: 'a' }, { variant: 'b' }]

function reportOf(
  rows: Partial<ReportRows>,
  { experience = {}, site = {}, wish = {} }: Record<string, object> = {},
): Report {
  const draft = ConfigurationSchema.parse({
    site: { id: 'shop', name: 'S', hosts: ['s.test'], origin: 'https://o.example', ...site },
    slots: [{ id: 'hero', selector: '#hero', pages: ['/'] }],
    modules: [{ id: 'text', template: '<p>Hello</p>', fields: {} }],
    variants: ['a', 'b', 'c'].map((id) => ({ id, module: 'text' })),
    goals: [
      { id: 'click', kind: 'click' },
      { id: 'order', kind: 'event', event: 'order' },
    ],
    experiences: [
      {
        ...{ id: 'hero', slot: 'hero', goal: 'click', variants: FEW },
        ...{ allocation: { kind: 'bandit' }, ...experience },
      },
    ],
  })
  const [first] = draft.experiences
  if (!first) throw new Error('There is no experience.')
  const asked: ReportWish = { zone: 'UTC', ...wish }
  // Whatever comes of it, it is what the API promises.
  return ReportSchema.parse(toReport(first, draft, { ...NONE, ...rows }, asked, NOW))
}

const even = (shown: number, a: number, b: number) => [
  counted('a', { delivered: shown, rewarded: a }),
  counted('b', { delivered: shown, rewarded: b }),
]

describe('the verdict', () => {
  test.each<[string, Report, object]>([
    ['nothing was counted', reportOf({}), { kind: 'nothing' }],
    [
      'there is no goal',
      reportOf({ totals: even(5000, 0, 0) }, { experience: { goal: undefined } }),
      { kind: 'no_goal' },
    ],
    [
      'there is one variant',
      reportOf({ totals: even(5000, 50, 0) }, { experience: { variants: [{ variant: 'a' }] } }),
      { kind: 'single', arm: 'a' },
    ],
    ['visitors are few', reportOf({ totals: even(400, 40, 4) }), { kind: 'too_few', more: 1200 }],
    [
      'rates are close',
      reportOf({ totals: even(5000, 250, 280) }),
      { kind: 'open', arm: 'b', more: expect.any(Number) },
    ],
    [
      'nobody was ever rewarded',
      reportOf({ totals: even(5000, 0, 0) }),
      { kind: 'open', arm: 'a', more: null },
    ],
    [
      'everybody was always rewarded',
      reportOf({ totals: even(5000, 5000, 5000) }),
      { kind: 'alike', arm: 'a', within: expect.any(Number) },
    ],
    ['one is better', reportOf({ totals: even(20_000, 800, 1200) }), { kind: 'better', arm: 'b' }],
    [
      'the control is',
      reportOf({ totals: even(20_000, 1200, 800) }),
      { kind: 'control', arm: 'a' },
    ],
    [
      'they are the same for all that matters',
      reportOf({ totals: even(2_000_000, 1_000_000, 1_001_000) }),
      { kind: 'alike', arm: 'a', within: expect.any(Number) },
    ],
  ])('where %s', (_, { verdict }, want) => expect(verdict).toEqual(want))
})

describe('a report', () => {
  test('compares an arm that was added midway with those of its own time', () => {
    const versions: Weights[] = [
      { version: 1, at: 1, shares: { '': { a: 5000, b: 5000 } } },
      { version: 2, at: 2, shares: { '': { a: 4000, b: 3000, c: 3000 } } },
    ]
    const totals = [
      // Before: everybody converts twice as often.
      counted('a', { delivered: 5000, rewarded: 500 }, 1),
      counted('b', { delivered: 5000, rewarded: 500 }, 1),
      counted('a', { delivered: 4000, rewarded: 200 }, 2),
      counted('b', { delivered: 3000, rewarded: 150 }, 2),
      counted('c', { delivered: 3000, rewarded: 150 }, 2),
    ]
    const experience = { variants: [...FEW, { variant: 'c' }] }
    const { arms } = reportOf({ totals, versions }, { experience })
    const lift = arms[2]?.lift
    expect(lift?.visitors).toBe(10_000)
    expect(lift?.difference.estimate).toBeCloseTo(0, 9)
    expect(arms[1]?.lift?.visitors).toBe(20_000)
  })

  test('leaves out versions whose weights are not on record, and arms that came with the last of version 0', () => {
    const totals = [
      ...even(5000, 250, 250),
      counted('c', { delivered: 3, rewarded: 3 }),
      counted('a', { delivered: 9000 }, 7),
    ]
    const experience = { variants: [...FEW, { variant: 'c' }] }
    const { arms } = reportOf({ totals }, { experience })
    expect(arms[1]?.lift?.visitors).toBe(10_000)
    expect(arms[2]?.lift).toBeNull()
  })

  test('of fixed shares is as sharp as two plain rates, however high and uneven', () => {
    const totals = [
      counted('a', { delivered: 9500, rewarded: 5700 }),
      counted('b', { delivered: 500, rewarded: 330 }),
    ]
    const variants = [
      { variant: 'a', weight: 95 },
      { variant: 'b', weight: 5 },
    ]
    const { arms } = reportOf(
      { totals },
      { experience: { variants, allocation: { kind: 'split' } } },
    )
    const [low = 0, high = 0] = arms[1]?.lift?.difference.once ?? []
    const half = 1.96 * Math.sqrt((0.6 * 0.4) / 9500 + (0.66 * 0.34) / 500)
    expect((low + high) / 2).toBeCloseTo(0.06, 9)
    expect((high - low) / 2 / half).toBeCloseTo(1, 1)
  })

  test('keeps segments apart, which may like different things', () => {
    const totals = [
      counted('a', { delivered: 9000, rewarded: 900 }, 1, 'new'),
      counted('b', { delivered: 1000, rewarded: 120 }, 1, 'new'),
      counted('a', { delivered: 1000, rewarded: 10 }, 1, 'back'),
      counted('b', { delivered: 9000, rewarded: 108 }, 1, 'back'),
    ]
    const shares = { new: { a: 9000, b: 1000 }, back: { a: 1000, b: 9000 } }
    const versions = [{ version: 1, at: 1, shares }]
    const report = reportOf({ totals, versions })
    // Pooled, b looks four times worse; within either segment it is a fifth better.
    expect(report.arms[1]?.lift?.relative?.estimate).toBeCloseTo(0.2, 1)
    expect(report.caveats).toContain('mixed')
    // So the gauge, which plain rates would turn round, is on the better one's side.
    expect(report.arms[1]?.best).toBeGreaterThan(0.5)
    expect(report.segments).toHaveLength(4)
    const own = report.segments.find(({ segment, arm }) => segment === 'back' && arm === 'b')
    expect([own?.shown, own?.rewarded, own?.rate]).toEqual([9000, 108, 0.012])
    expect(
      reportOf({ totals, versions }, { wish: { segment: 'new' } }).arms[0]?.counts.delivered,
    ).toBe(9000)
  })

  test('of worths as huge as they may be has numbers throughout', () => {
    const worth = { delivered: 5000, rewarded: 5000, value: 5e12, value2: 5e21 }
    const totals = [counted('a', worth), counted('b', { ...worth, value: 1, value2: 1 })]
    const report = reportOf({ totals }, { wish: { measure: 'value' } })
    expect(report.arms[1]?.lift?.difference.estimate).toBeLessThan(-1e8)
  })

  test('of a list compares nothing: its offers are shown beside each other', () => {
    const experience = { allocation: { kind: 'ranked', show: 2 } }
    const report = reportOf({ totals: even(5000, 10, 500) }, { experience })
    expect(report.verdict.kind).toBe('listed')
    expect(report.arms.map(({ lift }) => lift)).toEqual([null, null])
    expect(report.saved).toBeNull()
  })

  test('leaves those who are left alone out where they could not be rewarded, or are other people', () => {
    const left = counted('~holdout', { delivered: 5000, rewarded: 200 })
    const totals = [...even(5000, 250, 260), left]
    const order = { goal: 'order' }
    expect(reportOf({ totals }, { experience: order }).worth).not.toBeNull()
    expect(reportOf({ totals }, { experience: order }).arms).toHaveLength(3)
    expect(reportOf({ totals }).worth).toBeNull()
    const within = reportOf({ totals }, { experience: order, wish: { segment: '' } })
    expect([within.worth, within.arms.length]).toEqual([null, 2])
  })

  test('compares with the arm that is asked for, or the first where there is no such', () => {
    expect(reportOf({}, { wish: { control: 'b' } }).control).toBe('b')
    expect(reportOf({}, { wish: { control: 'gone' } }).control).toBe('a')
  })

  test('warns of what would make it wrong', () => {
    const sampleRatio = { shown: 9, excess: 0.1, p: 0, evidence: 1e9, alarm: true }
    const odd = { source: 's', trials: 9, rewarded: 9, expected: 1, score: 9 }
    const audit = { at: 1, sampleRatio, oddSources: [odd] }
    const days = [{ day: '2026-11-27', arm: 'a', counts: counted('a', { delivered: 90 }).counts }]
    const report = reportOf(
      { audit, days, totals: even(50, 1, 1) },
      { site: { consent: { default: 0, aggregate: true } } },
    )
    expect(report.caveats).toEqual(['sample_ratio', 'odd_source', 'aggregate', 'window'])
    expect(reportOf({ totals: even(50, 1, 1) }).caveats).toEqual([])
  })
})
