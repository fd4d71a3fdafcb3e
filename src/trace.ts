import type { Context } from 'hono'
import * as z from 'zod'
import { configOf } from './config.ts'
import { recordPage } from './decide/record.ts'
import { createTrail } from './model/trail.ts'
import { problem } from './problem.ts'
import { currentSite, findHomeOf } from './site/current.ts'
import { openLink } from './staff/link.ts'
import { viewPage } from './view-page.ts'
import { mayRead } from './visitor/consent.ts'

const Query = z.object({ token: z.string().max(4096), path: z.string().startsWith('/').max(2048) })

/**
 * `GET /_sv/trace?token=…&path=/`: how a page would be decided for the browser that asks, and from what.
 * Whoever has the signed link may look, at what is known of themselves; nothing is claimed, counted
 * or set. The record in it can be replayed.
 */
export async function trace(c: Context<{ Bindings: Env }>): Promise<Response> {
  const query = Query.safeParse({ path: '/', ...c.req.query() })
  if (!query.success) return problem(c, 'unauthenticated', { detail: 'Open a link made for this.' })
  const background = (work: Promise<unknown>) => c.executionCtx.waitUntil(work)
  const home = await findHomeOf(new URL(c.req.url), c.env, background)
  if (!home) return problem(c, 'not_found')
  const { keys } = await configOf(c.env)
  const { token, path } = query.data
  const asked = { purpose: 'trace', site: home.site } as const
  const link = await openLink(token, asked, keys.link, Date.now())
  if (!link.ok) return problem(c, 'unauthenticated', { detail: `The link is ${link.error}.` })
  const found = await currentSite(home.site, c.env, background)
  if (!found.ok) return problem(c, 'unavailable', { detail: found.error })

  const url = new URL(path, c.req.url)
  if (url.origin !== new URL(c.req.url).origin) return problem(c, 'not_found')
  const { bundle, board } = found.value
  const trail = createTrail(Date.now, console.warn)
  const around = { env: c.env, trail, background }
  const page = { bundle, board, url }
  const view = await viewPage(new Request(url, c.req.raw), page, around, { dry: true })
  const site = { site: home.site, bundle: bundle.hash, off: board.off, path: url.pathname }
  const told = view ? toTrace(view, page) : { reader: 'no person' }
  return c.json({ ...site, ...told, timing: trail.serverTiming('trace') }, 200, {
    ...{ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' },
  })
}

type View = NonNullable<Awaited<ReturnType<typeof viewPage>>>
type Seen = Parameters<typeof viewPage>[1]

function toTrace(
  { now, who, signals, subject, inputs, seed, decisions, grants }: View,
  { bundle, board }: Seen,
) {
  const { visitor } = who
  return {
    ...{ at: now, reader: 'person', visitor: visitor.id, tier: visitor.tier },
    mayRead: ['signals', ...mayRead(visitor.tier)],
    ...{ signals, known: subject.visitor, profile: subject.profile, grants, decisions },
    record: recordPage(inputs, bundle, board.weights, seed),
  }
}
