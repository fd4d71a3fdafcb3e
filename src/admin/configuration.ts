import { Hono } from 'hono'
import { ConfigurationSchema } from '../model/configuration.ts'
import { problem } from '../problem.ts'
import { requireRole, type StaffEnv } from '../staff/guard.ts'
import { mismatch, readBodyOf } from './body.ts'
import { changeOf } from './change.ts'
import { checkIds } from './check.ts'
import { readRevision, writeDraft } from './drafts.ts'
import { assignReporter } from './notifications.ts'
import { forbiddenTo } from './owners.ts'
import { etagOf, preconditionOf } from './precondition.ts'

/** A site's draft as one document; mounted at `/sites/:site`. */
export const configuration = new Hono<StaffEnv>()
  .get('/configuration', requireRole('marketer'), async (c) => {
    const draft = await readRevision(c.env.DB, c.req.param('site') ?? '')
    if (!draft) return problem(c, 'not_found')
    return c.json(draft.configuration, 200, { etag: etagOf(draft.revision) })
  })

  /** The command line may overwrite what is there; whoever names a version is held to it. */
  .put('/configuration', requireRole('editor'), async (c) => {
    const body = await readBodyOf(c, ConfigurationSchema)
    if (!body.ok) return body.response
    const errors = [
      ...checkIds(body.value),
      ...mismatch(body.value.site.id, c.req.param('site') ?? '', '/site/id'),
    ]
    if (errors.length > 0) return problem(c, 'invalid', { errors })
    const { role } = c.get('staff')
    const written = await writeDraft(c.env.DB, body.value, changeOf(c), {
      expected: preconditionOf(c),
      rule: (before, after) => {
        const found = forbiddenTo(role, before, after)
        return found.length > 0 ? found : undefined
      },
    })
    if (written.ok) {
      assignReporter(c, body.value.site)
      return c.body(null, 204, { etag: etagOf(written.value) })
    }
    if (written.error.reason === 'precondition_failed') return problem(c, 'precondition_failed')
    const within = written.error.why.map((one) => ({ ...one, pointer: `/site${one.pointer}` }))
    return problem(c, 'forbidden', { errors: within })
  })
