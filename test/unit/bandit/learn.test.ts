import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toEvidence } from '../../../src/bandit/evidence.ts'
import { isDue, learn, publish, relearn } from '../../../src/bandit/learn.ts'
import { newState, type Policy } from '../../../src/bandit/state.ts'
import { type Cell, record, type Timeline } from '../../../src/bandit/timeline.ts'
import { type Counts, NO_COUNTS, SHARES } from '../../../src/model/learning.ts'
import { POLICY } from './policy.ts'

function cell(variant: string, counts: Partial<Counts>, segment = ''): Cell {
  return { segment, variant, counts: { ...NO_COUNTS, ...counts } }
}

const rows = (counts: readonly Partial<Counts>[], segment = '') =>
  counts.map((one, place) => cell(String(place), one, segment))

/** Shares by place, of arms that were told of at once and long ago. */
function shares(counts: readonly Partial<Counts>[], policy: Partial<Policy> = {}): number[] {
  const arms = counts.map((_, place) => String(place))
  const settled = { ...POLICY, ...policy }
  const evidence = toEvidence(record([], rows(counts), 0), arms, settled, 1e12)
  return Object.values(learn(evidence, arms, settled)[''] ?? {})
}

const counted = (delivered: number, rewarded: number, more: Partial<Counts> = {}) => ({
  ...{ delivered, rewarded, value: rewarded, value2: rewarded, ...more },
})

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

describe('learn', () => {
  test('splits evenly without data', () => {
    expect(shares(Array(4).fill({}))).toEqual([2500, 2500, 2500, 2500])
  })

  test('follows the rates, down to the floor', () => {
    const counts = [counted(10_000, 200), counted(10_000, 330), counted(10_000, 500)]
    expect(shares(counts)).toEqual([100, 100, 9800])
    expect(shares(counts, { floor: 0.002 })).toEqual([20, 20, 9960])
  })

  test('counts trials on the rung that the experience names', () => {
    const shown = { delivered: 50_000, seen: 1000, rewarded: 60 }
    const counts = [shown, { ...shown, seen: 2000 }]
    expect(shares(counts)).toEqual([5000, 5000])
    expect(shares(counts, { rung: 'seen' })[0]).toBeGreaterThan(9000)
  })

  test('gives an arm added to a known field a fair chance', () => {
    const [, , newcomer] = shares([counted(50_000, 1000), counted(50_000, 1500), {}])
    expect(newcomer).toBeGreaterThan(500)
    expect(newcomer).toBeLessThan(5000)
  })

  test('gives nothing away with more rewards than reported trials', () => {
    expect(sum(shares([counted(0, 40), counted(100, 5)]))).toBe(SHARES)
  })

  test('follows a lead more firmly from ten arms on, or where it is asked to', () => {
    const field = (arms: number) => [counted(1000, 40), ...Array(arms - 1).fill(counted(1000, 30))]
    const [steady = 0] = shares(field(9), { pace: 'steady' })
    const [auto = 0] = shares(field(9))
    const [fast = 0] = shares(field(9), { pace: 'fast' })
    expect(auto).toBe(steady)
    expect(fast).toBeGreaterThan(1.3 * steady)
    expect(shares(field(10))).toEqual(shares(field(10), { pace: 'fast' }))
  })

  test('aims at worth per exposure where the goal has a worth', () => {
    const often = counted(10_000, 500, { value: 5000, value2: 60_000 })
    const dear = counted(10_000, 400, { value: 20_000, value2: 1_200_000 })
    expect(shares([often, dear])[0]).toBeGreaterThan(9000)
    expect(shares([often, dear], { aim: 'value' })[1]).toBeGreaterThan(9500)
  })

  test('of worths that are all alike, or none at all, knows no more than of rewards', () => {
    const alike = [counted(2000, 60), counted(2000, 75)]
    const [, rate = 0] = shares(alike)
    expect(shares(alike, { aim: 'value' })[1]).toBeGreaterThan(rate - 50)
    expect(shares(alike, { aim: 'value' })[1]).toBeLessThan(rate + 50)
    const worthless = alike.map((arm) => ({ ...arm, value: 0, value2: 0 }))
    expect(shares(worthless, { aim: 'value' })).toEqual(shares(alike))
  })

  test('does not take one huge order for a good arm', () => {
    const usual = counted(5000, 100, { value: 5000, value2: 300_000 })
    const lucky = counted(5000, 101, { value: 1_005_000, value2: 1e12 + 300_000 })
    const [, share = 0] = shares([usual, lucky], { aim: 'value' })
    expect(share).toBeLessThan(6500)
  })

  test('of segments gives each its own shares, and a thin one what all others like', () => {
    const segments = ['phone', 'tablet', 'desktop', 'watch']
    const policy = { ...POLICY, segments }
    const told = [
      ...rows([counted(20_000, 1000), counted(20_000, 600)], 'phone'),
      ...rows([counted(20_000, 1000), counted(20_000, 650)], 'desktop'),
      ...rows([counted(30, 1), counted(30, 1)], 'tablet'),
      ...rows([counted(20_000, 400), counted(20_000, 800)], 'watch'),
    ]
    const evidence = toEvidence(record([], told, 0), ['0', '1'], policy, 1e12)
    const learnt = learn(evidence, ['0', '1'], policy)
    expect(Object.keys(learnt)).toEqual(['', ...segments])
    expect(learnt.phone?.['0']).toBeGreaterThan(9800)
    expect(learnt.watch?.['1']).toBeGreaterThan(9800)
    expect(learnt.tablet?.['0']).toBeGreaterThan(5500)
    expect(learnt.tablet?.['0']).toBeLessThan(9800)
  })

  test('keeps what is told of segments that are not declared for everybody', () => {
    const told = rows([counted(5000, 100), counted(5000, 300)], 'phone')
    const evidence = toEvidence(record([], told, 0), ['0', '1'], POLICY, 1e12)
    expect(Object.keys(learn(evidence, ['0', '1'], POLICY))).toEqual([''])
    expect(learn(evidence, ['0', '1'], POLICY)['']?.['1']).toBeGreaterThan(9000)
  })
})

const odd = fc.oneof(
  fc.nat(1e9),
  fc.constantFrom(0, -5, 1e15, -1e15, 1e300, Number.NaN, Number.POSITIVE_INFINITY),
  fc.double(),
)
const anyCounts = fc.record({
  ...{ delivered: odd, survived: odd, seen: odd, clicked: odd },
  ...{ rewarded: odd, value: odd, value2: odd, delay: odd },
})
const anyCell = fc.record({
  segment: fc.constantFrom('', 'phone', 'desktop', 'gone', '__proto__'),
  variant: fc.constantFrom('a', 'b', 'c', '__proto__', '~holdout', 'gone'),
  counts: anyCounts,
})
const anyTimeline = fc
  .array(
    fc.record({
      told: fc.array(anyCell, { maxLength: 8 }),
      wait: fc.integer({ min: -1e7, max: 1e9 }),
    }),
    {
      maxLength: 12,
    },
  )
  .map((reports) => {
    let [timeline, now]: [Timeline, number] = [[], 1.7e12]
    for (const { told, wait } of reports) {
      now += wait
      timeline = record(timeline, told, now)
    }
    return { timeline, now }
  })
const anyPolicy = fc.record({
  kind: fc.constantFrom('bandit' as const, 'ranked' as const),
  floor: fc.constantFrom(0, 0.002, 0.01, 0.2),
  rung: fc.constantFrom('delivered' as const, 'seen' as const),
  window: fc.constantFrom(60_000, 86_400_000),
  aim: fc.constantFrom('rewards' as const, 'value' as const),
  pace: fc.constantFrom('auto' as const, 'fast' as const),
  segments: fc.constantFrom([], ['phone', 'desktop']),
  halfLife: fc.constantFrom(undefined, { hours: 1, visitors: 1000 }),
})

test('whatever was told, shares are whole, none is negative, and each segment’s sum up exactly', () => {
  const names = ['a', 'b', 'c', '__proto__', ...Array.from({ length: 36 }, (_, n) => `arm${n}`)]
  fc.assert(
    fc.property(
      anyTimeline,
      anyPolicy,
      fc.constantFrom(1, 2, 4, 40),
      ({ timeline, now }, { halfLife, ...policy }, count) => {
        const arms = names.slice(0, count)
        const settled = { ...policy, ...(halfLife && { halfLife }) }
        const learnt = learn(toEvidence(timeline, arms, settled, now), arms, settled)
        expect(Object.keys(learnt)).toContain('')
        for (const shares of Object.values(learnt)) {
          expect(Object.keys(shares)).toEqual(arms)
          expect(
            Object.values(shares).every((share) => Number.isInteger(share) && share >= 0),
          ).toBe(true)
          expect(sum(Object.values(shares))).toBe(SHARES)
        }
      },
    ),
    { seed: 1, numRuns: 30 },
  )
}, 30_000)

describe('isDue', () => {
  const growth = {
    told: { trials: 1100, rewarded: 30 },
    learnedFrom: { trials: 1000, rewarded: 30 },
    ...{ counting: 1100, ages: false, sincePublication: 1000, armsChanged: false },
  }
  const told = (trials: number, rewarded = 30) => ({ told: { trials, rewarded }, counting: trials })

  test.each([
    ['a tenth more exposures', {}, true],
    ['less than a tenth', told(1099), false],
    ['less than a second', { sincePublication: 999 }, false],
    ['a clock set back by an hour', { sincePublication: -3_600_000 }, true],
    ['rewards that came alone', told(1000, 35), true],
    ['too few of them', told(1000, 34), false],
    ['a tenth of the exposures that still count', { ...told(1050), counting: 550 }, true],
    ['a twentieth, where evidence ages', { ...told(1050), ages: true }, true],
    ['less than a twentieth', { ...told(1049), ages: true }, false],
    ['ten first exposures', { ...told(10, 0), learnedFrom: { trials: 0, rewarded: 0 } }, true],
    ['nine first exposures', { ...told(9, 0), learnedFrom: { trials: 0, rewarded: 0 } }, false],
    ['other arms', { ...told(1000), armsChanged: true }, true],
    ['other arms within a second', { armsChanged: true, sincePublication: 10 }, false],
    ['exposures gone with a removed arm', told(800), true],
    ['counts that are not numbers', told(Number.NaN), false],
  ])('after %s: %j → %s', (_, change, due) => {
    expect(isDue({ ...growth, ...change })).toBe(due)
  })

  test('publishes about 80 times on the way to a million visitors', () => {
    let [versions, learnedFrom] = [0, { trials: 0, rewarded: 0 }]
    for (let trials = 1; trials <= 1e6; trials++) {
      const told = { trials, rewarded: 0 }
      if (!isDue({ ...growth, told, counting: trials, learnedFrom })) continue
      versions += 1
      learnedFrom = told
    }
    expect(versions).toBeGreaterThan(70)
    expect(versions).toBeLessThan(115)
  })
})

describe('relearn', () => {
  const state = newState(['a', 'b'], POLICY)
  const told = [
    cell('a', counted(500, 5)),
    cell('b', counted(500, 40)),
    cell('gone', counted(9000, 9000)),
  ]
  const timeline = record([], told, 4000)

  test('publishes the next version from everything told, and not again from the same', () => {
    const next = relearn(state, timeline, 5000)
    expect(next?.weights.version).toBe(1)
    expect(next?.weights.at).toBe(5000)
    expect(next?.learnedFrom).toEqual({ trials: 1000, rewarded: 45 })
    expect(next?.weights.shares['']?.b).toBeGreaterThan(9000)
    expect(next && relearn(next, timeline, 9000)).toBeUndefined()
    expect(next && relearn(next, timeline, 9000, { force: true })?.weights.version).toBe(2)
    expect(state.weights.version).toBe(0)
  })

  test('sees to new, paused and returning arms at once', () => {
    const learned = relearn(state, timeline, 5000) ?? state
    const added = relearn({ ...learned, arms: ['a', 'b', 'c'] }, timeline, 6000)
    expect(Object.keys(added?.weights.shares[''] ?? {})).toEqual(['a', 'b', 'c'])
    expect(added?.weights.shares['']?.c).toBeGreaterThan(100)
    const paused = relearn({ ...learned, arms: ['a'] }, timeline, 6000) ?? state
    expect(paused.weights.shares).toEqual({ '': { a: SHARES } })
    const back = relearn({ ...paused, arms: ['a', 'b'] }, timeline, 8000)
    expect(back?.weights.shares).toEqual(learned.weights.shares)
  })

  test('keeps the weights it has when a stored count is broken', () => {
    const broken = record([], [cell('a', { delivered: Number.NaN })], 4000)
    expect(relearn(state, broken, 5000)).toBeUndefined()
  })

  test('in a slot that is always on takes news for news however much is known', () => {
    const always = newState(['a', 'b'], { ...POLICY, halfLife: { hours: 1, visitors: 1000 } })
    const old = record([], [cell('a', counted(50_000, 500)), cell('b', counted(50_000, 900))], 0)
    const year = 365 * 24 * 3_600_000
    const learned = relearn(always, old, year) ?? always
    const news = record(old, [cell('a', counted(500, 30)), cell('b', counted(500, 5))], year + 5000)
    expect(
      relearn(newState(['a', 'b'], POLICY), news, year + 9000)?.weights.shares['']?.b,
    ).toBeGreaterThan(9000)
    expect(relearn(learned, news, year + 9000)?.weights.version).toBe(2)
  })
})

test('fixed shares are a version wherever they change, whatever was counted', () => {
  const split = (a: number, b: number): Policy => ({ ...POLICY, kind: 'split', fixed: { a, b } })
  const timeline = record([], [cell('a', counted(1000, 5)), cell('b', counted(1000, 90))], 0)
  const first = relearn(newState(['a', 'b'], split(9000, 1000)), timeline, 10)
  expect(first?.weights).toEqual({ version: 1, at: 10, shares: { '': { a: 9000, b: 1000 } } })
  expect(first && relearn(first, timeline, 99_000, { force: true })).toBeUndefined()
  const ramped = first && relearn({ ...first, policy: split(5000, 5000) }, timeline, 99_000)
  expect(ramped?.weights).toEqual({
    ...{ version: 2, at: 99_000 },
    shares: { '': { a: 5000, b: 5000 } },
  })
  const learned = ramped && relearn({ ...ramped, policy: POLICY }, timeline, 199_000)
  expect(learned?.weights.shares['']?.b).toBeGreaterThan(5000)
})

test('publish adds a version and leaves the previous one alone', () => {
  const previous = Object.freeze({ version: 7, at: 1, shares: {} })
  expect(publish(previous, { '': { a: SHARES } }, 2)).toEqual({
    version: 8,
    at: 2,
    shares: { '': { a: SHARES } },
  })
})
