import { Hono } from 'hono'
import * as z from 'zod'
import { logAct } from '../db/change-log.ts'
import { checkHistory, HistorySchema } from '../model/history.ts'
import type { Problem } from '../model/problem.ts'
import { problem } from '../problem.ts'
import { requireRole, type StaffEnv } from '../staff/guard.ts'
import { readBodyOf } from './body.ts'
import { changeOf } from './change.ts'
import { readDraft } from './drafts.ts'

/** A version of the weights to go back to. */
export const VersionSchema = z.strictObject({ version: z.int().min(0) })

const COUNTED = 'Something was counted here already; a history can only be what came before.'

/** What staff may tell a learner; mounted at `/sites/:site/experiences/:experience`. */
export const learning = new Hono<StaffEnv>()
  /** Weights from everything counted by now, for those who do not want to wait until they are due. */
  .post('/learn', requireRole('editor'), async (c) => {
    const [site, experience] = [c.req.param('site') ?? '', c.req.param('experience') ?? '']
    if (!(await isDrafted(c.env.DB, site, experience))) return problem(c, 'not_found')
    const summary = 'Asked for weights from what is counted by now.'
    await logAct(c.env.DB, changeOf(c), { ...of(site, experience), action: 'learn', summary })
    const version = await c.env.LEARNERS.getByName(`${site}/${experience}`).learnNow()
    return c.json({ version })
  })

  /** What it has done elsewhere, so that it learns on from there; only before it counts here. */
  .post('/history', requireRole('owner'), async (c) => {
    const history = await readBodyOf(c, HistorySchema)
    if (!history.ok) return history.response
    const errors = checkHistory(history.value, Date.now())
    if (errors.length > 0) return problem(c, 'invalid', { errors })
    const [site, experience] = [c.req.param('site') ?? '', c.req.param('experience') ?? '']
    if (!(await isDrafted(c.env.DB, site, experience))) return problem(c, 'not_found')
    const taken = await c.env.LEARNERS.getByName(`${site}/${experience}`).takeOver(history.value)
    if (!taken) return problem(c, 'exists', { detail: COUNTED })
    const summary = 'Brought what the experience has done elsewhere.'
    await logAct(c.env.DB, changeOf(c), { ...of(site, experience), action: 'history', summary })
    return c.json({ version: history.value.versions.at(-1)?.version ?? 0 }, 201)
  })

  /** Back to an earlier version of the weights; what was learned since is forgotten. */
  .post('/rollback', requireRole('editor'), async (c) => {
    const wish = await readBodyOf(c, VersionSchema)
    if (!wish.ok) return wish.response
    const [site, experience] = [c.req.param('site') ?? '', c.req.param('experience') ?? '']
    if (!(await isDrafted(c.env.DB, site, experience))) return problem(c, 'not_found')
    const summary = `Asked to go back to version ${wish.value.version} of the weights.`
    await logAct(c.env.DB, changeOf(c), { ...of(site, experience), action: 'rollback', summary })
    const learner = c.env.LEARNERS.getByName(`${site}/${experience}`)
    const version = await learner.rollBack(wish.value.version)
    if (version !== undefined) return c.json({ version })
    const detail =
      'Versions that can be gone back to are 0, the even split, and the newest 50 that were learned.'
    const unknown: Problem = { code: 'unknown_reference', pointer: '/version', detail }
    return problem(c, 'invalid', { errors: [unknown] })
  })

function of(site: string, id: string) {
  return { site, kind: 'experiences', id }
}

async function isDrafted(db: D1Database, site: string, experience: string): Promise<boolean> {
  const draft = await readDraft(db, site)
  return draft?.experiences.some(({ id }) => id === experience) ?? false
}
