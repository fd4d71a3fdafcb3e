import { beforeAll, describe, expect, test } from 'vitest'
import { api } from '../../src/admin/api.ts'
import type { Operation } from '../../src/admin/openapi/operation.ts'
import { OPERATIONS } from '../../src/admin/openapi/operations.ts'
import { ROLES, signStaffToken } from '../../src/staff/token.ts'
import { configurationOf, siteOf } from './configuration.ts'
import { ask, askApi, HOST, keys, problemOf, staffToken } from './doors.ts'

const routeOf = ({ method, path }: Pick<Operation, 'method' | 'path'>) =>
  `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`

/** Parts of the API that tell of it. */
const ABOUT_ITSELF = new Set(['GET /openapi.json', 'GET /'])

test('every route is described, and nothing else', () => {
  const served = api.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replace(/(.)\/$/, '$1')}`)
    .filter((route) => !ABOUT_ITSELF.has(route))
  expect(OPERATIONS.map(routeOf).sort()).toEqual([...new Set(served)].sort())
})

test('every operation has a name of its own', () => {
  expect(new Set(OPERATIONS.map(({ id }) => id)).size).toBe(OPERATIONS.length)
})

const tokens = Object.fromEntries(
  await Promise.all(ROLES.map(async (role) => [role, await staffToken(role, 600)] as const)),
)

describe('whoever may ask, may, and nobody else', () => {
  const guarded = OPERATIONS.flatMap((operation) =>
    operation.role ? [[routeOf(operation), operation.role, operation] as const] : [],
  )
  test.each(guarded)('%s is for %ss', async (_, role, { method, path }) => {
    const route = `${method.toUpperCase()} ${path.replace(/\{\w+\}/g, 'nowhere')}?site=nowhere`
    const below = ROLES[ROLES.indexOf(role) - 1]
    expect((await askApi(route, { token: '' })).status).toBe(401)
    if (below) {
      expect((await problemOf(await askApi(route, { token: tokens[below] }))).code).toBe(
        'forbidden',
      )
    }
    const allowed = await askApi(route, { token: tokens[role] })
    expect([401, 403]).not.toContain(allowed.status)
    await allowed.body?.cancel()
  })
})

describe('whoever has to do with one site alone', async () => {
  const staff = { subject: 'elsewhere', role: 'owner', sites: ['elsewhere'] } as const
  const token = await signStaffToken(staff, 600, keys.staff, Date.now())
  beforeAll(async () => {
    for (const id of ['shop', 'elsewhere']) {
      const body = configurationOf({ site: siteOf(id) })
      await askApi(`PUT /sites/${id}/configuration`, { body })
    }
  })

  const ofSites = OPERATIONS.filter(({ path }) => path.includes('{site}'))
  test.each(ofSites.map((one) => [routeOf(one), one] as const))(
    'finds nothing of another at %s',
    async (_, { method, path }) => {
      const filled = path.replace('{site}', 'shop').replace(/\{\w+\}/g, 'nowhere')
      const answer = await askApi(`${method.toUpperCase()} ${filled}`, { token })
      expect((await problemOf(answer)).code).toBe('not_found')
    },
  )

  test('sees and makes no other, and finds its own', async () => {
    const listed = await askApi('GET /sites', { token })
    const { sites } = await listed.json<{ sites: { id: string }[] }>()
    expect(sites.map(({ id }) => id)).toEqual(['elsewhere'])
    const statusOf = async (route: string, body?: unknown) =>
      (await askApi(route, { token, body })).status
    expect(await statusOf('GET /sites/elsewhere/configuration')).toBe(200)
    expect(await statusOf('GET /audit')).toBe(403)
    expect(await statusOf('GET /audit?site=shop')).toBe(404)
    expect(await statusOf('GET /audit?site=elsewhere')).toBe(200)
    expect(await statusOf('POST /sites', siteOf('third'))).toBe(403)
  })

  test('is so in a console session too', async () => {
    const begun = await ask('/_sv/api/v1/session', {
      ...{ method: 'POST', headers: { origin: HOST }, body: JSON.stringify({ token }) },
    })
    const [cookie = ''] = (begun.headers.get('set-cookie') ?? '').split(';')
    const asked = { token: '', headers: { cookie } }
    expect(await (await askApi('GET /session', asked)).json()).toEqual(staff)
    expect((await askApi('GET /sites/shop', asked)).status).toBe(404)
  })
})

test('people read the same', async () => {
  const page = await ask('/_sv/api/v1')
  const text = await page.text()
  expect((await ask('/_sv/api/v1/')).headers.get('location')).toBe('/_sv/api/v1')
  expect([page.status, page.headers.get('content-type')]).toEqual([
    200,
    expect.stringMatching(/^text\/html/),
  ])
  for (const { id, summary } of OPERATIONS) {
    expect(text).toContain(`<article id="${id}">`)
    expect(text).toContain(summary)
  }
  expect((await ask('/_sv/reference.css')).headers.get('content-type')).toMatch(/^text\/css/)
})
