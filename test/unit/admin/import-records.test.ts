import { expect, test } from 'vitest'
import { type Format, readRecords } from '../../../src/admin/import/records.ts'

const COLUMNS = new Set(['userId', 'city'])

async function* cutAt(bytes: Uint8Array, at: number): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, at)
  yield bytes.subarray(at)
}

function rowsOf(format: Format, bytes: Uint8Array, at: number) {
  return Array.fromAsync(readRecords(format, cutAt(bytes, at), COLUMNS))
}

test.each([
  ['csv', '\uFEFFuserId;city\r\nu1;"Köln\r\n""Süd"""\r\n\r\nu2\r\nu3;🦊'],
  ['ndjson', '{"userId":"u1","city":"Köln"}\r\n\n{"userId"\n{"userId":"u3","city":"🦊"}'],
  ['json', '[{"userId":"u1","city":"]}\\"Köln"},\r\n[2],\n{"userId":"u3","city":"🦊"}]\n'],
] as const)('%s cut at any byte has the same rows', async (format, text) => {
  const bytes = new TextEncoder().encode(text)
  const whole = await rowsOf(format, bytes, 0)
  expect(whole).toHaveLength(3)
  expect(whole[1]).not.toHaveProperty('fields')
  expect(whole[2]).toHaveProperty('fields', { userId: 'u3', city: '🦊' })
  for (let at = 1; at <= bytes.length; at++) expect(await rowsOf(format, bytes, at)).toEqual(whole)
})

test('a byte that is no UTF-8 is told by its line, and what came before it was read', async () => {
  const latin = Uint8Array.from('userId,city\nu1,Ulm\nu2,K\u00f6ln\n', (char) => char.charCodeAt(0))
  for (let at = 0; at <= latin.length; at++) {
    await expect(rowsOf('csv', latin, at)).rejects.toMatchObject({ code: 'bad_encoding', line: 3 })
  }
})
