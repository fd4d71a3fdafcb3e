import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { configOf } from '../config.ts'
import { logAct } from '../db/change-log.ts'
import { readReceipts } from '../db/erasures.ts'
import { readBody } from '../events/body.ts'
import type { Site } from '../model/site.ts'
import { ConsentTierSchema } from '../model/visitor.ts'
import { problem, toProblems } from '../problem.ts'
import { currentSite } from '../site/current.ts'
import { requireRole, type StaffEnv } from '../staff/guard.ts'
import { withdraw } from '../visitor/recognise.ts'
import { shardOf } from '../visitor/visitor-id.ts'
import { changeOf } from './change.ts'
import { erase, fingerprintsOf } from './erasure.ts'
import { marksOf, readWhole, type Whom } from './whole-person.ts'

const NAMED = {
  userId: z.string().min(1).max(1024).optional(),
  visitor: z
    .string()
    .refine((id) => shardOf('', id) !== undefined, 'an id of a visitor')
    .optional(),
}
const isOne = ({ userId, visitor }: Named) => (userId === undefined) !== (visitor === undefined)
const EITHER = 'either userId or visitor'
/** Whom a call is about. */
export const WhomSchema = z.strictObject(NAMED).refine(isOne, EITHER).transform(toWhom)
/** What somebody told the business that they allow. */
export const ConsentSchema = z
  .strictObject({ ...NAMED, tier: ConsentTierSchema })
  .refine(isOne, EITHER)
  .transform(({ tier, ...named }) => ({ tier, whom: toWhom(named) }))

interface Named {
  readonly userId?: string | undefined
  readonly visitor?: string | undefined
}

function toWhom({ userId, visitor = '' }: Named): Whom {
  return userId === undefined ? { visitor } : { userId }
}

const MAX_BODY_BYTES = 8 * 1024

/** What is kept of a person, and what they may ask to be done about it; mounted at `/sites/:site`. */
export const people = new Hono<StaffEnv>()
  .post('/people/export', requireRole('owner'), (c) =>
    answer(c, WhomSchema, async (whom, site) => {
      await logPeople(c, 'export', 'Exported what is kept of somebody.')
      return c.json(await readWhole(c.env, site, whom))
    }),
  )

  /** Answers once nothing is left; a call that failed is to be repeated. */
  .post('/people/erase', requireRole('owner'), (c) =>
    answer(c, WhomSchema, async (whom, site) => {
      await logPeople(c, 'erase', 'Asked for somebody to be erased.')
      const { keys } = await configOf(c.env)
      const by = c.get('staff').subject
      return c.json(await erase(c.env, site, whom, { by, now: Date.now(), ring: keys.erasure }))
    }),
  )

  /** What somebody told the business that they allow; it holds for all of their browsers within 5 s. */
  .post('/people/consent', requireRole('owner'), (c) =>
    answer(c, ConsentSchema, async ({ tier, whom }, site) => {
      await logPeople(c, 'consent', `Wrote down somebody’s consent: tier ${tier}.`)
      const whole = await readWhole(c.env, site, whom)
      const marks = await marksOf(whole)
      const board = c.env.BOARD.getByName(site.id)
      await (tier === 2 ? board.restore(marks) : board.revoke(marks, tier, Date.now()))
      if (tier < 2) {
        const what = tier === 0 ? 'everything' : 'profile'
        const { env } = c
        await Promise.all(whole.browsers.map(({ visitor }) => withdraw(env, site, visitor, what)))
      }
      return c.json({ tier, browsers: whole.browsers.length })
    }),
  )

  .get('/erasures', requireRole('owner'), async (c) =>
    c.json({ erasures: await readReceipts(c.env.DB, siteOf(c)) }),
  )

  .get('/erasures/:id', requireRole('owner'), async (c) => {
    const { id } = c.req.param()
    const [receipt] = await readReceipts(c.env.DB, siteOf(c), { id })
    return receipt ? c.json(receipt) : problem(c, 'not_found')
  })

  /** Whether and when somebody was erased. */
  .post('/erasures/check', requireRole('owner'), (c) =>
    answer(c, WhomSchema, async (whom, site) => {
      const { keys } = await configOf(c.env)
      const fingerprints = await fingerprintsOf(site, whom, keys.erasure)
      return c.json({ erasures: await readReceipts(c.env.DB, site.id, { fingerprints }) })
    }),
  )

/** Reads whom it is about, and answers with what is done; nothing is said to be done that is not. */
async function answer<T>(
  c: Context<StaffEnv>,
  schema: z.ZodType<T>,
  act: (asked: T, site: Site) => Promise<Response>,
): Promise<Response> {
  const body = await readBody(c.req.raw, MAX_BODY_BYTES)
  if (!body.ok) return problem(c, body.error)
  const json = parseJson(body.value)
  if (json === undefined) return problem(c, 'bad_json')
  const asked = schema.safeParse(json)
  if (!asked.success) return problem(c, 'invalid', { errors: toProblems(asked.error) })
  const id = siteOf(c)
  const found = await currentSite(id, c.env, (work) => c.executionCtx.waitUntil(work))
  if (!found.ok) return problem(c, found.error === 'not_published' ? 'not_found' : 'unavailable')
  try {
    const response = await act(asked.data, found.value.bundle.site)
    response.headers.set('cache-control', 'no-store')
    return response
  } catch (error) {
    console.error(JSON.stringify({ event: 'people_failed', site: id, detail: String(error) }))
    return problem(c, 'unavailable', { detail: 'Not all of it is done; send it again.' })
  }
}

/** Whom it is about stays out of the log, which is never deleted. */
function logPeople(c: Context<StaffEnv>, action: string, summary: string): Promise<void> {
  return logAct(c.env.DB, changeOf(c), { action, site: siteOf(c), kind: 'people', summary })
}

function siteOf(c: Context<StaffEnv>): string {
  return c.req.param('site') ?? ''
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
