import { Hono } from 'hono'
import * as z from 'zod'
import { checkCondition } from '../decide/condition.ts'
import { explain } from '../decide/explain.ts'
import { AudienceSchema } from '../model/audience.ts'
import { problem } from '../problem.ts'
import { requireRole, type StaffEnv } from '../staff/guard.ts'
import { SampleSchema, subjectOf } from '../visitor/sample.ts'
import { readBodyOf } from './body.ts'
import { readDraft } from './drafts.ts'

export const QuestionSchema = z.strictObject({
  condition: AudienceSchema.shape.condition,
  visitor: SampleSchema.prefault({}),
})

/** What a rule says of somebody; mounted at `/sites/:site/audiences`, before the audiences themselves. */
export const audiences = new Hono<StaffEnv>().post(
  '/explain',
  requireRole('marketer'),
  async (c) => {
    const question = await readBodyOf(c, QuestionSchema)
    if (!question.ok) return question.response
    const { condition, visitor } = question.value
    const mistakes = checkCondition(condition)
    if (mistakes.length > 0) {
      const errors = mistakes.map((one) => ({ ...one, pointer: `/condition${one.pointer}` }))
      return problem(c, 'invalid', { errors })
    }
    const draft = await readDraft(c.env.DB, c.req.param('site') ?? '')
    if (!draft) return problem(c, 'not_found')
    const { site, attributes } = draft
    const around = { timezone: site.timezone, attributes }
    return c.json(explain(condition, subjectOf(visitor, around, Date.now())))
  },
)
