import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  absorb,
  combine,
  merge,
  newState,
  plus,
  type Report,
  type Row,
  rowKey,
} from '../../../src/bandit/state.ts'
import { type Counts, NO_COUNTS, SHARES } from '../../../src/model/learning.ts'
import { POLICY } from './policy.ts'

const NAMES = ['a', 'b', '', '__proto__', 'constructor', 'a","b']

const counts = fc.record({
  delivered: fc.nat(1e6),
  survived: fc.nat(1e6),
  seen: fc.nat(1e6),
  clicked: fc.nat(1e6),
  rewarded: fc.nat(1e6),
  value: fc.nat(1e9),
  value2: fc.nat(1e9),
  delay: fc.nat(1e9),
})
const row = fc.record({
  source: fc.constantFrom(...NAMES),
  version: fc.nat(2),
  segment: fc.constantFrom('', '__proto__'),
  variant: fc.constantFrom(...NAMES),
  seq: fc.nat(6),
  counts,
})

/** Rows as sources would send them: of two with one identity and `seq`, only the first exists. */
const history = fc.uniqueArray(row, {
  selector: (one) => `${rowKey(one)} ${one.seq}`,
  minLength: 1,
  maxLength: 60,
})

/** All of a history, in any order, with some of it sent again at any time. */
const deliveries = history.chain((rows) =>
  fc
    .array(fc.constantFrom(...rows), { maxLength: 40 })
    .chain((again) =>
      fc.shuffledSubarray([...rows, ...again], { minLength: rows.length + again.length }),
    )
    .map((sent) => ({ rows, sent })),
)

function toReport({ source, ...total }: Row): Report {
  return { source, totals: [total] }
}

/** A learner's storage and the running sum of every delta, keyed without the source. */
function store() {
  const rows = new Map<string, Row>()
  const sums = new Map<string, Counts>()
  const write = (report: Report) => {
    for (const { row, delta } of absorb(report, (wanted) => rows.get(rowKey(wanted)))) {
      rows.set(rowKey(row), row)
      const key = rowKey({ ...delta, source: '' })
      sums.set(key, add(sums.get(key) ?? NO_COUNTS, delta.counts))
    }
  }
  return { rows, sums, write }
}

const add = (left: Counts, right: Counts) => combine(left, right, plus)

function newest(rows: readonly Row[]): Map<string, Row> {
  const ordered = rows.toSorted((left, right) => left.seq - right.seq)
  return new Map(ordered.map((one) => [rowKey(one), one]))
}

describe('absorb', () => {
  test('ends in the newest totals, whatever was reordered and sent twice', () => {
    fc.assert(
      fc.property(deliveries, ({ rows, sent }) => {
        const learner = store()
        for (const one of sent) learner.write(toReport(one))
        const expected = newest(rows)
        expect(new Set(learner.rows.values())).toEqual(new Set(expected.values()))
        const sums = new Map<string, Counts>()
        for (const one of expected.values()) {
          const key = rowKey({ ...one, source: '' })
          sums.set(key, add(sums.get(key) ?? NO_COUNTS, one.counts))
        }
        expect(learner.sums).toEqual(sums)
      }),
      { seed: 1, numRuns: 200 },
    )
  })

  test('takes a report of many rows, the same one twice among them, like as many reports', () => {
    fc.assert(
      fc.property(deliveries, ({ sent }) => {
        const [one, many] = [store(), store()]
        for (const row of sent) one.write(toReport(row))
        for (const source of NAMES) {
          const totals = sent.filter((row) => row.source === source)
          many.write({ source, totals })
        }
        expect(many.sums).toEqual(one.sums)
      }),
      { seed: 2, numRuns: 100 },
    )
  })

  test('keeps sources apart and adds them up', () => {
    const learner = store()
    const total = { version: 1, segment: '', variant: 'a', seq: 1 }
    learner.write({ source: 'eu-1', totals: [{ ...total, counts: { ...NO_COUNTS, seen: 5 } }] })
    learner.write({ source: 'eu-2', totals: [{ ...total, counts: { ...NO_COUNTS, seen: 7 } }] })
    learner.write({
      source: 'eu-1',
      totals: [{ ...total, seq: 2, counts: { ...NO_COUNTS, seen: 6 } }],
    })
    expect(learner.rows.size).toBe(2)
    expect([...learner.sums.values()]).toEqual([{ ...NO_COUNTS, seen: 13 }])
  })

  test('leaves no trace on prototypes', () => {
    const learner = store()
    const total = { version: 0, segment: '__proto__', variant: '__proto__', seq: 1 }
    learner.write({
      source: '__proto__',
      totals: [{ ...total, counts: { ...NO_COUNTS, seen: 3 } }],
    })
    expect([...learner.sums.values()]).toEqual([{ ...NO_COUNTS, seen: 3 }])
    expect(Object.keys(Object.prototype)).toEqual([])
    expect(Reflect.get({}, 'seen')).toBeUndefined()
  })
})

describe('merge', () => {
  const stored = { source: 's', version: 1, segment: '', variant: 'a', seq: 4, counts: NO_COUNTS }

  test('refuses what is not newer', () => {
    expect(merge(stored, stored)).toBeUndefined()
    expect(merge(stored, { ...stored, seq: 3 })).toBeUndefined()
  })

  test('takes back what a newer total no longer holds', () => {
    const more = { ...stored, counts: { ...NO_COUNTS, clicked: 9 } }
    expect(merge(more, { ...stored, seq: 5 })?.delta.counts.clicked).toBe(-9)
  })
})

describe('newState', () => {
  test('splits evenly and survives JSON', () => {
    const state = newState(['a', '__proto__', 'c'], POLICY)
    expect(Object.entries(state.weights.shares[''] ?? {})).toEqual([
      ['a', 3334],
      ['__proto__', 3333],
      ['c', SHARES - 3334 - 3333],
    ])
    expect(JSON.stringify(JSON.parse(JSON.stringify(state)))).toBe(JSON.stringify(state))
  })
})
