import { expect, test } from 'vitest'
import { toValue } from '../../../src/admin/import/value.ts'

const BAD = undefined

test.each([
  ['text', ' Ulm ', 'Ulm'],
  ['text', '', null],
  ['text', null, null],
  ['text', '=cmd|A1', '=cmd|A1'],
  ['text', 'a\0b', BAD],
  ['text', 'x'.repeat(257), BAD],
  ['text', 5, BAD],
  ['number', '-1.5e2', -150],
  ['number', 7, 7],
  ['number', '1,5', BAD],
  ['number', '1.234,5', BAD],
  ['number', '0x10', BAD],
  ['number', '1e999', BAD],
  ['number', 'NaN', BAD],
  ['flag', 'Yes', true],
  ['flag', '0', false],
  ['flag', false, false],
  ['flag', 'maybe', BAD],
  ['flag', 'constructor', BAD],
  ['date', '2024-02-29', '2024-02-29'],
  ['date', '2023-02-29', BAD],
  ['date', '29.02.2024', BAD],
  ['date', '2024-13-01', BAD],
  ['list', 'a | b', ['a', 'b']],
  ['list', '["a|b"]', ['a|b']],
  ['list', ['a'], ['a']],
  ['list', '[1]', BAD],
  ['list', '["a"', BAD],
  ['list', 'x'.repeat(200).concat('|').repeat(9), BAD],
] as const)('a %s of %j', (type, given, value) => {
  expect(toValue(type, given)).toEqual(value)
})
