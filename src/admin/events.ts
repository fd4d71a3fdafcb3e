import { and, asc, eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { type Context, Hono, type Next } from 'hono'
import { configOf } from '../config.ts'
import { logged } from '../db/change-log.ts'
import { writeKeys } from '../db/schema.ts'
import { toBase64Url } from '../model/base64url.ts'
import { createTrail } from '../model/trail.ts'
import { problem } from '../problem.ts'
import { hashOf } from '../site/bundle-store.ts'
import { requireRole, type StaffEnv } from '../staff/guard.ts'
import { parseCookies } from '../visitor/cookies.ts'
import { readVisitorCookie } from '../visitor/recognise.ts'
import { shardStub } from '../visitor/shard-stub.ts'
import { changeOf } from './change.ts'
import { readDraft } from './drafts.ts'

/** Keys of one site: more are a sign that somebody forgets to delete them. */
const MOST_KEYS = 20

/** What staff may see and do about a site's events; mounted at `/sites/:site`. */
export const events = new Hono<StaffEnv>()
  .get('/events/counts', requireRole('marketer'), requireSite, async (c) =>
    c.json({ hours: await c.env.BOARD.getByName(siteOf(c)).eventCounts() }),
  )

  /** Of the visitor who is named, or of the very browser that asks. */
  .get('/events/tail', requireRole('editor'), requireSite, async (c) => {
    const visitor = c.req.query('visitor') ?? (await ownVisitor(c))
    const shard = shardStub(c.env, siteOf(c), visitor)
    if (!shard) return problem(c, 'not_found', { detail: 'Name a visitor: ?visitor=<id>.' })
    return c.json({ visitor, deliveries: await shard.tailOf(visitor) })
  })

  .get('/write-keys', requireRole('owner'), requireSite, async (c) => {
    const { id, createdAt, createdBy } = writeKeys
    const keys = await drizzle(c.env.DB)
      .select({ id, createdAt, createdBy })
      .from(writeKeys)
      .where(eq(writeKeys.site, siteOf(c)))
      .orderBy(asc(createdAt))
    return c.json({ keys })
  })

  /** The key is in this answer and nowhere else. It opens the site's event doors within 5 s. */
  .post('/write-keys', requireRole('owner'), requireSite, async (c) => {
    const site = siteOf(c)
    const db = drizzle(c.env.DB)
    if ((await db.$count(writeKeys, eq(writeKeys.site, site))) >= MOST_KEYS) {
      return problem(c, 'too_many', { detail: `A site has at most ${MOST_KEYS} write keys.` })
    }
    const key = `svk_${randomText(32)}`
    const row = { id: randomText(6), createdAt: Date.now(), createdBy: c.get('staff').subject }
    await db.batch([
      db.insert(writeKeys).values({ ...row, site, hash: await hashOf(key) }),
      logged(db, changeOf(c), {
        ...{ action: 'create', site, kind: 'write-keys', id: row.id },
        summary: 'Made a write key.',
      }),
    ])
    return c.json({ ...row, key }, 201, { 'cache-control': 'no-store' })
  })

  .delete('/write-keys/:id', requireRole('owner'), requireSite, async (c) => {
    const id = c.req.param('id')
    const which = and(eq(writeKeys.site, siteOf(c)), eq(writeKeys.id, id))
    const db = drizzle(c.env.DB)
    if ((await db.$count(writeKeys, which)) === 0) return problem(c, 'not_found')
    await db.batch([
      db.delete(writeKeys).where(which),
      logged(db, changeOf(c), {
        ...{ action: 'delete', site: siteOf(c), kind: 'write-keys', id },
        summary: 'Deleted a write key.',
      }),
    ])
    return c.body(null, 204)
  })

async function requireSite(c: Context<StaffEnv>, next: Next): Promise<Response | undefined> {
  if (!(await readDraft(c.env.DB, siteOf(c)))) return problem(c, 'not_found')
  await next()
  return undefined
}

async function ownVisitor(c: Context<StaffEnv>): Promise<string> {
  const draft = await readDraft(c.env.DB, siteOf(c))
  if (!draft) return ''
  const cookies = parseCookies(c.req.header('cookie') ?? null)
  const config = await configOf(c.env)
  const trail = createTrail(Date.now, console.warn)
  const state = await readVisitorCookie(c.req.raw, cookies, { site: draft.site, config, trail })
  return state?.id ?? ''
}

function siteOf(c: Context<StaffEnv>): string {
  return c.req.param('site') ?? ''
}

function randomText(bytes: number): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(bytes)))
}
