import { Hono } from 'hono'
import { ConfigurationSchema } from '../model/configuration.ts'
import type { Problem } from '../model/problem.ts'
import { problem } from '../problem.ts'
import { requireRole, type StaffEnv } from '../staff/guard.ts'
import { readBodyOf } from './body.ts'
import { checkIds } from './check.ts'
import { readDraft, writeDraft } from './drafts.ts'

/** A site's draft as one document; mounted at `/sites/:site`. */
export const configuration = new Hono<StaffEnv>()
  .get('/configuration', requireRole('marketer'), async (c) => {
    const draft = await readDraft(c.env.DB, c.req.param('site') ?? '')
    return draft ? c.json(draft) : problem(c, 'not_found')
  })

  .put('/configuration', requireRole('editor'), async (c) => {
    const body = await readBodyOf(c, ConfigurationSchema)
    if (!body.ok) return body.response
    const errors = [
      ...checkIds(body.value),
      ...isOf(body.value.site.id, c.req.param('site') ?? '', '/site/id'),
    ]
    if (errors.length > 0) return problem(c, 'invalid', { errors })
    await writeDraft(c.env.DB, body.value, { by: c.get('staff').subject, at: Date.now() })
    return c.body(null, 204)
  })

/** A document is kept under the id that it bears itself. */
export function isOf(id: string, address: string, pointer: string): Problem[] {
  const detail = `The document is of “${id}”, the address of “${address}”.`
  return id === address ? [] : [{ code: 'invalid', pointer, detail }]
}
