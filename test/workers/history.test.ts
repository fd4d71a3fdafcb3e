import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Difference } from '../../src/admin/differences.ts'
import type { Configuration } from '../../src/model/configuration.ts'
import { configurationOf, siteOf } from './configuration.ts'
import { askApi, problemOf, staffToken } from './doors.ts'
import { originPage, until, view } from './pages.ts'

const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(originPage)
afterAll(() => fetched.mockRestore())

const SITE = 'told'

const configurationWith = (title: string): Configuration => {
  const draft = configurationOf({ site: siteOf(SITE) })
  const variants = draft.variants.map((one) =>
    one.id === 'calm' ? { ...one, content: { ...one.content, title } } : one,
  )
  const experiences = draft.experiences.map((one) =>
    one.id === 'hero-bandit'
      ? {
          ...one,
          variants: [{ variant: 'calm', weight: 1 }],
          allocation: { kind: 'split' as const },
        }
      : one,
  )
  return { ...draft, variants, experiences }
}

interface Item {
  readonly seq: number
  readonly note: string
  readonly by: string
  readonly current: boolean
  readonly restores?: number
}

async function publishAs(title: string, note?: string): Promise<Item> {
  const drafted = await askApi(`PUT /sites/${SITE}/configuration`, {
    body: configurationWith(title),
  })
  expect(drafted.status).toBe(204)
  const body = note === undefined ? undefined : { note }
  const published = await askApi(`POST /sites/${SITE}/publish`, { body })
  expect(published.status).toBe(201)
  return published.json()
}

const list = async (query = '') =>
  (await askApi(`GET /sites/${SITE}/publications${query}`)).json<{
    items: Item[]
    next: string | null
  }>()

let [first, second]: (Item | undefined)[] = []

beforeAll(async () => {
  first = await publishAs('One', 'the first one')
  second = await publishAs('Two')
  await publishAs('Three', 'a third')
})

describe('the history of a site', () => {
  test('tells what was published, the newest first, page by page', async () => {
    const { items, next } = await list('?limit=2')
    expect(items).toMatchObject([
      { note: 'a third', by: 'a-owner', current: true },
      { note: '', current: false },
    ])
    const rest = await list(`?limit=2&cursor=${next}`)
    expect(rest).toMatchObject({ items: [{ seq: first?.seq, note: 'the first one' }], next: null })
  })

  test('has each configuration as it was published', async () => {
    const answer = await askApi(`GET /sites/${SITE}/publications/${first?.seq}/configuration`)
    expect(await answer.json()).toEqual(configurationWith('One'))
  })

  test('tells the difference of any two, and of the draft', async () => {
    await askApi(`PUT /sites/${SITE}/configuration`, { body: configurationWith('Draft') })
    const between = async (query: string) =>
      (await askApi(`GET /sites/${SITE}/differences?${query}`)).json<{
        differences: Difference[]
      }>()
    const { differences } = await between(`from=${first?.seq}&to=${second?.seq}`)
    expect(differences).toMatchObject([
      { kind: 'variants', id: 'calm', fields: [{ sentence: 'content title: “One” → “Two”' }] },
    ])
    expect((await between(`from=${second?.seq}`)).differences).toMatchObject([
      { fields: [{ before: 'Two', after: 'Draft' }] },
    ])
  })

  test('takes the site back by moving a pointer, and the draft stays', async () => {
    await until(
      () => view(`https://${SITE}.test/`),
      ({ title }) => title === 'Three',
    )
    const path = `/sites/${SITE}/publications/${first?.seq}/restore`
    const restored = await askApi(`POST ${path}`, { body: { note: 'it was better' } })
    expect(restored.status).toBe(201)
    expect(await restored.json()).toMatchObject({ restores: first?.seq, note: 'it was better' })
    await until(
      () => view(`https://${SITE}.test/`),
      ({ title }) => title === 'One',
    )
    expect((await list()).items[0]).toMatchObject({ restores: first?.seq, current: true })
    const draft = await (await askApi(`GET /sites/${SITE}/configuration`)).json<Configuration>()
    expect(draft.variants[0]?.content.title).toBe('Draft')
  })
})

test.each<[string, object | undefined, number, string]>([
  [`GET /sites/none/publications`, undefined, 404, 'not_found'],
  [`GET /sites/${SITE}/publications?limit=0`, undefined, 422, 'invalid'],
  [`GET /sites/${SITE}/publications/999999/configuration`, undefined, 404, 'not_found'],
  [`GET /sites/${SITE}/publications/x/configuration`, undefined, 404, 'not_found'],
  [`GET /sites/${SITE}/differences?from=999999`, undefined, 404, 'not_found'],
  [`POST /sites/${SITE}/publications/999999/restore`, {}, 404, 'not_found'],
  [`POST /sites/${SITE}/publications/1/restore`, { note: 7 }, 422, 'invalid'],
  [`POST /sites/${SITE}/publish`, { note: 'x'.repeat(1_001) }, 422, 'invalid'],
])('refuses %s', async (route, body, status, code) => {
  const response = await askApi(route, { body })
  expect([response.status, (await problemOf(response)).code]).toEqual([status, code])
})

test('another site’s publication is not restored', async () => {
  const response = await askApi(`POST /sites/other/publications/${first?.seq}/restore`, {
    body: {},
  })
  expect((await problemOf(response)).code).toBe('not_found')
})

test('marketers read, and change nothing', async () => {
  const token = await staffToken('marketer')
  expect((await askApi(`GET /sites/${SITE}/publications`, { token })).status).toBe(200)
  const path = `/sites/${SITE}/publications/${first?.seq}/restore`
  expect((await askApi(`POST ${path}`, { token, body: {} })).status).toBe(403)
})
