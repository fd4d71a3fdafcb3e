import { expect, test } from 'vitest'
import { createLoad } from '../../../src/collect/load.ts'

test('admits until it is full, and again after a release', () => {
  const load = createLoad(100)
  expect([load.admit(60), load.admit(40), load.admit(1), load.admit(0)]).toEqual([
    ...[true, true, false, true],
  ])
  load.release(40)
  expect([load.admit(41), load.admit(40)]).toEqual([false, true])
})

test('admits something larger than all when there is nothing else', () => {
  const load = createLoad(100)
  expect([load.admit(500), load.admit(1)]).toEqual([true, false])
  load.release(500)
  expect(load.admit(1)).toBe(true)
})
