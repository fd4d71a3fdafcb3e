import { describe, expect, test } from 'vitest'
import { api } from '../../src/admin/api.ts'
import type { Operation } from '../../src/admin/openapi/operation.ts'
import { OPERATIONS } from '../../src/admin/openapi/operations.ts'
import { ROLES } from '../../src/staff/token.ts'
import { ask, askApi, problemOf, staffToken } from './doors.ts'

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
