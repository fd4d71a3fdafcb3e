import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, expect, test } from 'vitest'
import { signStaffToken } from '../../src/staff/token.ts'
import { configurationOf, siteOf } from './configuration.ts'
import { askApi, keys, problemOf, staffToken } from './doors.ts'

/** As long as an object's id, and of its letters. */
const SITE = 'a'.repeat(64)

beforeAll(async () => {
  const body = configurationOf({ site: siteOf(SITE, { hosts: ['long.test'] }) })
  expect((await askApi(`PUT /sites/${SITE}/configuration`, { body })).status).toBe(204)
})

async function edit(who: string, at: string): Promise<string[]> {
  const token = await signStaffToken({ subject: who, role: 'editor' }, 60, keys.staff, Date.now())
  const answer = await askApi(`PUT /sites/${SITE}/presence`, { token, body: { at } })
  return (await answer.json<{ others: string[] }>()).others
}

test('editors of the same thing see each other, whatever their names', async () => {
  expect(await edit('maria', 'variants/hero')).toEqual([])
  expect(await edit('Jörg “J.” 李', 'variants/hero')).toEqual(['maria'])
  expect(await edit('maria', 'variants/hero')).toEqual(['Jörg “J.” 李'])
  expect(await edit('maria', 'modules/hero')).toEqual([])
})

test('they do so between heartbeats too, when nobody is heard of for a while', async () => {
  await edit('maria', 'goals/read')
  await evictDurableObject(env.EDITORS.getByName(`site ${SITE}`))
  expect(await edit('jonas', 'goals/read')).toEqual(['maria'])
})

test.each(['', 'variants', 'variants/Not an id', '../x'])('%s is no place', async (at) => {
  const refused = await askApi(`PUT /sites/${SITE}/presence`, { body: { at } })
  const { code, errors } = await problemOf(refused)
  expect([code, errors?.[0]?.pointer]).toEqual(['invalid', '/at'])
})

test('marketers, who edit nothing, are nowhere', async () => {
  const token = await staffToken('marketer')
  const refused = await askApi(`PUT /sites/${SITE}/presence`, {
    ...{ token, body: { at: 'goals/read' } },
  })
  expect((await problemOf(refused)).code).toBe('forbidden')
})
