import { evictDurableObject, runDurableObjectAlarm } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Role, signStaffToken } from '../../src/staff/token.ts'
import { configurationOf, siteOf } from './configuration.ts'
import { askApi, keys, problemOf } from './doors.ts'

const tokenOf = (subject: string, role: Role = 'editor') =>
  signStaffToken({ subject, role }, 12 * 3600, keys.staff, Date.now())
const [anna, bo, olga, max] = await Promise.all([
  tokenOf('anna'),
  tokenOf('bo'),
  tokenOf('olga', 'owner'),
  tokenOf('max', 'marketer'),
])

let count = 0
let site = ''

/** A site of an owner's, whose drafts need an approval; published once without. */
beforeEach(async () => {
  site = `guarded-${++count}`
  await write({}, olga)
  await expect(publish(olga)).resolves.toMatchObject({ status: 201 })
  await write({ approval: true }, olga)
})
afterEach(() => vi.useRealTimers())

const draftOf = (more: object, name: string) =>
  configurationOf({ site: { ...siteOf(site), ...more, name } })

const write = async (more: object, token: string, name = 'Guarded') => {
  const body = draftOf(more, name)
  const saved = await askApi(`PUT /sites/${site}/configuration`, { token, body })
  expect(saved.status).toBe(204)
}
const publish = (token: string, body?: object) =>
  askApi(`POST /sites/${site}/publish`, { token, ...(body && { body }) })
const reviewsOf = async () =>
  (await askApi(`GET /sites/${site}/reviews`, { token: max })).json<{
    items: { id: number; state: string; by: string; decidedBy?: string }[]
    approved: boolean
    required: boolean
    authors: string[]
  }>()
const askFor = async (token: string, note = 'Please look') => {
  const asked = await askApi(`POST /sites/${site}/reviews`, { token, body: { note } })
  expect(asked.status).toBe(201)
  return (await asked.json<{ id: number }>()).id
}
const decide = (id: number, verdict: 'approve' | 'decline', token: string) =>
  askApi(`POST /sites/${site}/reviews/${id}/${verdict}`, { token, body: { note: '' } })
const codeOf = async (response: Response) => (await problemOf(response)).code

describe('a site that asks for approval', () => {
  test('publishes what somebody without a part in it approved, and nothing else', async () => {
    await write({ approval: true }, anna, 'Mine')
    expect(await codeOf(await publish(anna))).toBe('not_approved')
    const id = await askFor(anna)
    expect(await codeOf(await publish(anna))).toBe('not_approved')
    expect(await codeOf(await decide(id, 'approve', anna))).toBe('own_work')
    const approved = await decide(id, 'approve', bo)
    expect(await approved.json()).toMatchObject({ state: 'approved', decidedBy: 'bo' })
    expect(await reviewsOf()).toMatchObject({
      ...{ required: true, approved: true, authors: ['anna', 'olga'] },
      items: [{ id, state: 'approved', by: 'anna' }],
    })
    expect((await publish(anna, { note: 'At last' })).status).toBe(201)
    // What is live is nobody's open work any more.
    expect(await reviewsOf()).toMatchObject({ authors: [] })
  })

  test('asks again once the draft has changed, be it by a letter', async () => {
    await write({ approval: true }, anna, 'Mine')
    const id = await askFor(anna)
    expect((await decide(id, 'approve', bo)).status).toBe(200)
    await write({ approval: true }, anna, 'Mine!')
    expect(await codeOf(await publish(anna))).toBe('not_approved')
    const late = await askFor(anna)
    await write({ approval: true }, anna, 'Mine!!')
    expect(await codeOf(await decide(late, 'approve', bo))).toBe('outdated')
    expect((await reviewsOf()).items.map(({ state }) => state)).toEqual(['outdated', 'approved'])
  })

  test('does not take the word of anybody who changed it, whoever asks', async () => {
    await write({ approval: true }, anna, 'Mine')
    await write({ approval: true }, bo, 'Ours')
    const id = await askFor(anna)
    expect(await codeOf(await decide(id, 'approve', bo))).toBe('own_work')
    expect(await codeOf(await decide(id, 'approve', olga))).toBe('own_work')
    expect((await decide(id, 'approve', await tokenOf('carl'))).status).toBe(200)
  })

  test('is declined by anybody, and decided once', async () => {
    await write({ approval: true }, anna, 'Mine')
    const id = await askFor(anna)
    expect((await decide(id, 'decline', anna)).status).toBe(200)
    expect(await codeOf(await decide(id, 'approve', bo))).toBe('decided')
    expect(await codeOf(await publish(anna))).toBe('not_approved')
  })

  test('goes back to what was live before, and off, without', async () => {
    const { items } = await (await askApi(`GET /sites/${site}/publications`)).json<{
      items: { seq: number }[]
    }>()
    await write({ approval: true }, anna, 'Mine')
    const back = await askApi(`POST /sites/${site}/publications/${items[0]?.seq}/restore`, {
      ...{ token: anna, body: {} },
    })
    expect(back.status).toBe(201)
    // Which makes nobody's open changes live.
    expect((await reviewsOf()).authors).toContain('anna')
    const off = await askApi(`PUT /sites/${site}/off`, { token: anna, body: { off: true } })
    expect(off.status).toBe(200)
  })

  test('is freed of it by owners alone', async () => {
    const body = draftOf({}, 'Free')
    const refused = await askApi(`PUT /sites/${site}/configuration`, { token: anna, body })
    expect(await problemOf(refused)).toMatchObject({
      ...{ code: 'forbidden' },
      errors: [{ pointer: '/site/approval' }],
    })
  })

  test('is told of reviews that are not there, and by marketers of none', async () => {
    expect(await codeOf(await decide(99_999, 'approve', bo))).toBe('not_found')
    const asked = await askApi(`POST /sites/${site}/reviews`, { token: max, body: {} })
    expect(await codeOf(asked)).toBe('forbidden')
    expect((await askApi('GET /sites/nowhere/reviews', { token: max })).status).toBe(404)
  })
})

const scheduledOf = async () =>
  (
    await (
      await askApi(`GET /sites/${site}/scheduled`, { token: max })
    ).json<{
      items: { id: number; state: string; hash: string; at: number; detail?: string }[]
    }>()
  ).items
const currentOf = async () => (await env.BOARD.getByName(site).read(undefined))?.bundle
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString()
/** The time comes, also where the object was gone meanwhile. */
const anHourPasses = async () => {
  const publisher = env.PUBLISHERS.getByName(site)
  await evictDurableObject(publisher)
  vi.setSystemTime(Date.now() + 3_600_001)
  return runDurableObjectAlarm(publisher)
}

describe('a publication at a time', () => {
  beforeEach(() => write({}, olga, 'Later'))

  test('is what was drafted when it was scheduled, and comes then', async () => {
    const before = await currentOf()
    const answer = await publish(bo, { at: inAnHour(), note: 'Christmas' })
    expect(answer.status).toBe(202)
    const { hash } = await answer.json<{ hash: string }>()
    await write({}, olga, 'Changed since')
    expect([await currentOf(), (await scheduledOf())[0]?.state]).toEqual([before, 'waiting'])
    expect(await anHourPasses()).toBe(true)
    expect([await currentOf(), (await scheduledOf())[0]?.state]).toEqual([hash, 'done'])
    const listed = await askApi(`GET /sites/${site}/publications`, { token: max })
    const { items } = await listed.json<{
      items: object[]
    }>()
    expect(items[0]).toMatchObject({ hash, by: 'bo', note: 'Christmas', current: true })
  })

  test('is called off', async () => {
    const before = await currentOf()
    const { id } = await (await publish(bo, { at: inAnHour() })).json<{ id: number }>()
    const off = () => askApi(`DELETE /sites/${site}/scheduled/${id}`, { token: bo })
    expect((await off()).status).toBe(204)
    expect((await off()).status).toBe(404)
    expect(await anHourPasses()).toBe(false)
    expect([await currentOf(), (await scheduledOf())[0]?.state]).toEqual([before, 'cancelled'])
  })

  test('fails with its reason where another site took a host meanwhile', async () => {
    const before = await currentOf()
    const host = `moved-${count}.test`
    const moving = configurationOf({ site: { ...siteOf(site), hosts: [host] } })
    await askApi(`PUT /sites/${site}/configuration`, { body: moving })
    expect((await publish(olga, { at: inAnHour() })).status).toBe(202)
    const other = `other-${count}`
    const theirs = configurationOf({ site: { ...siteOf(other), hosts: [host] } })
    await askApi(`PUT /sites/${other}/configuration`, { body: theirs })
    expect((await askApi(`POST /sites/${other}/publish`)).status).toBe(201)
    await anHourPasses()
    const [failed] = await scheduledOf()
    expect(failed).toMatchObject({ state: 'failed', detail: expect.stringContaining(host) })
    expect(await currentOf()).toBe(before)
  })

  test('needs approval like any other', async () => {
    await write({ approval: true }, olga)
    expect(await codeOf(await publish(bo, { at: inAnHour() }))).toBe('not_approved')
  })

  test.each(['2020-01-01T00:00:00Z', '2099-01-01T00:00:00Z', 'tomorrow'])(
    'is not at %s',
    async (at) => {
      expect(await problemOf(await publish(bo, { at }))).toMatchObject({
        ...{ code: 'invalid', errors: [{ pointer: '/at' }] },
      })
    },
  )
})
