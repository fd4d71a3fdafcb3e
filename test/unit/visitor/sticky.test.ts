import { describe, expect, test } from 'vitest'
import { NO_CAMPAIGN } from '../../../src/model/signals.ts'
import { MOST_STICKY, type StickyPick } from '../../../src/model/sticky.ts'
import { type CookieState, seal } from '../../../src/visitor/sealed-cookie.ts'
import { withPicks } from '../../../src/visitor/sticky.ts'
import { keysOf } from '../keyrings.ts'

const STATE: CookieState = {
  ...{ id: 'weur-3-AAAAAAAAAAAAAAAAAAAAAA', lastAt: 1_796_000_000_000, visits: 99 },
  ...{ campaign: NO_CAMPAIGN, user: '' },
}

/** As long as picks come: of a late version, with a segment. */
const pick = (n: number, changes: Partial<StickyPick> = {}): StickyPick => ({
  ...{ experience: `e${1000 + n}`, variant: 'abcde', version: 9999, share: 9999, segment: 'zzzzz' },
  ...changes,
})
const picks = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => pick(from + n))
const snapshotOf = (note: string): NonNullable<CookieState['snapshot']> => ({
  ...{ at: 1_796_000_000_000, until: 1_796_000_900_000, shared: false },
  ...{ reads: 'k1', places: [note] },
})
const names = ({ picks: kept = [] }: CookieState) => kept.map(({ experience }) => experience)
const namesOf = (kept: readonly StickyPick[]) => kept.map(({ experience }) => experience)

describe('what a visitor keeps', () => {
  test('grows by what is new', () => {
    const first = withPicks(STATE, [pick(1)])
    expect(first.picks).toEqual([pick(1)])
    expect(withPicks(first, [pick(2), pick(1)]).picks).toEqual([pick(1), pick(2)])
  })

  test('is the very same state when nothing is new, and as it was picked first', () => {
    const state = { ...STATE, picks: picks(0, 3) }
    expect(withPicks(state)).toBe(state)
    expect(withPicks(state, [pick(2, { version: 10_000, share: 1 })])).toBe(state)
    expect(withPicks(STATE, [])).toBe(STATE)
  })

  test('of one experience is one: another variant takes the place of the former', () => {
    const state = { ...STATE, picks: picks(0, 3) }
    const other = pick(1, { variant: 'other', version: 1 })
    expect(withPicks(state, [other]).picks).toEqual([pick(0), pick(2), other])
  })

  test('is of the newest twenty, though the oldest is one of them while it is shown', () => {
    const full = { ...STATE, picks: picks(0, MOST_STICKY) }
    expect(names(withPicks(full, [pick(20)]))).toEqual(namesOf(picks(1, 21)))
    expect(names(withPicks(full, [pick(0), pick(20)]))).toEqual(namesOf([pick(0), ...picks(2, 21)]))
  })

  test('settles on a page with more than can be kept', () => {
    const shown = picks(0, 30)
    const state = withPicks(STATE, shown)
    expect(names(state)).toEqual(namesOf(picks(0, MOST_STICKY)))
    expect(withPicks(state, shown)).toBe(state)
  })

  test('goes before a profile does, the oldest first, and settles too', () => {
    const snapshot = snapshotOf('å'.repeat(150))
    const full = { ...STATE, picks: picks(0, MOST_STICKY), snapshot }
    const fitted = withPicks(full)
    expect(fitted.snapshot).toEqual(snapshot)
    const left = names(fitted)
    expect(left.length).toBeGreaterThan(3)
    expect(left.length).toBeLessThan(MOST_STICKY)
    expect(left).toEqual(namesOf(picks(MOST_STICKY - left.length, MOST_STICKY)))
    const settled = withPicks(fitted, picks(0, MOST_STICKY))
    expect(withPicks(settled, picks(0, MOST_STICKY))).toBe(settled)
  })

  test('is nothing beside a profile that leaves no room', () => {
    const state = { ...STATE, picks: picks(0, 2), snapshot: snapshotOf('x'.repeat(590)) }
    expect(withPicks(state)).toEqual({ ...STATE, snapshot: state.snapshot })
  })

  test('outlasts a profile that fits nowhere: the shard has it still', () => {
    const state = { ...STATE, picks: picks(0, 2), snapshot: snapshotOf('x'.repeat(900)) }
    expect(withPicks(state)).toEqual({ ...STATE, picks: picks(0, 2) })
  })

  test('is sent in 1 kB at most, with all twenty in it', async () => {
    const { cookie: ring } = await keysOf('new')
    const lengthOf = async (one: CookieState) => (await seal(one, 'shop', ring)).length
    // The cookie's name, and a key's id of as many as 16 letters.
    const most = 1024 - '__Host-sv='.length - 13
    const state = withPicks(STATE, picks(0, MOST_STICKY))
    expect(state.picks).toHaveLength(MOST_STICKY)
    expect(await lengthOf(state)).toBeLessThanOrEqual(most)
    const fitted = withPicks({ ...state, snapshot: snapshotOf('x'.repeat(400)) })
    expect(await lengthOf(fitted)).toBeLessThanOrEqual(most)
    expect(await lengthOf(fitted)).toBeGreaterThan(most - 50)
  })
})
