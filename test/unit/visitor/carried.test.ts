import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Snapshot, SnapshotValue } from '../../../src/model/profile.ts'
import { fromCarried, toCarried } from '../../../src/visitor/carried.ts'

const paths = fc.uniqueArray(
  fc.constantFrom(
    ...['profile.pages', 'profile.traits.constructor', 'profile.events.a.count', 'profile.topTag'],
    ...['profile.attributes.optIns', 'profile.ages.optIns', 'profile.session.landing'],
  ),
)
const values: fc.Arbitrary<SnapshotValue> = fc.oneof(
  ...[fc.string(), fc.boolean(), fc.integer(), fc.array(fc.string(), { maxLength: 3 })],
)
const snapshots = paths.chain((reads) =>
  fc.record({
    reads: fc.constant(reads),
    snapshot: fc.record({
      ...{ at: fc.nat(), until: fc.nat(), shared: fc.boolean() },
      values: fc
        .tuple(fc.subarray(reads), fc.array(values, { minLength: 7, maxLength: 7 }))
        .map(([known, some]) => Object.fromEntries(known.map((path, n) => [path, some[n] ?? '']))),
    }),
  }),
)

test('a snapshot comes back from a cookie as it was, without its paths on the way', () => {
  const property = fc.property(snapshots, ({ reads, snapshot }) => {
    const bundle = { reads, readsKey: 'k' }
    const text = JSON.stringify(toCarried(snapshot, bundle))
    expect(text).not.toMatch(/profile\./)
    expect(fromCarried(JSON.parse(text), bundle)).toEqual(snapshot)
  })
  fc.assert(property, { seed: 1, numRuns: 500 })
})

const SNAPSHOT: Snapshot = { at: 1, until: 2, shared: false, values: { b: 0 } }
const READS = { reads: ['a', 'b', 'c'], readsKey: 'k' }

test('what nobody said takes a place only before what somebody did', () => {
  expect(toCarried(SNAPSHOT, READS).places).toEqual([null, 0])
  expect(toCarried({ ...SNAPSHOT, values: {} }, READS).places).toEqual([])
})

test('values of other paths are left out, and those taken for another list are nothing', () => {
  expect(toCarried({ ...SNAPSHOT, values: { b: 0, x: 9 } }, READS).places).toEqual([null, 0])
  const carried = toCarried(SNAPSHOT, READS)
  expect(fromCarried(carried, { ...READS, readsKey: 'other' })).toBeUndefined()
  expect(fromCarried(undefined, READS)).toBeUndefined()
})
