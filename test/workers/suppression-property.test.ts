import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide } from '../../src/decide/decide.ts'
import { recordPage, replay } from '../../src/decide/record.ts'
import { toSticky } from '../../src/decide/sticky.ts'
import type { Bundle } from '../../src/model/bundle.ts'
import { nameOfClaim } from '../../src/model/cap.ts'
import type { Decision } from '../../src/model/decision.ts'
import type { WeightsByExperience } from '../../src/model/learning.ts'
import type { StickyPick } from '../../src/model/sticky.ts'
import type { ConsentTier } from '../../src/model/visitor.ts'
import { MAX_AGES, RULES, reasonAgainst } from './oracle.ts'
import { bundleOf, inputsOf, type Who } from './who.ts'

const TYPES: Readonly<Record<string, string>> = {
  ...{ optIns: 'list', barred: 'flag', barredUntil: 'date', birthDate: 'date', cases: 'number' },
  ...{ lossOn: 'date', mailedOn: 'date', vip: 'flag' },
}
const ATTRIBUTES = Object.entries(TYPES).map(([id, type]) => ({
  ...{ id, type },
  ...(MAX_AGES[id] !== 9999 && { maxAge: MAX_AGES[id] }),
}))

const PRODUCTS = ['casino', 'credit', 'lottery']

/** Variants of every product and of none; the later half are offers. */
const VARIANTS = Array.from({ length: 10 }, (_, n) => ({
  ...{ id: `v${n}`, module: 'm' },
  ...(n % 4 > 0 && { product: PRODUCTS[(n % 4) - 1] }),
  ...(n >= 5 && {
    offer: {
      value: n - 3,
      ...(n === 6 && { stock: 3 }),
      ...(n === 7 && { eligible: 'norway' }),
      ...(n === 8 && { until: '2026-11-01T00:00:00Z' }),
    },
  }),
}))
const OFFERS = VARIANTS.filter(({ offer }) => offer)
const namesOf = (things: readonly { readonly id: string }[]) => things.map(({ id }) => id)

const some = <T>(values: readonly T[], most = values.length) =>
  fc.shuffledSubarray([...values], { minLength: 1, maxLength: most })
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })

const common = {
  products: maybe(some(PRODUCTS)),
  anonymous: fc.constantFrom('suppress', 'allow'),
}

const policies = fc.array(
  fc.oneof(
    fc.record({
      ...{ kind: fc.constant('opt-in'), attribute: fc.constant('optIns') },
      ...{ channel: fc.constantFrom('web', 'mail'), ...common, products: some(PRODUCTS) },
    }),
    fc.record({
      kind: fc.constant('self-exclusion'),
      attribute: fc.constantFrom('barred', 'barredUntil'),
      ...common,
    }),
    fc.record({
      ...{ kind: fc.constant('under-age'), attribute: fc.constant('birthDate') },
      ...{ age: fc.constantFrom(18, 21), ...common },
    }),
    fc.record({ kind: fc.constant('open-case'), attribute: fc.constant('cases'), ...common }),
    fc.record({
      ...{ kind: fc.constant('cooling-off'), attribute: fc.constant('lossOn') },
      ...{ days: fc.constantFrom(1, 3, 30), ...common },
    }),
    fc.record({
      ...{ kind: fc.constant('quiet-after'), event: fc.constantFrom('Bet Placed', 'Lost') },
      ...{ hours: fc.constantFrom(1, 24, 240), ...common },
    }),
    fc.record({
      ...{ kind: fc.constant('addressed'), attribute: maybe(fc.constant('mailedOn')) },
      ...{ hours: fc.constantFrom(1, 24, 72), ...common },
    }),
    fc.record({
      kind: fc.constant('rule'),
      condition: fc.constantFrom(...RULES.map(({ condition }) => condition)),
      ...common,
    }),
  ),
  { maxLength: 4 },
)

const arms = (names: readonly string[]) =>
  some(names, 5).chain((chosen) =>
    fc.tuple(
      ...chosen.map((variant) =>
        fc.record({ variant: fc.constant(variant), weight: fc.constantFrom<number>(0, 1, 5, 1e6) }),
      ),
    ),
  )

const experiences = fc.array(
  fc.constantFrom<'split' | 'bandit' | 'ranked'>('split', 'bandit', 'ranked').chain((kind) =>
    fc.record({
      kind: fc.constant(kind),
      slot: fc.constantFrom('hero', 'side'),
      variants: arms(namesOf(kind === 'ranked' ? OFFERS : VARIANTS)),
      sticky: kind === 'ranked' ? fc.constant(false) : fc.boolean(),
      priority: fc.integer({ min: -2, max: 2 }),
      paused: fc.constantFrom(false, false, false, true),
      audience: maybe(fc.constantFrom('norway', 'known')),
      isLayered: fc.constantFrom(false, false, true),
      cap: maybe(fc.constantFrom({ people: 9 }, { perPerson: { times: 2, hours: 24 } })),
      campaign: maybe(fc.constantFrom('spring', 'autumn')),
    }),
  ),
  { minLength: 1, maxLength: 6 },
)

const sites = fc.record({
  holdout: fc.constantFrom(0, 0, 0.5),
  excluded: fc.constantFrom([], [], ['norway']),
})

type Draft = {
  readonly site: object
  readonly policies: readonly object[]
  readonly experiences: readonly (Experience & object)[]
}
type Experience = typeof experiences extends fc.Arbitrary<(infer E)[]> ? E : never

const drafts: fc.Arbitrary<Draft> = fc.record({ site: sites, policies, experiences })

function open({ site, policies, experiences }: Draft): Bundle {
  return bundleOf({
    site: {
      ...{ id: 'bet', name: 'B', hosts: ['a'], origin: 'https://a.example' },
      ...{ layers: [{ id: 'top' }], ...site },
    },
    slots: ['hero', 'side'].map((id) => ({ id, selector: `#${id}`, pages: ['/*'] })),
    modules: [{ id: 'm', template: '<br>' }],
    variants: VARIANTS,
    attributes: ATTRIBUTES,
    policies: policies.map((policy, n) => ({ id: `p${n}`, ...policy })),
    audiences: [
      { id: 'norway', condition: { 'signals.country': 'NO' } },
      { id: 'known', condition: { 'visitor.returning': true } },
    ],
    goals: [{ id: 'click', kind: 'click' }],
    experiences: experiences.map(({ kind, isLayered, variants, ...experience }, n) => ({
      ...{ id: `e${n}`, ...experience, goal: 'click' },
      ...(isLayered && { layer: { id: 'top', from: n * 1600, to: n * 1600 + 1600 } }),
      allocation: kind === 'ranked' ? { kind, show: 3 } : { kind },
      variants: variants.some(({ weight }) => weight > 0)
        ? variants
        : variants.map(({ variant }) => ({ variant })),
    })),
  })
}

const days = fc.constantFrom(
  ...['2026-11-26', '2026-11-25', '2026-11-27', '2026-11-23', '2026-10-01', '2008-11-26'],
  ...['2008-11-27', '2005-11-25', '1990-02-28', '2030-01-01', '2001-02-29', 'soon'],
)
const aged = <T>(value: fc.Arbitrary<T>) =>
  fc.tuple(
    fc.oneof({ weight: 4, arbitrary: value }, fc.constant(null)),
    fc.constantFrom(0, 0, 5, 15, 400),
  )

const people: fc.Arbitrary<Who> = fc
  .record({
    tier: fc.constantFrom<ConsentTier>(0, 1, 2, 2, 2, 2),
    signedIn: fc.constantFrom(true, true, false),
    returning: fc.boolean(),
    country: fc.constantFrom('NO', 'SE', ''),
    user: fc.constantFrom<Who['user']>({}, { plan: 'basic' }, { plan: 'gold' }),
    attributes: fc.record(
      {
        optIns: aged(fc.subarray(PRODUCTS.map((product) => `${product}:web`))),
        barred: aged(fc.constantFrom(false, false, true)),
        barredUntil: aged(days),
        birthDate: aged(days),
        cases: aged(fc.constantFrom(0, 0, 3)),
        lossOn: aged(days),
        mailedOn: aged(days),
        vip: aged(fc.boolean()),
      },
      { requiredKeys: [] },
    ),
    events: fc.array(
      fc.tuple(fc.constantFrom('Bet Placed', 'Lost', 'Other'), fc.constantFrom(0.5, 2, 30, 300)),
      { maxLength: 4 },
    ),
    lost: fc.constantFrom(false, false, false, false, true),
  })
  // Nobody is signed in to what may not know who they are.
  .map((who) => ({
    ...who,

    signedIn: who.signedIn && who.tier === 2,
  }))

/** What was learned: any division of the whole among the arms. */
const learned = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 5, maxLength: 5 })

function weightsOf(bundle: Bundle, parts: readonly number[]): WeightsByExperience {
  return Object.fromEntries(
    bundle.experiences.map(({ id, arms: all }, n) => {
      const cut = all.map((_, arm) => parts[(arm + n) % parts.length] ?? 0)
      const sum = cut.reduce((total, part) => total + part, 0)
      const shares = cut.map((part) => (sum === 0 ? 0 : Math.floor((part / sum) * 10_000)))
      shares[0] = 10_000 - shares.slice(1).reduce((total, share) => total + share, 0)
      const named = all.map(([variant], arm) => [variant, shares[arm] ?? 0])
      return [id, { version: 3, at: 0, shares: { '': Object.fromEntries(named) } }]
    }),
  )
}

/** Picks of former pages, which may be of anything. */
function keptBy(bundle: Bundle, places: readonly number[]): StickyPick[] {
  const former = bundle.experiences.flatMap(({ id, slot, arms: all }, n): Decision[] => {
    const [variant] = all[(places[n % places.length] ?? 0) % all.length] ?? []
    if (variant === undefined) return []
    const picks = [{ variant, propensity: 0.5 }]
    return [{ slot, experience: id, picks, reason: 'split', version: 1, segment: '' }]
  })
  return toSticky(former, bundle)
}

/** The first policy that has something against a variant, by the oracle. */
function verdictOn(variant: string, bundle: Bundle, who: Who) {
  const { product } = VARIANTS.find(({ id }) => id === variant) ?? {}
  for (const policy of bundle.policies ?? []) {
    const reason = reasonAgainst(policy, product, who)
    if (reason) return { policy: policy.id, version: policy.version, reason }
  }
  return undefined
}

/** Nothing is shown that may not be, and all that was kept back has its reason, policy and version. */
function expectObedience(decisions: readonly Decision[], bundle: Bundle, who: Who): void {
  for (const { experience, picks, reason, suppressed = [] } of decisions) {
    for (const { variant, propensity } of picks) {
      expect([variant, verdictOn(variant, bundle, who)]).toEqual([variant, undefined])
      expect(propensity).toBeGreaterThan(0)
      expect(propensity).toBeLessThanOrEqual(1)
    }
    for (const { variant, experience: of, ...verdict } of suppressed) {
      expect([of, variant, verdict]).toEqual([of, variant, verdictOn(variant, bundle, who)])
      expect(verdict.version).not.toBe('')
    }
    if (reason === 'excluded') continue
    const names = bundle.experienceById.get(experience)?.arms.map(([variant]) => variant) ?? []
    const kept = suppressed.filter((one) => one.experience === experience)
    expect(new Set(kept.map(({ variant }) => variant))).toEqual(
      new Set(names.filter((variant) => verdictOn(variant, bundle, who))),
    )
    if (reason === 'suppressed') expect([picks, suppressed.length > 0]).toEqual([[], true])
  }
}

const seeds = fc.nat(1e6).map((n) => `weur-${n % 16}-v${n}`)
const places = fc.array(fc.nat(9), { minLength: 6, maxLength: 6 })

describe('whatever is configured, learned and kept', () => {
  test('nothing is shown that a policy keeps back, nor by the record of the page', () => {
    const seen = { picks: 0, suppressions: 0, sticky: 0, closed: 0 }
    const property = fc.property(
      ...[drafts, people, seeds, learned, places, fc.nat(63)],
      (draft, who, seed, parts, kept, closing) => {
        const bundle = open(draft)
        const weights = weightsOf(bundle, parts)
        const inputs = inputsOf(who, bundle, { kept: keptBy(bundle, kept) })
        const first = decide(inputs, bundle, weights, seed)
        expectObedience(first, bundle, who)

        // Some of what it needs is refused, and it is decided once more.
        const needed = first.flatMap(({ claims = [] }) => claims.map(nameOfClaim))
        const closed = new Set(needed.filter((_, n) => (closing >> n) % 2 === 1))
        const refused = { ...inputs, closed }
        const decisions = decide(refused, bundle, weights, seed)
        expectObedience(decisions, bundle, who)
        for (const { claims = [] } of decisions) {
          for (const claim of claims) expect(closed).not.toContain(nameOfClaim(claim))
        }

        const record = recordPage(refused, bundle, weights, seed)
        const replayed = replay(JSON.parse(JSON.stringify(record)), bundle, weights)
        expect(replayed).toEqual(decisions)

        seen.picks += decisions.flatMap(({ picks }) => picks).length
        seen.suppressions += decisions.flatMap(({ suppressed = [] }) => suppressed).length
        seen.sticky += decisions.filter(({ reason }) => reason === 'sticky').length
        seen.closed += closed.size
      },
    )
    fc.assert(property, { seed: 11, numRuns: 400 })
    // Else the above would say little.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20)
  })

  test('no weight, priority, kept pick or pause of others brings it back', () => {
    let tried = 0
    const property = fc.property(drafts, people, seeds, (draft, who, seed) => {
      const bundle = open(draft)
      const decisions = decide(inputsOf(who, bundle), bundle, {}, seed)
      for (const { experience, variant } of decisions.flatMap((one) => one.suppressed ?? [])) {
        const pushed = open(pushing(draft, experience, variant))
        const [first] = pushed.experiences
        expect(first).toMatchObject({ id: experience })
        const picks = [{ variant, propensity: 1 }]
        const former = { slot: '', experience, picks, version: 1, segment: '' }
        const kept = toSticky([{ ...former, reason: 'sticky' }], pushed)
        const shares = (first?.arms ?? []).map(([name]) => [name, name === variant ? 10_000 : 0])
        const weights = {
          [experience]: { version: 9, at: 0, shares: { '': Object.fromEntries(shares) } },
        }
        const pressed = decide(inputsOf(who, pushed, { kept }), pushed, weights, seed)
        expectObedience(pressed, pushed, who)
        expect(pressed.flatMap((one) => one.suppressed ?? [])).toContainEqual(
          expect.objectContaining({ experience, variant }),
        )
        tried++
      }
    })
    fc.assert(property, { seed: 12, numRuns: 150 })
    expect(tried).toBeGreaterThan(100)
  })
})

/** The same with all that an editor can do to have one variant shown. */
function pushing(draft: Draft, experience: string, variant: string): Draft {
  const experiences = draft.experiences.map((one, n) => {
    if (`e${n}` !== experience) return { ...one, paused: true }
    const variants = one.variants.map((arm) => ({
      ...arm,
      weight: arm.variant === variant ? 1e6 : 0,
    }))
    return { ...one, variants, priority: 1000, sticky: one.kind !== 'ranked' }
  })
  return { ...draft, experiences }
}
