import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { listPublications, type Publication, readPublication } from '../db/publications.ts'
import { type Configuration, ConfigurationSchema } from '../model/configuration.ts'
import { problem } from '../problem.ts'
import { readBody } from '../site/bundle-store.ts'
import { requireRole, type StaffEnv } from '../staff/guard.ts'
import { readBodyOf } from './body.ts'
import { changeOf } from './change.ts'
import { differencesOf } from './differences.ts'
import { readDraft } from './drafts.ts'
import { NotedSchema, restore } from './publish.ts'

const PageSchema = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.coerce.number().int().min(1).optional(),
})

/** What was published, by whom and why, and how it differs; mounted at `/sites/:site`. */
export const history = new Hono<StaffEnv>()
  .get('/publications', requireRole('marketer'), async (c) => {
    const page = PageSchema.safeParse(c.req.query())
    if (!page.success) return problem(c, 'invalid', { detail: 'Write ?limit=50&cursor=<seq>.' })
    const { limit, cursor: before } = page.data
    const site = siteOf(c)
    const rows = await listPublications(c.env.DB, site, { before, limit: limit + 1 })
    if (rows.length === 0 && !(await readDraft(c.env.DB, site))) return problem(c, 'not_found')
    const [newest] = await listPublications(c.env.DB, site, { limit: 1 })
    const items = rows.slice(0, limit).map((row) => toItem(row, newest))
    return c.json({ items, next: rows.length > limit ? String(items.at(-1)?.seq) : null })
  })

  .get('/publications/:seq/configuration', requireRole('marketer'), async (c) => {
    const found = await readConfiguration(c, c.req.param('seq'))
    return found ? c.json(found) : problem(c, 'not_found')
  })

  /** From one to another, each the number of a publication or `draft`. */
  .get('/differences', requireRole('marketer'), async (c) => {
    const { from = '', to = 'draft' } = c.req.query()
    const [before, after] = await Promise.all([from, to].map((name) => readConfiguration(c, name)))
    if (!before || !after) return problem(c, 'not_found')
    return c.json({ differences: differencesOf(before, after) })
  })

  /** Makes what was published before current again; the draft stays as it is. */
  .post('/publications/:seq/restore', requireRole('editor'), async (c) => {
    const wish = await readBodyOf(c, NotedSchema)
    if (!wish.ok) return wish.response
    const before = await readPublication(c.env.DB, siteOf(c), Number(c.req.param('seq')))
    if (!before) return problem(c, 'not_found')
    const change = { ...changeOf(c), note: wish.value.note }
    const restored = await restore(before, c.env, change)
    if (restored === 'unreadable') return problem(c, 'unavailable')
    if (!restored.ok) return problem(c, 'invalid', { errors: restored.error })
    return c.json(toItem(restored.value, restored.value), 201)
  })

function siteOf(c: Context): string {
  return c.req.param('site') ?? ''
}

function toItem({ seq, hash, at, by, note, restores }: Publication, newest?: Publication) {
  const current = seq === newest?.seq
  return { seq, hash, at, by, note, ...(restores !== null && { restores }), current }
}

/** The draft, or what was published under a number; nothing of before that was kept. */
export async function readConfiguration(
  c: Context<StaffEnv>,
  name: string,
): Promise<Configuration | undefined> {
  const site = siteOf(c)
  if (name === 'draft') return readDraft(c.env.DB, site)
  const publication = /^\d{1,15}$/.test(name)
    ? await readPublication(c.env.DB, site, Number(name))
    : undefined
  if (!publication?.configuration) return undefined
  const body = await readBody(publication.configuration, c.env.DB)
  return body === '' ? undefined : ConfigurationSchema.parse(JSON.parse(body))
}
