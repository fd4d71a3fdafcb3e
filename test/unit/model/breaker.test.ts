import { expect, test } from 'vitest'
import { createBreaker } from '../../../src/model/breaker.ts'

const OPTIONS = { failures: 3, lasting: 0, rest: 1_000 }

function broken(at: number) {
  const breaker = createBreaker(OPTIONS)
  for (let n = 0; n < OPTIONS.failures; n++) breaker.failed(at)
  return breaker
}

test('stays closed through failures that are not in a row', () => {
  const breaker = createBreaker(OPTIONS)
  for (let n = 0; n < 10; n++) {
    breaker.failed(n)
    breaker.failed(n)
    breaker.succeeded()
  }
  expect(breaker.allows(10)).toBe(true)
})

test('opens after so many in a row, and lets nobody through while it rests', () => {
  const breaker = broken(0)
  expect([0, 500, 999].map((now) => breaker.allows(now))).toEqual([false, false, false])
})

test('lets one through after each rest', () => {
  const breaker = broken(0)
  expect([1_000, 1_001, 1_999, 2_000, 2_001].map((now) => breaker.allows(now))).toEqual([
    true,
    false,
    false,
    true,
    false,
  ])
})

test('closes with the first success, and opens again with the first failure of a probe', () => {
  const breaker = broken(0)
  expect(breaker.allows(1_000)).toBe(true)
  breaker.failed(1_100)
  expect(breaker.allows(2_000)).toBe(false)
  expect(breaker.allows(2_100)).toBe(true)
  breaker.succeeded()
  expect([2_101, 2_102].map((now) => breaker.allows(now))).toEqual([true, true])
})

test('stays closed through a burst of failures, however many', () => {
  const breaker = createBreaker({ ...OPTIONS, lasting: 500 })
  for (let n = 0; n < 400; n++) breaker.failed(n)
  expect(breaker.allows(400)).toBe(true)
  breaker.succeeded()
  for (let n = 400; n < 900; n++) breaker.failed(n)
  expect(breaker.allows(900)).toBe(true)
  breaker.failed(900)
  expect(breaker.allows(901)).toBe(false)
})
