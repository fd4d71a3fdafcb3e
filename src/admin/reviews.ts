import { type Context, Hono } from 'hono'
import {
  askForReview,
  authorsOf,
  decideReview,
  isApproved,
  listReviews,
  type ReviewRow,
  readReview,
  type Verdict,
} from '../db/reviews.ts'
import { problem } from '../problem.ts'
import { requireRole, type StaffEnv } from '../staff/guard.ts'
import { readBodyOf } from './body.ts'
import { changeOf } from './change.ts'
import { type Draft, readRevision } from './drafts.ts'
import { NotedSchema } from './publish.ts'

const SHOWN = 20

/** Where a review stands: one of another revision than the draft's can no longer be approved. */
export type ReviewState = 'open' | 'outdated' | Verdict

/** Drafts that somebody else looks at before they are published; mounted at `/sites/:site`. */
export const reviews = new Hono<StaffEnv>()
  .get('/reviews', requireRole('marketer'), async (c) => {
    const draft = await readRevision(c.env.DB, siteOf(c))
    if (!draft) return problem(c, 'not_found')
    const rows = await listReviews(c.env.DB, siteOf(c), SHOWN)
    const authors = await authorsOf(c.env.DB, siteOf(c), draft.revision)
    return c.json({
      items: rows.map((row) => toItem(row, draft.revision)),
      /** What a publish asks for, and whether it is there. */
      required: draft.configuration.site.approval ?? false,
      approved: await isApproved(c.env.DB, siteOf(c), draft.revision),
      authors: [...authors].sort(),
    })
  })

  .post('/reviews', requireRole('editor'), async (c) => {
    const said = await readBodyOf(c, NotedSchema)
    if (!said.ok) return said.response
    const draft = await readRevision(c.env.DB, siteOf(c))
    if (!draft) return problem(c, 'not_found')
    const { revision } = draft
    const asked = { site: siteOf(c), revision, note: said.value.note }
    return c.json(toItem(await askForReview(c.env.DB, asked, changeOf(c)), revision), 201)
  })

  .post('/reviews/:id/approve', requireRole('editor'), (c) => decide(c, 'approved'))
  .post('/reviews/:id/decline', requireRole('editor'), (c) => decide(c, 'declined'))

function siteOf(c: Context): string {
  return c.req.param('site') ?? ''
}

async function decide(c: Context<StaffEnv>, verdict: Verdict): Promise<Response> {
  const said = await readBodyOf(c, NotedSchema)
  if (!said.ok) return said.response
  const [review, draft] = await Promise.all([
    readReview(c.env.DB, siteOf(c), Number(c.req.param('id'))),
    readRevision(c.env.DB, siteOf(c)),
  ])
  if (!review || !draft) return problem(c, 'not_found')
  if (review.verdict !== null) return problem(c, 'decided')
  if (verdict === 'approved') {
    if (review.revision !== draft.revision) return problem(c, 'outdated')
    const authors = await authorsOf(c.env.DB, siteOf(c), review.revision)
    const { subject } = c.get('staff')
    if (subject === review.by || authors.has(subject)) return problem(c, 'own_work')
  }
  const end = { verdict, note: said.value.note }
  const decided = await decideReview(c.env.DB, review, end, changeOf(c))
  return decided ? c.json(toItem(decided, draft.revision)) : problem(c, 'decided')
}

function toItem(row: ReviewRow, revision: number) {
  const { id, revision: of, at, by, note, verdict, decidedAt, decidedBy, decidedNote } = row
  const decided = verdict !== null && { decidedAt, decidedBy, decidedNote }
  return { id, revision: of, at, by, note, state: stateOf(row, revision), ...decided }
}

function stateOf({ verdict, revision: of }: ReviewRow, revision: number): ReviewState {
  if (verdict === 'approved' || verdict === 'declined') return verdict
  return of === revision ? 'open' : 'outdated'
}

/** Whether a draft may go live: where its site asks for it, somebody else has approved this revision. */
export async function mayGoLive(db: D1Database, draft: Draft): Promise<boolean> {
  const { site } = draft.configuration
  return !site.approval || isApproved(db, site.id, draft.revision)
}
