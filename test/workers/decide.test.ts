import { describe, expect, test } from 'vitest'
import { compile } from '../../src/admin/compile.ts'
import { bucket } from '../../src/bandit/pick.ts'
import type { Inputs } from '../../src/decide/answers.ts'
import { decide } from '../../src/decide/decide.ts'
import { toSticky } from '../../src/decide/sticky.ts'
import { toExposures } from '../../src/events/exposures.ts'
import { type Bundle, openBundle } from '../../src/model/bundle.ts'
import { ConfigurationSchema } from '../../src/model/configuration.ts'
import type { WeightsByExperience } from '../../src/model/learning.ts'
import { ok } from '../../src/model/result.ts'
import { NO_CAMPAIGN } from '../../src/model/signals.ts'
import type { Subject } from '../../src/model/subject.ts'
import { identify } from '../../src/visitor/identity.ts'
import { throughGate } from '../subjects.ts'
import vectors from '../vectors/decide.json'

const NOW = Date.parse('2026-11-17T12:00:00Z')

function bundleOf(configuration: unknown): Bundle {
  const platform = { isSelector: () => true, isAllowedUrl: () => true }
  const compiled = compile(ConfigurationSchema.parse(configuration), platform)
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error))
  return openBundle(compiled.value, 'hash')
}

interface Known {
  readonly signals?: Partial<Subject['signals']>
  readonly visitor?: Partial<Subject['visitor']>
  readonly profile?: Subject['profile']
}

function subjectOf(path: string, { signals, visitor, profile = {} }: Known = {}): Subject {
  const campaign = { source: '', medium: '', name: '' }
  return throughGate({
    signals: {
      ...{
        country: 'NO',
        region: '',
        city: '',
        continent: 'EU',
        device: 'desktop',
        language: 'nb',
      },
      ...{
        referrer: '',
        campaign,
        hour: 12,
        weekday: 2,
        date: '2026-11-24',
        path,
        bot: false,
        prefetch: false,
      },
      ...signals,
    },
    visitor: {
      ...{ tier: 2, returning: false, visits: 1, campaign, signedIn: false, user: {} },
      ...visitor,
    },
    profile,
  })
}

const inputsOf = (changes: Partial<Inputs> = {}): Inputs => ({
  ...{ subject: subjectOf('/'), now: NOW, measured: true },
  ...changes,
})

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !(value instanceof Map)) {
    for (const inner of Object.values(value)) freeze(inner)
    Object.freeze(value)
  }
  return value
}

/** Decisions as the vectors write them down. */
function brief(decisions: ReturnType<typeof decide>) {
  return decisions.map(({ slot, experience, picks, reason, version }) => ({
    ...{ slot, experience, reason, version },
    picks: picks.map(({ variant, propensity }) => [variant, propensity]),
  }))
}

describe('decisions as they were worked out apart from this code', () => {
  const bundle = freeze(bundleOf(vectors.configuration))
  const weightsOf = (weights: object) => freeze(Object.fromEntries(Object.entries(weights)))

  test.each(vectors.cases)(
    '$name',
    ({ path, now, seed, measured, subject, weights, decisions }) => {
      const known: Known = subject
      const inputs = freeze({ subject: subjectOf(path, known), now: Date.parse(now), measured })
      const learned: WeightsByExperience = weightsOf(weights)
      const once = decide(inputs, bundle, learned, seed)
      const close = decisions.map(({ picks, ...decision }) => ({
        ...decision,
        picks: picks.map(([variant, chance]) => [variant, expect.closeTo(Number(chance), 12)]),
      }))
      expect(brief(once)).toEqual(close)
      expect(decide(inputs, bundle, learned, seed)).toEqual(once)
    },
  )
})

const rule = (id: string, changes: object = {}) => ({
  ...{ id, slot: 'hero', variants: [{ variant: 'a' }] },
  ...changes,
})

/** One slot on every page, three variants and as many offers, and these experiences. */
function pageOf(experiences: readonly object[], site: object = {}): Bundle {
  const names = ['a', 'b', 'c']
  return bundleOf({
    site: {
      ...{ id: 'shop', name: 'S', hosts: ['a'], origin: 'https://a.example', holdout: 0 },
      ...site,
    },
    slots: ['hero', 'side'].map((id) => ({ id, selector: `#${id}`, pages: ['/*'] })),
    modules: [{ id: 'm', template: '<br>' }],
    variants: [
      ...names.map((id) => ({ id, module: 'm' })),
      ...names.map((id, n) => ({ id: `o${id}`, module: 'm', offer: { value: n + 1 } })),
    ],
    audiences: [
      { id: 'norway', condition: { 'signals.country': 'NO' } },
      { id: 'sweden', condition: { 'signals.country': 'SE' } },
    ],
    goals: [{ id: 'click', kind: 'click' }],
    experiences,
  })
}

const seeds = Array.from({ length: 4000 }, (_, n) => `weur-${n % 16}-visitor${n}`)
const chosen = (bundle: Bundle, seed: string, changes: Partial<Inputs> = {}, weights = {}) =>
  decide(inputsOf(changes), bundle, weights, seed)

describe('the experience of a slot', () => {
  test('is the first by priority, then by place, whose audience and schedule fit', () => {
    const bundle = pageOf([
      rule('low', { priority: -1 }),
      rule('other', { slot: 'side' }),
      rule('sweden', { audience: 'sweden', priority: 9 }),
      rule('first', { priority: 1, audience: 'norway' }),
      rule('second', { priority: 1 }),
    ])
    const names = (country: string) =>
      chosen(bundle, 'v', { subject: subjectOf('/x', { signals: { country } }) }).map(
        ({ experience }) => experience,
      )
    expect(names('NO')).toEqual(['first', 'other'])
    expect(names('SE')).toEqual(['sweden', 'other'])
    expect(names('DK')).toEqual(['second', 'other'])
  })

  test.each([
    ['2026-11-17T11:59:59.999Z', 'after'],
    ['2026-11-17T12:00:00.000Z', 'during'],
    ['2026-11-17T12:59:59.999Z', 'during'],
    ['2026-11-17T13:00:00.000Z', 'after'],
  ])('at %s is “%s”', (at, experience) => {
    const schedule = { from: '2026-11-17T13:00:00+01:00', until: '2026-11-17T13:00:00Z' }
    const bundle = pageOf([rule('during', schedule), rule('after')])
    expect(chosen(bundle, 'v', { now: Date.parse(at) })[0]).toMatchObject({ experience })
  })

  test('is none on a page without slots, or when nothing fits', () => {
    const bundle = pageOf([rule('sweden', { audience: 'sweden' })])
    expect(chosen(bundle, 'v')).toEqual([])
    const vectorBundle = bundleOf({ ...vectors.configuration, experiences: [] })
    expect(chosen(vectorBundle, 'v')).toEqual([])
  })

  test('asks each audience once a page view, however many name it', () => {
    const names = Array.from({ length: 20 }, (_, n) => rule(`e${n}`, { audience: 'sweden' }))
    const bundle = pageOf([...names, rule('x', { slot: 'side', audience: 'sweden' })])
    let asked = 0
    const { signals, ...subject } = subjectOf('/')
    const counted = Object.defineProperty({ ...signals }, 'country', {
      get: () => {
        asked++
        return 'DK'
      },
    })
    expect(chosen(bundle, 'v', { subject: { ...subject, signals: counted } })).toEqual([])
    expect(asked).toBe(1)
  })
})

describe('shares', () => {
  const split = (id: string, ...weights: number[]) =>
    rule(id, { variants: weights.map((weight, n) => ({ variant: 'abc'[n], weight })) })

  test('are met by the visitors as they come, each with its exact propensity (χ², 99.9 %)', () => {
    const bundle = pageOf([split('e', 1, 2, 5)])
    const picks = seeds.map((seed) => chosen(bundle, seed)[0]?.picks[0])
    const counts = ['a', 'b', 'c'].map(
      (arm) => picks.filter((pick) => pick?.variant === arm).length,
    )
    const expected = [0.125, 0.25, 0.625].map((share) => share * seeds.length)
    const chi = counts.reduce(
      (sum, n, arm) => sum + (n - (expected[arm] ?? 0)) ** 2 / (expected[arm] ?? 1),
      0,
    )
    expect(chi).toBeLessThan(13.82)
    const chances = new Map(picks.map((pick) => [pick?.variant, pick?.propensity]))
    expect(Object.fromEntries(chances)).toEqual({ a: 0.125, b: 0.25, c: 0.625 })
  })

  test('of two experiences are independent (χ², 99.9 %)', () => {
    const bundle = pageOf([split('one', 1, 1), { ...split('two', 1, 1), slot: 'side' }])
    const cells = new Map<string, number>()
    for (const seed of seeds) {
      const cell = chosen(bundle, seed)
        .map(({ picks }) => picks[0]?.variant)
        .join('')
      cells.set(cell, (cells.get(cell) ?? 0) + 1)
    }
    const chi = ['aa', 'ab', 'ba', 'bb'].reduce(
      (sum, cell) => sum + ((cells.get(cell) ?? 0) - seeds.length / 4) ** 2 / (seeds.length / 4),
      0,
    )
    expect(chi).toBeLessThan(16.27)
  })

  test('stay with a visitor, whatever else changes', () => {
    const bundle = pageOf([split('e', 1, 1, 1)])
    for (const seed of seeds.slice(0, 50)) {
      const [first] = chosen(bundle, seed)
      const later = {
        now: NOW + 1e10,
        subject: subjectOf('/other', { signals: { country: 'SE' } }),
      }
      expect(chosen(bundle, seed, later)[0]).toEqual(first)
    }
  })

  test('of weight nothing are never picked', () => {
    const bundle = pageOf([split('e', 0, 1)])
    for (const seed of seeds.slice(0, 500)) {
      expect(chosen(bundle, seed)[0]?.picks).toEqual([{ variant: 'b', propensity: 1 }])
    }
  })
})

describe('learned shares', () => {
  const bundle = pageOf([
    rule('e', {
      variants: [{ variant: 'a' }, { variant: 'b' }],
      allocation: { kind: 'bandit' },
      goal: 'click',
    }),
  ])
  const weightsOf = (shares: Record<string, number>, segment = '') => ({
    e: { version: 5, at: 0, shares: { [segment]: shares } },
  })
  const versions = (weights: WeightsByExperience) =>
    new Set(seeds.slice(0, 200).map((seed) => chosen(bundle, seed, {}, weights)[0]?.version))

  test.each<[string, WeightsByExperience, number]>([
    ['cover the arms', weightsOf({ a: 9000, b: 1000 }), 5],
    ['cover them and one that had no share', weightsOf({ a: 9000, b: 1000, c: 0 }), 5],
    ['are none', {}, 0],
    ['miss an arm', weightsOf({ a: 10_000 }), 0],
    ['are shared with an arm that is gone', weightsOf({ a: 5000, b: 4000, c: 1000 }), 0],
    ['are of other arms', weightsOf({ x: 5000, y: 5000 }), 0],
    ['do not sum up', weightsOf({ a: 5000, b: 4999 }), 0],
    ['are of a segment only', weightsOf({ a: 9000, b: 1000 }, 'phone'), 0],
    [
      'are of another experience',
      { other: { version: 5, at: 0, shares: { '': { a: 10_000, b: 0 } } } },
      0,
    ],
  ])('that %s', (_, weights, version) => {
    expect(versions(weights)).toEqual(new Set([version]))
  })

  test('are met, and none is used by a fixed split', () => {
    const weights = weightsOf({ a: 9000, b: 1000 })
    const picked = seeds.map((seed) => chosen(bundle, seed, {}, weights)[0]?.picks[0])
    const share = picked.filter((pick) => pick?.variant === 'a').length / seeds.length
    expect(Math.abs(share - 0.9)).toBeLessThan(4 * Math.sqrt(0.09 / seeds.length))
    expect(new Set(picked.map((pick) => pick?.propensity))).toEqual(new Set([0.9, 0.1]))
    const fixed = pageOf([rule('e', { variants: [{ variant: 'a' }, { variant: 'b' }] })])
    expect(chosen(fixed, 'v', {}, weights)[0]).toMatchObject({ version: 0, reason: 'split' })
    // Its own shares, published, are what names their version.
    const own = weightsOf({ a: 5000, b: 5000 })
    expect(chosen(fixed, 'v', {}, own)[0]).toMatchObject({ version: 5, reason: 'split' })
    expect(chosen(fixed, 'v', {}, own)[0]?.picks).toEqual(chosen(fixed, 'v')[0]?.picks)
  })
})

describe('the holdout', () => {
  const experiences = [
    rule('e', { variants: [{ variant: 'a' }, { variant: 'b' }] }),
    rule('f', { slot: 'side' }),
  ]
  const bundle = pageOf(experiences, { holdout: 0.1 })

  test('is as large as configured, the same for every experience', () => {
    const reasons = seeds.map((seed) => chosen(bundle, seed).map(({ reason }) => reason))
    const held = reasons.filter(([reason]) => reason === 'holdout')
    expect(held).toEqual(held.map(() => ['holdout', 'holdout']))
    const others = reasons.filter(([reason]) => reason !== 'holdout')
    expect(others).toEqual(others.map(() => ['split', 'rule']))
    expect(Math.abs(held.length / seeds.length - 0.1)).toBeLessThan(
      4 * Math.sqrt(0.09 / seeds.length),
    )
  })

  test('takes from every arm alike', () => {
    const free = pageOf(experiences)
    const arms = seeds
      .filter((seed) => chosen(bundle, seed)[0]?.reason === 'holdout')
      .map((seed) => chosen(free, seed)[0]?.picks[0]?.variant)
    const share = arms.filter((arm) => arm === 'a').length / arms.length
    expect(Math.abs(share - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / arms.length))
  })

  test('shows nothing and names the experience that would have been shown', () => {
    const seed = seeds.find((one) => chosen(bundle, one)[0]?.reason === 'holdout') ?? ''
    expect(chosen(bundle, seed)[0]).toEqual({
      ...{ slot: 'hero', experience: 'e', picks: [], reason: 'holdout', version: 0, segment: '' },
    })
    expect(chosen(bundle, seed, { measured: false })[0]?.reason).toBe('split')
  })

  test('is nobody where it is nothing', () => {
    const none = pageOf(experiences)
    const reasons = seeds.slice(0, 1000).map((seed) => chosen(none, seed)[0]?.reason)
    expect(new Set(reasons)).toEqual(new Set(['split']))
  })
})

describe('a layer', () => {
  const arms = { variants: [{ variant: 'a' }, { variant: 'b' }] }
  const part = (id: string, slot: string, layer: object) => rule(id, { slot, layer, ...arms })
  const layers = { layers: [{ id: 'top' }, { id: 'second' }] }
  const bundle = pageOf(
    [
      part('small', 'hero', { id: 'top', from: 0, to: 3000 }),
      part('large', 'side', { id: 'top', from: 3000, to: 9000 }),
    ],
    layers,
  )
  const names = (seed: string, of = bundle) => chosen(of, seed).map(({ experience }) => experience)

  test('gives each experience exactly its part, and nobody two', () => {
    const seedByPlace = new Map<number, string>()
    for (let n = 0; seedByPlace.size < 10_000; n++) {
      seedByPlace.set(bucket('shop/layer/top', `v${n}`), `v${n}`)
    }
    const counts = Map.groupBy(seedByPlace.values(), (seed) => names(seed).join())
    const sizes = [...counts].map(([name, { length }]) => [name, length])
    expect(Object.fromEntries(sizes)).toEqual({ small: 3000, large: 6000, '': 1000 })
  })

  test('is the same on every page and day, and met by visitors as they come', () => {
    const inSmall = seeds.filter((seed) => names(seed).includes('small'))
    const later = { now: NOW + 1e10, subject: subjectOf('/other') }
    const still = seeds.filter((seed) => chosen(bundle, seed, later)[0]?.experience === 'small')
    expect(still).toEqual(inSmall)
    const spread = 4 * Math.sqrt((0.3 * 0.7) / seeds.length)
    expect(Math.abs(inSmall.length / seeds.length - 0.3)).toBeLessThan(spread)
  })

  test.each<[string, (seed: string) => boolean]>([
    ['the variant shown in it', (seed) => chosen(bundle, seed)[0]?.picks[0]?.variant === 'a'],
    ['a variant beside it', (seed) => chosen(beside, seed)[0]?.picks[0]?.variant === 'a'],
    ['another layer', (seed) => names(seed, secondLayer).length > 0],
    ['the holdout', (seed) => chosen(halfHeld, seed)[0]?.reason === 'holdout'],
  ])('says nothing about %s (χ², 99.9 %)', (_, test) => {
    const rows = ['small', 'large'].map((name) => {
      const shown = seeds.filter((seed) => names(seed)[0] === name)
      const yes = shown.filter(test).length
      return [yes, shown.length - yes]
    })
    const [small = [], large = []] = rows
    expect(Math.min(...small, ...large)).toBeGreaterThan(400)
    expect(chiSquareOf(small, large)).toBeLessThan(10.83)
  })

  const beside = pageOf([rule('e', arms)])
  const secondLayer = pageOf([part('e', 'hero', { id: 'second', from: 0, to: 5000 })], layers)
  const halfHeld = pageOf([rule('e')], { holdout: 0.5 })

  test('leaves its slot to the next experience', () => {
    const next = pageOf(
      [part('first', 'hero', { id: 'top', from: 0, to: 1 }), rule('next')],
      layers,
    )
    const others = seeds.filter((seed) => bucket('shop/layer/top', seed) > 0)
    expect(new Set(others.flatMap((seed) => names(seed, next)))).toEqual(new Set(['next']))
  })
})

describe('a pick that is kept', () => {
  const pageWith = (names: string, changes: object = {}) =>
    pageOf([
      rule('e', {
        variants: [...names].map((variant) => ({ variant })),
        ...{ allocation: { kind: 'bandit' }, goal: 'click', sticky: true, ...changes },
      }),
      rule('loose', { slot: 'side', variants: [{ variant: 'a' }, { variant: 'b' }] }),
    ])
  const sharesOf = (version: number, shares: Record<string, number>) => ({
    e: { version, at: 0, shares: { '': shares } },
  })
  const before = sharesOf(4, { a: 3000, b: 7000 })
  const after = sharesOf(9, { a: 9000, b: 1000 })
  const bundle = pageWith('ab')
  const keptBy = (seed: string, of = bundle, weights: WeightsByExperience = before) =>
    toSticky(chosen(of, seed, {}, weights), of)

  test('stays, with the version and the propensity of then, while newcomers get the new shares', () => {
    for (const seed of seeds.slice(0, 500)) {
      const [first] = chosen(bundle, seed, {}, before)
      const [later] = chosen(bundle, seed, { kept: keptBy(seed) }, after)
      expect(later).toEqual({ ...first, reason: 'sticky' })
    }
    const changed = seeds.filter((seed) => {
      const [kept] = chosen(bundle, seed, { kept: keptBy(seed) }, after)
      return kept?.picks[0]?.variant !== chosen(bundle, seed, {}, after)[0]?.picks[0]?.variant
    })
    expect(Math.abs(changed.length / seeds.length - 0.6)).toBeLessThan(0.04)
  })

  test('is remembered of sticky experiences only, and as it was when it is shown again', () => {
    const kept = keptBy('v')
    expect(kept).toHaveLength(1)
    expect(toSticky(chosen(bundle, 'v', { kept }, after), bundle)).toEqual(kept)
    expect(JSON.stringify(kept).length).toBeLessThan(100)
  })

  test('is made anew where its variant is gone, or the experience is no longer sticky', () => {
    const seed = seeds.find((one) => chosen(bundle, one, {}, before)[0]?.picks[0]?.variant === 'a')
    const kept = keptBy(seed ?? '')
    const reasons = (of: Bundle) =>
      chosen(of, seed ?? '', { kept }, after).map(({ reason, picks }) => [
        reason,
        picks[0]?.variant,
      ])
    expect(reasons(pageWith('abc'))[0]).toEqual(['sticky', 'a'])
    expect(reasons(pageWith('bc'))[0]?.[0]).toBe('bandit')
    expect(reasons(pageWith('ab', { sticky: false }))[0]?.[0]).toBe('bandit')
  })

  test('gives way to the end of the experience, to a holdout and to being left alone', () => {
    const kept = keptBy('v')
    const first = (of: Bundle) => chosen(of, 'v', { kept }, after)[0]
    expect(first(pageWith('ab', { until: '2026-01-01T00:00:00Z' }))?.experience).toBe('loose')
    expect(first(pageWith('ab', { audience: 'sweden' }))?.experience).toBe('loose')
    const site = { ...bundle.site, excluded: ['norway'] }
    expect(first({ ...bundle, site })).toMatchObject({ reason: 'excluded', picks: [] })
  })

  test('keeps the segment it was made in, and counts as everybody’s once there are others', () => {
    const divided = pageWith('ab', {
      allocation: { kind: 'bandit', segments: [{ by: 'returning' }] },
    })
    const kept = keptBy('v', divided)
    const returning = subjectOf('/', { visitor: { returning: true, visits: 2 } })
    const later = { kept, subject: returning }
    expect(chosen(divided, 'v', { subject: returning }, after)[0]?.segment).toBe('returning')
    expect(chosen(divided, 'v', later, after)[0]).toMatchObject({
      reason: 'sticky',
      segment: 'new',
    })
    const others = pageWith('ab', { allocation: { kind: 'bandit', segments: [{ by: 'device' }] } })
    expect(chosen(others, 'v', later, after)[0]).toMatchObject({ reason: 'sticky', segment: '' })
  })

  test('is of a fixed split too, when its weights change', () => {
    const split = (one: number, two: number) =>
      pageOf([
        rule('e', {
          sticky: true,
          variants: [
            { variant: 'a', weight: one },
            { variant: 'b', weight: two },
          ],
        }),
      ])
    for (const seed of seeds.slice(0, 200)) {
      const kept = keptBy(seed, split(1, 3))
      const [first] = chosen(split(1, 3), seed)
      expect(chosen(split(3, 1), seed, { kept })[0]).toEqual({ ...first, reason: 'sticky' })
    }
  })
})

test('variants stay the same through a sign-in, which keeps the id they hang on', () => {
  const bundle = pageOf([rule('e', { variants: [{ variant: 'a' }, { variant: 'b' }] })])
  const signIn = ok({ subject: 'anna', claims: {} })
  for (const id of seeds.slice(0, 200)) {
    const state = { id, lastAt: NOW, visits: 1, campaign: NO_CAMPAIGN, user: '' }
    const evidence = {
      tier: 2,
      state,
      campaign: NO_CAMPAIGN,
      now: NOW,
      newId: () => 'new',
    } as const
    const anonymous = identify({ ...evidence, signIn: undefined, user: '' })
    const known = identify({ ...evidence, signIn, user: 'anna' })
    expect(known.visitor.signedIn).toBe(true)
    expect(chosen(bundle, known.visitor.id)).toEqual(chosen(bundle, anonymous.visitor.id))
  }
})

/** χ² of a table of two rows, without the correction for continuity. */
function chiSquareOf(...rows: readonly (readonly number[])[]): number {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const all = sum(rows.map(sum))
  return sum(
    rows.flatMap((row) =>
      row.map((count, column) => {
        const expected = (sum(row) * sum(rows.map((other) => other[column] ?? 0))) / all
        return (count - expected) ** 2 / expected
      }),
    ),
  )
}

describe('those whom a site leaves alone', () => {
  const experiences = [
    rule('e', { variants: [{ variant: 'a' }, { variant: 'b' }] }),
    rule('f', { slot: 'side', audience: 'norway' }),
  ]
  const bundle = pageOf(experiences, { excluded: ['sweden'], holdout: 0.5 })
  const inSweden = { subject: subjectOf('/', { signals: { country: 'SE' } }) }

  test('get nothing, whoever they are, and a reason', () => {
    for (const seed of seeds.slice(0, 200)) {
      expect(chosen(bundle, seed, inSweden)).toEqual([
        { slot: 'hero', experience: 'e', picks: [], reason: 'excluded', version: 0, segment: '' },
      ])
    }
    const without = chosen(bundle, 'v', { ...inSweden, measured: false })
    expect(without.map(({ reason }) => reason)).toEqual(['excluded'])
  })

  test('are exposed to nothing: neither learning nor the holdout counts them', () => {
    const exposed = seeds.slice(0, 200).map((seed) => chosen(bundle, seed, inSweden))
    expect(exposed.map((decisions) => toExposures(decisions, []).exposures.length)).toEqual(
      exposed.map(() => 0),
    )
    const reasons = seeds.slice(0, 200).map((seed) => chosen(bundle, seed)[0]?.reason)
    expect(new Set(reasons)).toEqual(new Set(['holdout', 'split']))
  })
})

describe('a ranked list', () => {
  const ranked = (show: number) =>
    rule('list', {
      variants: ['oa', 'ob', 'oc'].map((variant) => ({ variant })),
      allocation: { kind: 'ranked', show },
      goal: 'click',
      priority: 1,
    })

  test('places each offer once, worth times share deciding how often first', () => {
    const bundle = pageOf([ranked(3)])
    const firsts = new Map<string, number>()
    const lists = seeds.map((seed) => chosen(bundle, seed)[0]?.picks ?? [])
    const forms = lists.map((picks) =>
      picks
        .map(({ variant }) => variant)
        .toSorted()
        .join(),
    )
    expect(new Set(forms)).toEqual(new Set(['oa,ob,oc']))
    expect(new Set(lists.map(([, , last]) => last?.propensity))).toEqual(new Set([1]))
    for (const [first] of lists) {
      if (first) firsts.set(first.variant, (firsts.get(first.variant) ?? 0) + 1)
    }
    for (const [variant, worth] of [
      ['oa', 1],
      ['ob', 2],
      ['oc', 3],
    ] as const) {
      const error = Math.abs((firsts.get(variant) ?? 0) / seeds.length - worth / 6)
      // The shares 3334, 3333, 3333 move this by less than a ten-thousandth.
      expect(error).toBeLessThan(4 * Math.sqrt(0.25 / seeds.length))
    }
  })

  test('shows as many as asked for, of those there are', () => {
    for (const [show, count] of [
      [1, 1],
      [2, 2],
      [9, 3],
    ] as const) {
      expect(chosen(pageOf([ranked(show)]), 'v')[0]?.picks).toHaveLength(count)
    }
  })

  test('without an offer left gives way to the next experience', () => {
    const weights = { list: { version: 1, at: 0, shares: { '': { oa: 0, ob: 0, oc: 10_000 } } } }
    const only = pageOf([ranked(2), rule('next')])
    expect(chosen(only, 'v', {}, weights)[0]?.picks).toEqual([{ variant: 'oc', propensity: 1 }])
    const ended = { ...only, variants: { ...only.variants, oc: { segments: [] } } }
    expect(chosen(ended, 'v', {}, weights)[0]).toMatchObject({ experience: 'next' })
  })
})
