import { describe, expect, test } from 'vitest'
import { decide } from '../../src/decide/decide.ts'
import type { Bundle } from '../../src/model/bundle.ts'
import type { WeightsByExperience } from '../../src/model/learning.ts'
import { ANNA, bundleOf, inputsOf } from './who.ts'

const SEEDS = Array.from({ length: 6_000 }, (_, n) => `weur-${n % 16}-visitor${n}`)

/** Anna did not opt in to casino games: of these variants, those whose names begin with `x` are that. */
function pageOf(variants: Readonly<Record<string, number>>, allocation: object): Bundle {
  const names = Object.keys(variants)
  const isLearned = 'kind' in allocation && allocation.kind !== 'split'
  return bundleOf({
    site: { id: 'bet', name: 'B', hosts: ['a'], origin: 'https://a.example', holdout: 0 },
    slots: [{ id: 'hero', selector: '#hero', pages: ['/*'] }],
    modules: [{ id: 'm', template: '<br>' }],
    variants: names.map((id) => ({
      ...{ id, module: 'm', product: id.startsWith('x') ? 'casino' : 'lottery' },
      ...(isLearned && { offer: { value: variants[id] } }),
    })),
    attributes: [{ id: 'optIns', type: 'list' }],
    policies: [{ id: 'p', kind: 'opt-in', attribute: 'optIns', products: ['casino'] }],
    goals: [{ id: 'click', kind: 'click' }],
    experiences: [
      {
        ...{ id: 'e', slot: 'hero', allocation, goal: 'click' },
        variants: names.map((variant) => ({
          variant,
          ...(!isLearned && { weight: variants[variant] }),
        })),
      },
    ],
  })
}

const who = { ...ANNA, attributes: { optIns: [[], 0] as const } }
const optedIn = { ...ANNA, attributes: { optIns: [['casino:web'], 0] as const } }

function picksOf(bundle: Bundle, weights: WeightsByExperience = {}, someone: typeof ANNA = who) {
  const inputs = inputsOf(someone, bundle)
  return SEEDS.map((seed) => decide(inputs, bundle, weights, seed)[0]?.picks ?? [])
}

/** Pearson's χ² of how often each was first against the propensities that were told. */
function chiSquare(picks: ReturnType<typeof picksOf>): { chi: number; told: Map<string, number> } {
  const told = new Map<string, number>()
  const counts = new Map<string, number>()
  for (const [first] of picks) {
    if (!first) throw new Error('Nothing was shown.')
    const { variant, propensity } = first
    expect(told.get(variant) ?? propensity).toBe(propensity)
    told.set(variant, propensity)
    counts.set(variant, (counts.get(variant) ?? 0) + 1)
  }
  const chi = [...told].reduce((sum, [variant, propensity]) => {
    const expected = propensity * picks.length
    return sum + ((counts.get(variant) ?? 0) - expected) ** 2 / expected
  }, 0)
  return { chi, told }
}

/** 99.9 % points of χ², by degrees of freedom. */
const MOST = [0, 10.83, 13.82, 16.27]

const SPLIT = { kind: 'split' }
const BANDIT = { kind: 'bandit' }
const learned = (shares: Record<string, number>): WeightsByExperience => ({
  e: { version: 4, at: 0, shares: { '': shares } },
})

describe('with some arms shut, the others have the share that they have among themselves', () => {
  test.each<[string, Bundle, WeightsByExperience, Record<string, number>]>([
    ['an even split', pageOf({ a: 1, b: 1, x: 1 }, SPLIT), {}, { a: 3334 / 6667, b: 3333 / 6667 }],
    ['an uneven one', pageOf({ a: 1, x1: 2, b: 5, x2: 2 }, SPLIT), {}, { a: 1 / 6, b: 5 / 6 }],
    ['most of it shut', pageOf({ x: 97, a: 1, b: 2 }, SPLIT), {}, { a: 1 / 3, b: 2 / 3 }],
    ['one left', pageOf({ x: 9999, a: 1 }, SPLIT), {}, { a: 1 }],
    [
      'learned shares',
      pageOf({ a: 1, b: 1, x: 1, c: 1 }, BANDIT),
      learned({ a: 1000, b: 2000, x: 6000, c: 1000 }),
      { a: 0.25, b: 0.5, c: 0.25 },
    ],
    [
      'first places of a list, by worth × share',
      pageOf({ a: 4, b: 2, x: 50, c: 1 }, { kind: 'ranked', show: 2 }),
      learned({ a: 1000, b: 2000, x: 5000, c: 2000 }),
      { a: 0.4, b: 0.4, c: 0.2 },
    ],
  ])('%s', (_, bundle, weights, expected) => {
    const { chi, told } = chiSquare(picksOf(bundle, weights))
    expect(Object.fromEntries(told)).toEqual(
      Object.fromEntries(
        Object.entries(expected).map(([variant, share]) => [variant, expect.closeTo(share, 12)]),
      ),
    )
    expect(chi).toBeLessThanOrEqual(MOST[told.size - 1] ?? 0)
  })
})

test('whose variant is open keeps it, whatever is shut beside it', () => {
  const bundle = pageOf({ a: 1, x1: 2, b: 5, x2: 2 }, SPLIT)
  const open = picksOf(bundle, {}, optedIn).map(([pick]) => pick?.variant)
  const shut = picksOf(bundle).map(([pick]) => pick?.variant)
  const pairs = open.map((variant, n) => [variant, shut[n]])
  const kept = pairs.filter(([variant]) => !variant?.startsWith('x'))
  expect(kept.length).toBeGreaterThan(SEEDS.length / 2)
  expect(kept).toEqual(kept.map(([variant]) => [variant, variant]))
})

test('the second place of a list goes by what is left', () => {
  const bundle = pageOf({ a: 4, b: 2, x: 50, c: 1 }, { kind: 'ranked', show: 2 })
  const weights = learned({ a: 1000, b: 2000, x: 5000, c: 2000 })
  const second = picksOf(bundle, weights).filter(([first]) => first?.variant === 'a')
  const shares = second.map(([, pick]) => pick)
  expect(new Set(shares.map((pick) => `${pick?.variant} ${pick?.propensity.toFixed(6)}`))).toEqual(
    new Set(['b 0.666667', 'c 0.333333']),
  )
  const share = shares.filter((pick) => pick?.variant === 'b').length / shares.length
  expect(Math.abs(share - 2 / 3)).toBeLessThan(4 * Math.sqrt(2 / 9 / shares.length))
})
