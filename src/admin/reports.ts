import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { readLog } from '../db/decision-log.ts'
import { readFigures } from '../db/figures.ts'
import type { Configuration } from '../model/configuration.ts'
import { problem } from '../problem.ts'
import { toFiguresCsv } from '../reports/csv.ts'
import { toFigures } from '../reports/figures.ts'
import { requireRole, type StaffEnv } from '../staff/guard.ts'
import { readCaps } from './caps.ts'
import { readDraft } from './drafts.ts'
import { readOverview } from './overview.ts'
import { toSuppressionCounts } from './suppressions.ts'

/** What live pages have shown of a site; mounted at `/sites/:site`. */
export const reports = new Hono<StaffEnv>()
  .get('/slot-health', requireRole('marketer'), (c) =>
    answer(c, async ({ site }) =>
      c.json({ slots: await c.env.BOARD.getByName(site.id).slotHealth() }),
    ),
  )

  /** How the places of groups and stocks stand. */
  .get('/caps', requireRole('marketer'), (c) =>
    answer(c, async (draft) => c.json({ caps: await readCaps(c.env, draft) })),
  )

  /** What policies kept from pages, by day. */
  .get('/suppressions', requireRole('marketer'), (c) =>
    answer(c, async ({ site }) => {
      const days = await c.env.BOARD.getByName(site.id).suppressionCounts()
      return c.json({ suppressions: toSuppressionCounts(days) })
    }),
  )

  /** What pages were decided from, the newest first; `?before=<seq>` goes on from there. */
  .get('/decisions', requireRole('editor'), (c) =>
    answer(c, async ({ site }) => {
      const cursor = z.coerce.number().int().min(1).optional().safeParse(c.req.query('before'))
      if (!cursor.success)
        return problem(c, 'invalid', { detail: 'Write ?before=<seq of a page>.' })
      const pages = await readLog(c.env.DB, site.id, { before: cursor.data, now: Date.now() })
      return c.json({ pages, before: pages.at(-1)?.seq ?? null })
    }),
  )

  /** What needs somebody, and each experience in a line. */
  .get('/overview', requireRole('marketer'), (c) =>
    answer(c, async (draft) => c.json(await readOverview(c.env, draft, Date.now()))),
  )

  .get('/figures', requireRole('marketer'), (c) =>
    answer(c, async (draft) =>
      c.json(toFigures(draft, await readFigures(c.env, draft.site.id), Date.now())),
    ),
  )

  .get('/figures.csv', requireRole('marketer'), (c) =>
    answer(c, async (draft) => {
      const figures = toFigures(draft, await readFigures(c.env, draft.site.id), Date.now())
      return c.body(toFiguresCsv(figures), 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="${draft.site.id}-figures.csv"`,
        'cache-control': 'no-store',
      })
    }),
  )

async function answer(
  c: Context<StaffEnv>,
  respond: (draft: Configuration) => Promise<Response>,
): Promise<Response> {
  const draft = await readDraft(c.env.DB, c.req.param('site') ?? '')
  return draft ? respond(draft) : problem(c, 'not_found')
}
