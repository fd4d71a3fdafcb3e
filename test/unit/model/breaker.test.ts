import { expect, test } from 'vitest'
import { createBreaker } from '../../../src/model/breaker.ts'
import { remember } from '../../../src/model/remember.ts'

test('a breaker opens after so many failures in a row, and lets one try after each rest', () => {
  const breaker = createBreaker({ failures: 3, rest: 100 })
  const fail = (now: number) => {
    const allowed = breaker.allows(now)
    if (allowed) breaker.failed(now)
    return allowed
  }
  expect([fail(0), fail(1)]).toEqual([true, true])
  breaker.succeeded()
  expect([fail(2), fail(3), fail(4)]).toEqual([true, true, true])
  expect([breaker.allows(5), breaker.allows(103)]).toEqual([false, false])
  expect([breaker.allows(104), breaker.allows(105), breaker.allows(203)]).toEqual([
    true,
    false,
    false,
  ])
  expect([breaker.allows(204), breaker.allows(204)]).toEqual([true, false])
  breaker.succeeded()
  expect([breaker.allows(205), breaker.allows(206)]).toEqual([true, true])
})

test('what is remembered is worked out once, bounded in length and number', () => {
  const asked: string[] = []
  const answer = remember((key) => {
    asked.push(key)
    return key === 'no' ? false : `${key}!`
  })
  expect([answer('a'), answer('a'), answer('no'), answer('no')]).toEqual(['a!', 'a!', false, false])
  expect(asked).toEqual(['a', 'no'])
  const long = 'x'.repeat(513)
  expect([answer(long), answer(long)]).toEqual([`${long}!`, `${long}!`])
  expect(asked.filter((key) => key === long)).toHaveLength(2)
  for (let n = 0; n < 500; n++) answer(`k${n}`)
  expect(answer('a')).toBe('a!')
  expect(asked.filter((key) => key === 'a')).toHaveLength(2)
})
