import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, test } from 'vitest'
import { readCustomer } from '../../src/db/customers.ts'
import { personOf } from '../../src/visitor/person.ts'
import { configurationOf } from './configuration.ts'
import { ask, askApi, problemOf, staffToken } from './doors.ts'

const configuration = configurationOf({
  attributes: [
    { id: 'city', type: 'text' },
    { id: 'birthDate', type: 'date' },
    { id: 'score', type: 'number' },
  ],
})
const { site } = configuration
const owner = await staffToken('owner', 600)
const PATH = `/_sv/api/v1/sites/${site.id}/people/import?source=crm`

beforeAll(async () => {
  const drafted = await askApi(`PUT /sites/${site.id}/configuration`, { body: configuration })
  expect(drafted.status).toBe(204)
})

function send(body: BodyInit, headers: Record<string, string> = {}, path = PATH) {
  return ask(path, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${owner}`, 'content-type': 'text/csv', ...headers },
  })
}

async function linesOf(response: Response) {
  const text = await response.text()
  expect(response.status, text).toBe(200)
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

const summaryOf = async (response: Response) => (await linesOf(response)).at(-1)

async function valuesOf(userId: string) {
  const { attributes } = await readCustomer(env.DB, site.id, await personOf(site, userId))
  return Object.fromEntries(Object.entries(attributes).map(([name, { value }]) => [name, value]))
}

test('keeps good rows, names bad ones by line, and says how far it is', async () => {
  const rows = Array.from({ length: 5000 }, (_, n) =>
    n % 1000 === 7 ? `u${n},Ulm,1990-02-30,1` : `u${n},Ulm ${n},1990-01-01,${n}`,
  )
  const lines = await linesOf(await send(['userId,city,birthDate,score', ...rows].join('\n')))
  expect(lines.slice(0, -1).map(({ kept }) => kept)).toEqual([2000, 4000])
  expect(lines.at(-1)).toMatchObject({ done: true, read: 5000, kept: 4995, bad: 5 })
  expect(lines.at(-1).errors[0]).toEqual({ line: 9, code: 'bad_value', column: 'birthDate' })
  expect(await valuesOf('u4999')).toEqual({
    city: 'Ulm 4999',
    birthDate: '1990-01-01',
    score: 4999,
  })
  expect(await valuesOf('u7')).toEqual({})
})

test('an empty cell confirms that there is none, a missing column says nothing', async () => {
  await summaryOf(await send('userId,city,score\nempty,Ulm,1'))
  await summaryOf(await send('userId,city\nempty,'))
  expect(await valuesOf('empty')).toEqual({ city: null, score: 1 })
})

test('of one customer’s rows the last counts, and an older file changes nothing', async () => {
  await summaryOf(await send('userId,city\ntwice,Ulm\ntwice,Bonn'))
  await summaryOf(await send('userId,city,asOf\ntwice,Mainz,2020-01-01'))
  expect(await valuesOf('twice')).toEqual({ city: 'Bonn' })
})

test.each([
  ['a BOM', '\uFEFFuserId,city\r\nbom,Ulm\r\n', 'bom'],
  ['formulas as text', 'userId;city\nformula;Ulm', 'formula'],
])('takes %s', async (_, file, userId) => {
  expect(await summaryOf(await send(file))).toMatchObject({ kept: 1, bad: 0 })
  expect(await valuesOf(userId)).toEqual({ city: 'Ulm' })
})

test('takes NDJSON, and goes on after a line that is none', async () => {
  const file = '{"userId":"nd","score":5}\n{"userId":\n\n[1]\n{"userId":"nd2","nope":1}\n'
  const summary = await summaryOf(await send(file, { 'content-type': 'application/x-ndjson' }))
  expect(summary).toMatchObject({ kept: 1, bad: 3 })
  expect(summary.errors).toEqual([
    { line: 2, code: 'unreadable_row' },
    { line: 4, code: 'unreadable_row' },
    { line: 5, code: 'unknown_column', column: 'nope' },
  ])
  expect(await valuesOf('nd')).toEqual({ score: 5 })
})

test('takes a JSON array on any number of lines', async () => {
  const file =
    '[{"userId":"ja","city":"}] \\" ["},\n{"userId":"ja2",\n"score":[1]}, {"userId":"ja3"}]'
  const headers = { 'content-type': 'application/json' }
  const summary = await summaryOf(await send(file, headers))
  expect(summary).toMatchObject({ kept: 2, bad: 1 })
  expect(summary.errors).toEqual([{ line: 2, code: 'bad_value', column: 'score' }])
  expect(await valuesOf('ja')).toEqual({ city: '}] " [' })
  const bare = await problemOf(await send('{"userId":"x"}', headers))
  expect(bare.errors?.[0]?.code).toBe('not_an_array')
  const [last] = (await linesOf(await send('[{"userId":"x"}', headers))).slice(-1)
  expect(last).toMatchObject({ done: false, error: { code: 'not_an_array' } })
})

test('takes gzip, and says so when it is none', async () => {
  const packed = new Blob(['userId,city\nzip,Ulm']).stream()
  const body = await new Response(packed.pipeThrough(new CompressionStream('gzip'))).arrayBuffer()
  const headers = { 'content-encoding': 'gzip' }
  expect(await summaryOf(await send(body, headers))).toMatchObject({ kept: 1 })
  expect((await problemOf(await send('userId', headers))).errors?.[0]?.code).toBe('unreadable')
})

test.each([
  ['a blank user id', 'userId,city\n ,Ulm', 'bad_user_id'],
  ['a user id too long', `userId,city\n${'u'.repeat(257)},Ulm`, 'bad_user_id'],
  ['a cell too few', 'userId,city\nu', 'unreadable_row'],
  ['a trailing delimiter', 'userId,city\nu,Ulm,', 'unreadable_row'],
  ['a value of 1 MB', `userId,city\nu,${'x'.repeat(1 << 20)}`, 'bad_value'],
  ['NUL', 'userId,city\nu,a\0b', 'bad_value'],
  ['a time to come', 'userId,asOf\nu,2999-01-01', 'bad_time'],
])('a row with %s is bad', async (_, file, code) => {
  const summary = await summaryOf(await send(file))
  expect(summary).toMatchObject({ kept: 0, bad: 1 })
  expect(summary.errors[0]).toMatchObject({ line: 2, code })
})

describe('refuses before anything is written', () => {
  const latin = Uint8Array.from([...'userId,city\nu,M'].map((it) => it.charCodeAt(0)).concat(0xfc))
  test.each([
    ['an empty file', '', 'empty'],
    ['an unknown column', 'userId,shoeSize\n', 'unknown_column'],
    ['10,000 columns', `userId${',x'.repeat(10_000)}\n`, 'too_many_columns'],
    ['a column twice', 'userId,city,city\n', 'duplicate_column'],
    ['no column of users', 'city\nUlm', 'missing_column'],
    ['UTF-16', Uint8Array.of(0xff, 0xfe, 0x75, 0), 'bad_encoding'],
    ['Windows-1252', latin, 'bad_encoding'],
  ])('%s', async (_, file, code) => {
    const refused = await problemOf(await send(file))
    expect(refused.status).toBe(422)
    expect(refused.errors?.[0]?.code).toBe(code)
  })

  test('what it does not know: roles, formats, sources, sites', async () => {
    const token = await staffToken('marketer')
    const asMarketer = await send('', { authorization: `Bearer ${token}` })
    expect(asMarketer.status).toBe(403)
    expect((await send('', { 'content-type': 'text/html' })).status).toBe(415)
    expect((await send('', {}, PATH.replace('crm', ''))).status).toBe(422)
    expect((await send('', {}, PATH.replace(site.id, 'none'))).status).toBe(404)
  })
})

test('each import is on record', async () => {
  const { id } = await summaryOf(await send('userId,city\nrecorded,Ulm\n,Ulm'))
  const listed: { imports: { id: string }[] } = await (
    await askApi(`GET /sites/${site.id}/people/imports`)
  ).json()
  const record = listed.imports.find((one) => one.id === id)
  expect(record).toMatchObject({ source: 'crm', by: 'a-owner', rows: 2, bad: 1 })
  expect(record).toHaveProperty('finished', expect.any(Number))
})
