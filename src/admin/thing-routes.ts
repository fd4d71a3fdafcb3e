import { type Context, Hono } from 'hono'
import { problem } from '../problem.ts'
import { requireRole, type StaffEnv } from '../staff/guard.ts'
import { mismatch, readBodyOf } from './body.ts'
import { changeOf } from './change.ts'
import { RESOURCES, type Resource } from './kinds.ts'
import { pageOf, toCursor } from './paging.ts'
import { etagOf, preconditionOf } from './precondition.ts'
import type { Reference } from './references.ts'
import {
  CursorSchema,
  deleteThing,
  listThings,
  readThing,
  type Shelf,
  saveThing,
  type Thing,
  type ThingRefusal,
} from './things.ts'

/** What may be asked of things of every kind, the same way; mounted at `/sites/:site`. */
export const things = Object.entries(RESOURCES).reduce(
  (routes, [name, resource]) => routes.route(`/${name}`, routesOf(resource)),
  new Hono<StaffEnv>(),
)

function routesOf({ kind, schema, having }: Resource) {
  const shelfOf = (c: Context): Shelf => ({ site: c.req.param('site') ?? '', kind, having })

  return new Hono<StaffEnv>()
    .get('/', requireRole('marketer'), async (c) => {
      const page = pageOf(c, CursorSchema)
      if (!page.ok) return page.response
      const found = await listThings(c.env.DB, shelfOf(c), { ...page.value, q: c.req.query('q') })
      if (!found) return problem(c, 'not_found')
      return c.json({ items: found.items, next: found.next ? toCursor(found.next) : null })
    })

    .post('/', requireRole('editor'), async (c) => {
      const doc = await readBodyOf(c, schema)
      if (!doc.ok) return doc.response
      const saved = await saveThing(c.env.DB, shelfOf(c), doc.value, 'absent', changeOf(c))
      if (!saved.ok) return refuse(c, saved.error, 'exists')
      const path = `${new URL(c.req.url).pathname.replace(/\/$/, '')}/${doc.value.id}`
      return answer(c, saved.value, 201, { location: path })
    })

    .get('/:id', requireRole('marketer'), async (c) => {
      const found = await readThing(c.env.DB, shelfOf(c), c.req.param('id'))
      return found ? answer(c, found) : problem(c, 'not_found')
    })

    .put('/:id', requireRole('editor'), async (c) => {
      const expected = preconditionOf(c)
      if (expected === undefined) return problem(c, 'precondition_required')
      const doc = await readBodyOf(c, schema)
      if (!doc.ok) return doc.response
      const errors = mismatch(doc.value.id, c.req.param('id'), '/id')
      if (errors.length > 0) return problem(c, 'invalid', { errors })
      const saved = await saveThing(c.env.DB, shelfOf(c), doc.value, expected, changeOf(c))
      if (!saved.ok) return refuse(c, saved.error)
      return answer(c, saved.value, expected === 'absent' ? 201 : 200)
    })

    .delete('/:id', requireRole('editor'), async (c) => {
      const expected = preconditionOf(c)
      if (expected === undefined) return problem(c, 'precondition_required')
      const id = c.req.param('id')
      const deleted = await deleteThing(c.env.DB, shelfOf(c), id, expected, changeOf(c))
      return deleted.ok ? c.body(null, 204) : refuse(c, deleted.error)
    })
}

function answer(
  c: Context,
  thing: Thing,
  status: 200 | 201 = 200,
  headers: Record<string, string> = {},
): Response {
  return c.json(thing, status, { etag: etagOf(thing.version), ...headers })
}

function refuse(
  c: Context,
  refusal: ThingRefusal,
  otherwise: 'exists' | 'precondition_failed' = 'precondition_failed',
): Response {
  switch (refusal.reason) {
    case 'not_found':
      return problem(c, 'not_found')
    case 'in_use':
      return problem(c, 'in_use', { errors: refusal.uses.map(toUse) })
    case 'precondition_failed':
      return problem(c, otherwise, refusal.current && { current: refusal.current })
  }
}

function toUse({ by, pointer }: Reference) {
  return { code: 'in_use', pointer, detail: `${by} names it.` }
}
