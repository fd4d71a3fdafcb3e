import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EMPTY_PROFILE, type Profile } from '../../../src/model/profile.ts'
import { merge } from '../../../src/visitor/merge.ts'
import { type Done, fold } from '../../../src/visitor/profile.ts'
import { AT, event, foldAll, histories } from './histories.ts'

const profileOf = (done: readonly Done[]): Profile => done.reduce(fold, EMPTY_PROFILE)
const profiles = histories.map(profileOf)

describe('two profiles of one person', () => {
  test('are one, whichever comes first', () => {
    const property = fc.property(profiles, profiles, (one, other) => {
      expect(merge(one, other)).toEqual(merge(other, one))
    })
    fc.assert(property, { seed: 1, numRuns: 200 })
  })

  test('and a third are one, however they are put together', () => {
    const property = fc.property(profiles, profiles, profiles, (a, b, c) => {
      expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)))
    })
    fc.assert(property, { seed: 2, numRuns: 200 })
  })

  test('make what one visitor who did it all would have', () => {
    const property = fc.property(histories, fc.array(fc.nat(3), { maxLength: 40 }), (all, to) => {
      const parts = [0, 1, 2, 3].map((part) => all.filter((_, n) => (to[n] ?? 0) === part))
      expect(parts.map(profileOf).reduce(merge)).toEqual(profileOf(all))
    })
    fc.assert(property, { seed: 3, numRuns: 200 })
  })

  test('are what there is, where one of them is empty', () => {
    const property = fc.property(profiles, (profile) => {
      expect(merge(profile, EMPTY_PROFILE)).toEqual(profile)
      expect(merge(EMPTY_PROFILE, profile)).toEqual(profile)
    })
    fc.assert(property, { seed: 4, numRuns: 100 })
  })

  test('told again, each as it is then, are the same', () => {
    // A person's object keeps the newest whole profile of each browser, and adds those up.
    const property = fc.property(
      fc.array(fc.tuple(fc.constantFrom('phone', 'desk', 'tablet'), histories), { maxLength: 5 }),
      fc.array(fc.constantFrom('phone', 'desk', 'tablet'), { maxLength: 5 }),
      (tellings, again) => {
        const sum = (kept: ReadonlyMap<string, Profile>) =>
          [...kept.values()].reduce(merge, EMPTY_PROFILE)
        const kept = new Map<string, Profile>()
        for (const [browser, done] of tellings) {
          kept.set(browser, done.reduce(fold, kept.get(browser) ?? EMPTY_PROFILE))
        }
        const once = sum(kept)
        for (const browser of again) {
          const profile = kept.get(browser)
          if (profile) kept.set(browser, structuredClone(profile))
        }
        expect(sum(kept)).toEqual(once)
        expect(once).toEqual(profileOf(tellings.flatMap(([, done]) => done)))
      },
    )
    fc.assert(property, { seed: 5, numRuns: 100 })
  })

  test('keep the word that was said last, and of two at one moment always the same', () => {
    const said = (plan: string, at: number) =>
      foldAll([event({ kind: 'identify', properties: { plan }, at })])
    const planOf = (profile: Profile) => profile.traits.plan?.value
    const [old, fresh] = [said('gold', AT), said('free', AT + 1)]
    expect([merge(old, fresh), merge(fresh, old)].map(planOf)).toEqual(['free', 'free'])
    const other = said('silver', AT)
    expect([merge(old, other), merge(other, old)].map(planOf)).toEqual(['silver', 'silver'])
  })

  test('have the newest deeds of both, each once', () => {
    const views = (from: number) =>
      foldAll(
        Array.from({ length: 20 }, (_, n) =>
          event({ kind: 'page', name: `/${from + n}`, at: AT + (from + n) * 1000 }),
        ),
      )
    const { deeds } = merge(views(0), views(20))
    expect(deeds.map(({ name }) => name)).toEqual(Array.from({ length: 32 }, (_, n) => `/${n + 8}`))
    const hours = foldAll([event({ at: AT }), event({ at: AT + 7_200_001 })]).deeds
    expect(hours.map(({ at }) => at)).toEqual([AT + 7_200_001])
  })

  test('hold 100 names of a kind, those that came first', () => {
    const named = (from: number, at: number) =>
      foldAll(Array.from({ length: 60 }, (_, n) => event({ name: `n ${from + n}`, at: at + n })))
    const { events } = merge(named(60, AT + 1000), named(0, AT))
    expect(Object.keys(events)).toHaveLength(100)
    expect(events).toHaveProperty('n_0')
    expect(events).toHaveProperty('n_99')
    expect(events).not.toHaveProperty('n_100')
  })

  test('leave both as they were', () => {
    const [one, other] = [
      foldAll([event()]),
      foldAll([event({ at: AT + 1, kind: 'page', name: '/' })]),
    ]
    const copies = structuredClone([one, other])
    merge(one, other)
    expect([one, other]).toEqual(copies)
  })
})
