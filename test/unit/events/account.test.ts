import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Account,
  BOUNDS,
  type Counted,
  difference,
  endOf,
  enter,
  NEW_ACCOUNT,
  settle,
  tally,
} from '../../../src/events/account.ts'
import { fromText, toText } from '../../../src/events/account-text.ts'
import type { Credit, Touch } from '../../../src/events/attribution.ts'
import type { Step } from '../../../src/model/event.ts'
import { ATTRIBUTIONS, RUNGS } from '../../../src/model/experience.ts'
import { HOLDOUT_ARM } from '../../../src/model/exposure.ts'
import { COUNTERS, type Counts, NO_COUNTS, plus } from '../../../src/model/learning.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const START = Date.UTC(2026, 10, 17)

interface Report {
  readonly touches: readonly Touch[]
  readonly credits: readonly Credit[]
}

type Totals = ReadonlyMap<string, Counts>

/** Totals as a shard keeps them: what each report changes is added up. */
function add(totals: Totals, changes: readonly Counted[]): Totals {
  const sums = new Map(totals)
  for (const { version, arm, segment, counts } of changes) {
    const key = `${version} ${arm} ${segment}`
    sums.set(key, plus(sums.get(key) ?? NO_COUNTS, counts))
  }
  return sums
}

const withoutZeros = (totals: Totals): object =>
  Object.fromEntries(
    [...totals].filter(([, counts]) => COUNTERS.some((counter) => counts[counter] !== 0)).sort(),
  )

const atOnce = (reports: readonly Report[]): object => {
  const touches = reports.flatMap((report) => report.touches)
  const credits = reports.flatMap((report) => report.credits)
  return withoutZeros(add(new Map(), [...tally(enter(NEW_ACCOUNT, touches, credits)).values()]))
}

interface Books {
  readonly account: Account
  readonly totals: Totals
}

/** Books a report, through what is stored, as a shard does at `now`. */
function book({ account, totals }: Books, { touches, credits }: Report, now: number): Books {
  const before = settle(fromText(toText(account)), now - 8 * DAY)
  const after = enter(before, touches, credits)
  return { account: after, totals: add(totals, difference(tally(before), tally(after))) }
}

const STEPS: readonly Step[] = ['delivered', 'survived', 'seen', 'clicked']
const WINDOWS = [60_000, HOUR, DAY, 3 * DAY]

const touchAt = (at: number, window: number): fc.Arbitrary<Touch> =>
  fc.record({
    ...{ at: fc.constant(at), window: fc.constant(window) },
    arm: fc.constantFrom('a', 'b', HOLDOUT_ARM, '__proto__'),
    version: fc.nat(2),
    segment: fc.constantFrom('', 'x'),
    step: fc.constantFrom(...STEPS),
  })

const creditAt = (at: number, window: number): fc.Arbitrary<Credit> =>
  fc
    .record({
      ...{ at: fc.constant(at), window: fc.constant(window), id: fc.uuid() },
      value: fc.oneof(
        fc.constant(1),
        fc.integer({ min: -99_999, max: 99_999 }).map((n) => n / 1000),
      ),
      after: fc.constantFrom(0, 0, window / 4),
      attribution: fc.constantFrom(...ATTRIBUTIONS),
      rung: fc.constantFrom(...RUNGS),
      arm: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
    })
    .map(({ arm, ...credit }) => (arm === undefined ? credit : { ...credit, arm }))

/** Reports of one experience over some days, many of them close together. */
const history = (days: number): fc.Arbitrary<Report[]> =>
  fc.constantFrom(...WINDOWS).chain((window) => {
    const far = fc.nat(days * DAY)
    const near = fc.tuple(fc.nat(days), fc.nat(12_000)).map(([day, ms]) => day * DAY + ms)
    const report = fc.oneof(far, near).chain((offset) =>
      fc.oneof(
        touchAt(START + offset, window).map((touch) => ({ touches: [touch], credits: [] })),
        creditAt(START + offset, window).map((credit) => ({ touches: [], credits: [credit] })),
      ),
    )
    return fc.array(report, { minLength: 1, maxLength: 40 })
  })

/** A history in any order, in batches of any size, with any of it again at any time. */
const deliveries = history(4).chain((all) =>
  fc
    .record({
      again: fc.array(fc.nat(all.length - 1), { maxLength: 30 }),
      sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
    })
    .chain(({ again, sizes }) => {
      const sent = [...all, ...again.flatMap((place) => all[place] ?? [])]
      return fc
        .shuffledSubarray(sent, { minLength: sent.length })
        .map((shuffled) => ({ all, batches: toBatches(shuffled, sizes) }))
    }),
)

function toBatches(reports: readonly Report[], sizes: readonly number[]): Report[] {
  const batches: Report[] = []
  for (let place = 0; place < reports.length; ) {
    const size = sizes[batches.length % sizes.length] ?? 1
    const part = reports.slice(place, place + size)
    batches.push({
      touches: part.flatMap((report) => report.touches),
      credits: part.flatMap((report) => report.credits),
    })
    place += size
  }
  return batches
}

const NOTHING: Books = { account: NEW_ACCOUNT, totals: new Map() }

describe('totals are the same', () => {
  test('in whatever order, however often and in whatever batches events come', () => {
    const property = fc.property(deliveries, ({ all, batches }) => {
      const now = START + 5 * DAY
      const { totals } = batches.reduce((books, batch) => book(books, batch, now), NOTHING)
      expect(withoutZeros(totals)).toEqual(atOnce(all))
    })
    fc.assert(property, { seed: 5, numRuns: 600 })
  }, 30_000)

  test('however late events come, up to a week, while what is over is settled', () => {
    const late = history(40).chain((all) =>
      fc
        .array(fc.oneof(fc.constant(0), fc.nat(7 * DAY)), {
          ...{ minLength: 2 * all.length, maxLength: 2 * all.length },
        })
        .map((delays) => ({ all, delays })),
    )
    const property = fc.property(late, ({ all, delays }) => {
      const arrivals = [...all, ...all]
        .map((report, place) => {
          const [event] = [...report.touches, ...report.credits]
          return { report, now: (event?.at ?? 0) + (delays[place] ?? 0) }
        })
        .sort((a, b) => a.now - b.now)
      const { account, totals } = arrivals.reduce(
        (books, { report, now }) => book(books, report, now),
        NOTHING,
      )
      expect(withoutZeros(totals)).toEqual(atOnce(all))
      const last = arrivals.at(-1)?.now ?? 0
      for (const { at } of [...account.touches, ...account.credits]) {
        expect(at).toBeGreaterThanOrEqual(last - 8 * DAY - 5_000)
      }
    })
    fc.assert(property, { seed: 6, numRuns: 600 })
  }, 30_000)

  test('for an account beyond its bounds, which keeps to them', () => {
    // Several times in most buckets of each arm, and so many of those that the bound is in their middle.
    const crowd = fc.nat(1e6).map((start) =>
      Array.from({ length: 3 * BOUNDS.buckets }, (_, n) => {
        const at = START + ((start + n * 7_919_993) % (3 * DAY))
        return { ...touch('seen', at, `arm${n % 211}`), credit: credit(`c${n}`, at + 1_000) }
      }),
    )
    const property = fc.property(crowd, fc.integer({ min: 2, max: 9 }), (all, parts) => {
      const reports = all.map(({ credit, ...touch }) => ({ touches: [touch], credits: [credit] }))
      const whole = enter(NEW_ACCOUNT, ...columns(reports))
      const pieces = Array.from({ length: parts }, (_, part) =>
        reports.filter((_, place) => (place * 31) % parts === part).toReversed(),
      )
      const apart = pieces.reduce((account, piece) => {
        return enter(account, ...columns(piece))
      }, NEW_ACCOUNT)
      expect(apart).toEqual(whole)
      expect(whole.touches.length).toBeGreaterThan(BOUNDS.buckets)
      expect(whole.touches.length).toBeLessThanOrEqual(2 * BOUNDS.buckets)
      expect(whole.credits.length).toBeLessThanOrEqual(BOUNDS.credits)
    })
    fc.assert(property, { seed: 7, numRuns: 10 })
  }, 30_000)
})

const columns = (reports: readonly Report[]) =>
  [
    reports.flatMap((report) => report.touches),
    reports.flatMap((report) => report.credits),
  ] as const

const touch = (step: Step, at: number, arm = 'a', window = DAY): Touch => ({
  ...{ arm, version: 1, segment: '', step, at, window },
})

const credit = (id: string, at: number, changes: Partial<Credit> = {}): Credit => ({
  ...{ id, at, value: 1, window: DAY, after: 0, attribution: 'last', rung: 'delivered' },
  ...changes,
})

const totalOf = (account: Account, arm = 'a') =>
  [...tally(account).values()].find((counted) => counted.arm === arm)?.counts ?? NO_COUNTS

describe('a visitor', () => {
  test('never has more rewards than exposures that came far enough for them', () => {
    const property = fc.property(history(10), (reports) => {
      for (const counts of Object.values(atOnce(reports)) as Counts[]) {
        expect(counts.rewarded).toBeLessThanOrEqual(counts.delivered)
        expect(counts.clicked).toBeLessThanOrEqual(Math.min(counts.seen, counts.survived))
        expect(Math.max(counts.seen, counts.survived)).toBeLessThanOrEqual(counts.delivered)
        expect(counts.delay).toBeGreaterThanOrEqual(0)
      }
    })
    fc.assert(property, { seed: 8, numRuns: 300 })
  })

  test('who reloads a page all day has one exposure of a day, and a small account', () => {
    const views = Array.from({ length: 5_000 }, (_, n) => START + n * 17_000)
    const touches = views.flatMap((at) => [touch('delivered', at), touch('seen', at + 1_500)])
    const account = enter(NEW_ACCOUNT, touches, [])
    expect(totalOf(account)).toEqual({ ...NO_COUNTS, delivered: 1, seen: 1 })
    expect(account.touches.length).toBe(2 * 2 * 4)
  })

  test('who is paid again and again pays once an exposure, by the first time', () => {
    const credits = Array.from({ length: 3_000 }, (_, n) => credit(`c${n}`, START + 60_000 + n))
    const account = enter(NEW_ACCOUNT, [touch('seen', START)], credits)
    expect(totalOf(account)).toMatchObject({ rewarded: 1, delay: 60 })
    expect(account.credits.length).toBe(BOUNDS.creditsInBucket)
  })

  test('counts for an offer shown a moment after the goal was met, and not for a later one', () => {
    const reward = [credit('c', START)]
    expect(totalOf(enter(NEW_ACCOUNT, [touch('seen', START + 5_000)], reward)).rewarded).toBe(1)
    expect(totalOf(enter(NEW_ACCOUNT, [touch('seen', START + 5_001)], reward)).rewarded).toBe(0)
  })

  test('counts as seen in an exposure that begins in the middle of a bucket', () => {
    const account = enter(
      NEW_ACCOUNT,
      [
        ...[touch('delivered', START + 1), touch('seen', START + 2)],
        ...[touch('seen', START + DAY + 1), touch('delivered', START + DAY + 2)],
        ...[touch('seen', START + DAY + 3), touch('seen', START + DAY + 4)],
      ],
      [],
    )
    expect(totalOf(account)).toMatchObject({ delivered: 2, seen: 2 })
  })

  test('who comes back counts from the time on from which that counts', () => {
    const back = (hours: number) =>
      totalOf(
        enter(
          NEW_ACCOUNT,
          [touch('seen', START, 'a', 7 * DAY)],
          [credit('c', START + hours * HOUR, { after: DAY, window: 7 * DAY })],
        ),
      ).rewarded
    expect([1, 23.99, 24, 100, 168, 168.1].map(back)).toEqual([0, 0, 1, 1, 1, 0])
  })
})

describe('an account', () => {
  test('comes back from storage as it was', () => {
    const property = fc.property(history(10), fc.nat(12 * DAY), (reports, later) => {
      const account = reports.reduce<Account>(
        (known, { touches, credits }) => enter(known, touches, credits),
        NEW_ACCOUNT,
      )
      for (const one of [account, settle(account, START + later)]) {
        expect(fromText(toText(one))).toEqual(one)
      }
    })
    fc.assert(property, { seed: 9, numRuns: 200 })
  })

  test('ends when nothing can meet anything in it', () => {
    expect(endOf(NEW_ACCOUNT)).toBe(0)
    const account = enter(NEW_ACCOUNT, [touch('seen', START)], [credit('c', START + HOUR)])
    expect(endOf(account)).toBe(START + DAY)
    const settled = settle(account, START + DAY)
    expect([settled.touches, settled.credits, settled.settled.length]).toEqual([[], [], 1])
    expect(settle(account, START + 2 * DAY).settled).toEqual([])
  })
})

test('sums of thousandths leave nothing behind, in whatever order they come and go', () => {
  const values = fc.array(
    fc.integer({ min: -1e9, max: 1e9 }).map((n) => n / 1000),
    { maxLength: 50 },
  )
  const property = fc.property(values, fc.nat(), (list, from) => {
    const counts = (value: number): Counts => ({ ...NO_COUNTS, value })
    const added = list.reduce((sum, value) => plus(sum, counts(value)), NO_COUNTS)
    const cut = list.length === 0 ? 0 : from % list.length
    const turned = [...list.slice(cut), ...list.slice(0, cut)]
    expect(turned.reduce((sum, value) => plus(sum, counts(value), -1), added)).toEqual(NO_COUNTS)
  })
  fc.assert(property, { seed: 10, numRuns: 300 })
})
