import { expect, test } from 'vitest'
import { createFlood } from '../../../src/events/flood.ts'

test('lets so many events of a sender pass in a span, and begins anew with the next', () => {
  const flood = createFlood({ most: 10, span: 1_000 })
  expect([flood.admit('a', 6, 0), flood.admit('a', 6, 500), flood.admit('a', 1, 999)]).toEqual([
    ...[6, 4, 0],
  ])
  expect(flood.admit('b', 20, 999)).toBe(10)
  expect(flood.admit('a', 3, 1_000)).toBe(3)
})
