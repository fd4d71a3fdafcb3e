import { Hono } from 'hono'
import * as z from 'zod'
import type { Problem } from '../model/problem.ts'
import { problem } from '../problem.ts'
import { requireRole, type StaffEnv } from '../staff/guard.ts'
import { readBodyOf } from './body.ts'
import { readDraft } from './drafts.ts'

/** A version of the weights to go back to. */
export const VersionSchema = z.strictObject({ version: z.int().min(0) })

/** What staff may tell a learner; mounted at `/sites/:site/experiences/:experience`. */
export const learning = new Hono<StaffEnv>()
  /** Weights from everything counted by now, for those who do not want to wait until they are due. */
  .post('/learn', requireRole('editor'), async (c) => {
    const [site, experience] = [c.req.param('site') ?? '', c.req.param('experience') ?? '']
    if (!(await isDrafted(c.env.DB, site, experience))) return problem(c, 'not_found')
    const version = await c.env.LEARNERS.getByName(`${site}/${experience}`).learnNow()
    return c.json({ version })
  })

  /** Back to an earlier version of the weights; what was learned since is forgotten. */
  .post('/rollback', requireRole('editor'), async (c) => {
    const wish = await readBodyOf(c, VersionSchema)
    if (!wish.ok) return wish.response
    const [site, experience] = [c.req.param('site') ?? '', c.req.param('experience') ?? '']
    if (!(await isDrafted(c.env.DB, site, experience))) return problem(c, 'not_found')
    const learner = c.env.LEARNERS.getByName(`${site}/${experience}`)
    const version = await learner.rollBack(wish.value.version)
    if (version !== undefined) return c.json({ version })
    const detail = 'Versions that can be gone back to are 0, the even split, and the newest 50.'
    const unknown: Problem = { code: 'unknown_reference', pointer: '/version', detail }
    return problem(c, 'invalid', { errors: [unknown] })
  })

async function isDrafted(db: D1Database, site: string, experience: string): Promise<boolean> {
  const draft = await readDraft(db, site)
  return draft?.experiences.some(({ id }) => id === experience) ?? false
}
