import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import { eraseCustomer, readCustomer, writeCustomers } from '../../src/db/customers.ts'
import type { AttributeValue } from '../../src/model/attribute.ts'

const row = (person: string, value: AttributeValue | null, at: number) => ({
  person,
  attribute: 'city',
  value,
  at,
})

test('the newest confirmation counts, in whatever order imports come', async () => {
  const imports = [row('a', 'Ulm', 1), row('a', 'Bonn', 3), row('a', null, 2)]
  for (const one of imports) await writeCustomers(env.DB, 'order', 'crm', [one])
  const { attributes } = await readCustomer(env.DB, 'order', 'a')
  expect(attributes).toEqual({ city: { value: 'Bonn', at: 3, source: 'crm' } })
  await writeCustomers(env.DB, 'order', 'dwh', [row('a', null, 4)])
  const later = await readCustomer(env.DB, 'order', 'a')
  expect(later.attributes).toEqual({ city: { value: null, at: 4, source: 'dwh' } })
})

test('of rows with one time the last counts', async () => {
  await writeCustomers(env.DB, 'last', 'crm', [row('a', 'Ulm', 1), row('a', 'Bonn', 1)])
  expect((await readCustomer(env.DB, 'last', 'a')).attributes.city?.value).toBe('Bonn')
})

test.each([
  ['text', '"; DROP'],
  ['number', 1.5],
  ['flag', false],
  ['list', ['a', '1']],
] as const)('a %s reads back as it was written', async (_, value) => {
  await writeCustomers(env.DB, 'types', 'crm', [row('a', value, Date.now())])
  expect((await readCustomer(env.DB, 'types', 'a')).attributes.city?.value).toEqual(value)
})

test('erasing takes one customer and leaves the others', async () => {
  await writeCustomers(env.DB, 'erase', 'crm', [row('a', 'Ulm', 1), row('b', 'Bonn', 1)])
  expect(await eraseCustomer(env.DB, 'erase', 'a')).toBe(1)
  expect(await readCustomer(env.DB, 'erase', 'a')).toEqual({ attributes: {} })
  expect((await readCustomer(env.DB, 'erase', 'b')).attributes.city?.value).toBe('Bonn')
})
