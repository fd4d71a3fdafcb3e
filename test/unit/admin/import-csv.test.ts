import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createCsvReader, LONGEST_CELL } from '../../../src/admin/import/csv.ts'

const SEED = 20261126

function read(...pieces: string[]) {
  const reader = createCsvReader()
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()]
}

const cellsOf = (text: string) => read(text).map(({ cells }) => cells)

test.each([
  ['nothing', '', []],
  ['a header only', 'a,b', [['a', 'b']]],
  [
    'no final line break',
    'a,b\n1,2',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'CRLF',
    'a,b\r\n1,2\r\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'CR alone',
    'a,b\r1,2\r',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  ['blank lines', 'a\n\n1\r\n\r\n2', [['a'], ['1'], ['2']]],
  [
    'semicolons',
    'a;b\n"1,5";2',
    [
      ['a', 'b'],
      ['1,5', '2'],
    ],
  ],
  [
    'tabs',
    'a\tb\n1\t2',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'doubled quotes',
    'a,b\n"say ""hi""",2',
    [
      ['a', 'b'],
      ['say "hi"', '2'],
    ],
  ],
  [
    'quoted line breaks',
    'a,b\n"1\r\n2",3',
    [
      ['a', 'b'],
      ['1\r\n2', '3'],
    ],
  ],
  ['quotes within plain text', 'a\nx"y"', [['a'], ['x"y"']]],
  [
    'empty quoted cells',
    'a,b\n"",""',
    [
      ['a', 'b'],
      ['', ''],
    ],
  ],
  [
    'a trailing delimiter',
    'a,b\n1,2,',
    [
      ['a', 'b'],
      ['1', '2', ''],
    ],
  ],
  ['formulas', "a\n=cmd|'/c calc'!A1", [['a'], ["=cmd|'/c calc'!A1"]]],
])('reads %s', (_, text, rows) => {
  expect(cellsOf(text)).toEqual(rows)
})

test('tells the line at which a row starts', () => {
  expect(read('a\r\n"x\r\ny"\r\n\r\nz\r\n').map(({ line }) => line)).toEqual([1, 2, 5])
})

test('tells rows that are broken', () => {
  expect(read('a\n"x"y\nz\n"never closed\n').map(({ broken }) => broken)).toEqual([
    false,
    true,
    false,
    true,
  ])
})

test('a cell of 1 MB is not kept', () => {
  const [, row] = read(`a\n${'x'.repeat(1 << 20)}\n`)
  expect(row?.cells[0]?.length).toBe(LONGEST_CELL + 1)
})

test('rows are the same however a file is cut', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r', 'é'),
    maxLength: 60,
  })
  fc.assert(
    fc.property(text, fc.array(fc.nat(60), { maxLength: 6 }), (whole, cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), whole.length]
      const pieces = places.map((from, at) => whole.slice(from, places[at + 1]))
      expect(read(...pieces.slice(0, -1))).toEqual(read(whole))
    }),
    { seed: SEED, numRuns: 2000 },
  )
})

test('what is written by the rules reads back', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '='), maxLength: 8 })
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
      const quoted = rows.map((row) => row.map((it) => `"${it.replaceAll('"', '""')}"`).join(','))
      expect(cellsOf(quoted.join('\r\n'))).toEqual(rows)
    }),
    { seed: SEED },
  )
})
