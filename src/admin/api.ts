import { Hono } from 'hono'
import * as z from 'zod'
import { configOf } from '../config.ts'
import { readLog } from '../db/decision-log.ts'
import { listSites, readFigures } from '../db/figures.ts'
import { type Configuration, ConfigurationSchema } from '../model/configuration.ts'
import type { Problem } from '../model/problem.ts'
import { problem, toProblems } from '../problem.ts'
import { requireRole, type StaffEnv } from '../staff/guard.ts'
import { checkIds } from './check.ts'
import { readDraft, writeDraft } from './drafts.ts'
import { events } from './events.ts'
import { toCsv, toFigures } from './figures.ts'
import { imports } from './import/routes.ts'
import { people } from './people.ts'
import { platformOf } from './platform.ts'
import { publish } from './publish.ts'
import { session } from './session.ts'
import { toSuppressionCounts } from './suppressions.ts'

const MAX_DRAFT_BYTES = 8 * 1024 * 1024

/** Editors' and marketers' API; every route names the least role it takes. */
export const api = new Hono<StaffEnv>()
  .route('/session', session)

  .get('/sites', requireRole('marketer'), async (c) => c.json({ sites: await listSites(c.env) }))

  .get('/sites/:site/configuration', requireRole('marketer'), async (c) => {
    const draft = await readDraft(c.env.DB, c.req.param('site'))
    return draft ? c.json(draft) : problem(c, 'not_found')
  })

  .put('/sites/:site/configuration', requireRole('editor'), async (c) => {
    const body = await readJson(c.req.raw)
    if (!body.ok) return problem(c, body.error)
    const parsed = parseConfiguration(body.value, c.req.param('site'))
    if (!parsed.ok) return problem(c, 'invalid', { errors: parsed.error })
    await writeDraft(c.env.DB, parsed.value, { by: c.get('staff').subject, at: Date.now() })
    return c.body(null, 204)
  })

  .post('/sites/:site/publish', requireRole('editor'), async (c) => {
    const draft = await readDraft(c.env.DB, c.req.param('site'))
    if (!draft) return problem(c, 'not_found')
    const change = { by: c.get('staff').subject, at: Date.now() }
    const published = await publish(draft, c.env, change, platformOf(await configOf(c.env)))
    if (!published.ok) return problem(c, 'invalid', { errors: published.error })
    return c.json(published.value, 201)
  })

  .put('/sites/:site/off', requireRole('editor'), async (c) => {
    const body = await readJson(c.req.raw)
    if (!body.ok) return problem(c, body.error)
    const wish = z.strictObject({ off: z.boolean() }).safeParse(body.value)
    if (!wish.success) return problem(c, 'invalid', { errors: toProblems(wish.error) })
    const id = c.req.param('site')
    const site = (await listSites(c.env)).find((known) => known.id === id)
    if (!site) return problem(c, 'not_found')
    await c.env.BOARD.getByName(id).switchOff(wish.data.off)
    return c.json({ ...site, off: wish.data.off })
  })

  .get('/sites/:site/slots', requireRole('marketer'), async (c) => {
    const draft = await readDraft(c.env.DB, c.req.param('site'))
    if (!draft) return problem(c, 'not_found')
    return c.json({ slots: await c.env.BOARD.getByName(draft.site.id).slotHealth() })
  })

  /** What policies kept from pages, by day. */
  .get('/sites/:site/suppressions', requireRole('marketer'), async (c) => {
    const draft = await readDraft(c.env.DB, c.req.param('site'))
    if (!draft) return problem(c, 'not_found')
    const days = await c.env.BOARD.getByName(draft.site.id).suppressionCounts()
    return c.json({ suppressions: toSuppressionCounts(days) })
  })

  /** What pages were decided from, the newest first; `?before=<seq>` goes on from there. */
  .get('/sites/:site/decisions', requireRole('editor'), async (c) => {
    const site = c.req.param('site')
    if (!(await readDraft(c.env.DB, site))) return problem(c, 'not_found')
    const cursor = z.coerce.number().int().min(1).optional().safeParse(c.req.query('before'))
    if (!cursor.success) return problem(c, 'invalid', { detail: 'Write ?before=<seq of a page>.' })
    const pages = await readLog(c.env.DB, site, { before: cursor.data, now: Date.now() })
    return c.json({ pages, before: pages.at(-1)?.seq ?? null })
  })

  .get('/sites/:site/figures', requireRole('marketer'), async (c) => {
    const draft = await readDraft(c.env.DB, c.req.param('site'))
    if (!draft) return problem(c, 'not_found')
    const read = await readFigures(c.env, draft.site.id)
    return c.json(toFigures(draft, read, Date.now()))
  })

  .get('/sites/:site/figures.csv', requireRole('marketer'), async (c) => {
    const draft = await readDraft(c.env.DB, c.req.param('site'))
    if (!draft) return problem(c, 'not_found')
    const figures = toFigures(draft, await readFigures(c.env, draft.site.id), Date.now())
    return c.body(toCsv(figures), 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${draft.site.id}-figures.csv"`,
      'cache-control': 'no-store',
    })
  })

  /** Weights from everything counted by now, for those who do not want to wait until they are due. */
  .post('/sites/:site/experiences/:experience/learn', requireRole('editor'), async (c) => {
    const { site, experience } = c.req.param()
    const draft = await readDraft(c.env.DB, site)
    if (!draft?.experiences.some(({ id }) => id === experience)) return problem(c, 'not_found')
    const version = await c.env.LEARNERS.getByName(`${site}/${experience}`).learnNow()
    return c.json({ version })
  })

  .route('/sites/:site', events)
  .route('/sites/:site', people)
  .route('/sites/:site', imports)

  /** Back to an earlier version of the weights; what was learned since is forgotten. */
  .post('/sites/:site/experiences/:experience/rollback', requireRole('editor'), async (c) => {
    const body = await readJson(c.req.raw)
    if (!body.ok) return problem(c, body.error)
    const wish = z.strictObject({ version: z.int().min(0) }).safeParse(body.value)
    if (!wish.success) return problem(c, 'invalid', { errors: toProblems(wish.error) })
    const { site, experience } = c.req.param()
    const draft = await readDraft(c.env.DB, site)
    if (!draft?.experiences.some(({ id }) => id === experience)) return problem(c, 'not_found')
    const version = await c.env.LEARNERS.getByName(`${site}/${experience}`).rollBack(
      wish.data.version,
    )
    if (version !== undefined) return c.json({ version })
    const detail = 'Versions that can be gone back to are 0, the even split, and the newest 50.'
    const unknown: Problem = { code: 'unknown_reference', pointer: '/version', detail }
    return problem(c, 'invalid', { errors: [unknown] })
  })

  .all('*', (c) => problem(c, 'not_found'))

async function readJson(
  request: Request,
): Promise<
  | { ok: true; value: unknown }
  | { ok: false; error: 'bad_json' | 'too_large' | 'unsupported_media' }
> {
  if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? '')) {
    return { ok: false, error: 'unsupported_media' }
  }
  const text = await request.text()
  if (text.length > MAX_DRAFT_BYTES) return { ok: false, error: 'too_large' }
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    return { ok: false, error: 'bad_json' }
  }
}

function parseConfiguration(
  body: unknown,
  site: string,
): { ok: true; value: Configuration } | { ok: false; error: readonly Problem[] } {
  const parsed = ConfigurationSchema.safeParse(body)
  if (!parsed.success) return { ok: false, error: toProblems(parsed.error) }
  const repeated = checkIds(parsed.data)
  if (repeated.length > 0) return { ok: false, error: repeated }
  if (parsed.data.site.id === site) return { ok: true, value: parsed.data }
  const detail = `The document is of the site “${parsed.data.site.id}”, the address of “${site}”.`
  return { ok: false, error: [{ code: 'invalid', pointer: '/site/id', detail }] }
}
