import { expect, test } from 'vitest'
import { remember } from '../../../src/model/remember.ts'

/** Remembers lengths, and tells which keys it had to measure. */
function counted() {
  const asked: string[] = []
  const answer = remember((key) => {
    asked.push(key)
    return { length: key.length }
  })
  return { asked, answer }
}

test('a key is answered once, and gets the same answer again', () => {
  const { asked, answer } = counted()
  expect(answer('a')).toBe(answer('a'))
  expect([answer('b'), answer('')]).toEqual([{ length: 1 }, { length: 0 }])
  expect(asked).toEqual(['a', 'b', ''])
})

test('a false answer is remembered too', () => {
  let asked = 0
  const isNever = remember(() => {
    asked++
    return false
  })
  expect([isNever('a'), isNever('a'), asked]).toEqual([false, false, 1])
})

test('a flood of keys is forgotten, and answered right all the same', () => {
  const { asked, answer } = counted()
  for (let n = 0; n < 10_000; n++)
    expect(answer('x'.repeat(n % 7) + n)).toHaveLength(`${n}`.length + (n % 7))
  answer('0')
  expect(asked).toHaveLength(10_001)
})

test('a key longer than 512 characters is not kept', () => {
  const { asked, answer } = counted()
  for (const length of [512, 512, 513, 513]) expect(answer('k'.repeat(length))).toEqual({ length })
  expect(asked.map((key) => key.length)).toEqual([512, 513, 513])
})
