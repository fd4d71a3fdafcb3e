import { Hono } from 'hono'
import { api } from './admin/api.ts'
import { events } from './collect/routes.ts'
import { ConfigError, configOf } from './config.ts'
import { serveConsole, servePageAsset } from './console-assets.ts'
import { personalize } from './personalize.ts'
import { pick } from './preview/pick.ts'
import { preview } from './preview/preview.ts'
import { problem } from './problem.ts'
import { AGGREGATE_PATH, aggregateResponse, BEACON_PATH, beaconResponse } from './rewrite/beacon.ts'
import { asksForLink } from './staff/page-link.ts'
import { trace } from './trace.ts'

/** The doors of Selvedge under `/_sv`, which is reserved; every other request is the site's own. */
const doors = new Hono<{ Bindings: Env }>()
  .get('/_sv/health', async (c) => {
    await configOf(c.env)
    await c.env.DB.prepare('SELECT 1 FROM host LIMIT 1').first()
    return c.json({ ok: true }, 200, { 'cache-control': 'no-store' })
  })
  .get(BEACON_PATH, beaconResponse)
  .get(AGGREGATE_PATH, aggregateResponse)
  .get(
    '/_sv/:file{gallery\\.(?:css|js|svg)|banner\\.css|picker\\.js|reference\\.css}',
    servePageAsset,
  )
  .get('/_sv/trace', trace)
  .route('/_sv/v1', events)
  .get('/_sv/api/v1/', (c) => c.redirect('/_sv/api/v1'))
  .route('/_sv/api/v1', api)
  .get('/_sv/console', (c) => c.redirect('/_sv/console/'))
  .get('/_sv/console/*', serveConsole)
  .all('/_sv', (c) => problem(c, 'not_found'))
  .all('/_sv/*', (c) => problem(c, 'not_found'))
  .all('*', (c) => pageOf(c.req.raw, c.env, c.executionCtx))
  .onError((error, c) => {
    // A page never gets an error of ours: thrown on, the platform passes the request to the origin.
    if (!c.req.path.startsWith('/_sv/')) throw error
    if (error instanceof ConfigError) {
      return problem(c, 'not_configured', { detail: error.message })
    }
    console.error(JSON.stringify({ event: 'door_failed', detail: String(error) }))
    return problem(c, 'unavailable')
  })

/** A page for whoever asks, or as a link shows it to staff. */
async function pageOf(
  request: Request,
  env: Env,
  ctx: Parameters<typeof personalize>[2],
): Promise<Response> {
  const isLinked = asksForLink(request.url)
  const shown = isLinked ? ((await preview(request, env)) ?? (await pick(request, env))) : undefined
  return shown ?? personalize(request, env, ctx)
}

/** `/_sv`, or a first segment with escapes, which the router would undo (`/%5Fsv`). */
const PERHAPS_A_DOOR = /^https?:\/\/[^/]+\/(?:_sv|[^/?]*%)/

/** Nearly all requests are for pages, and those need no router. */
export const app: ExportedHandler<Env> = {
  fetch: (request, env, ctx) =>
    PERHAPS_A_DOOR.test(request.url) ? doors.fetch(request, env, ctx) : pageOf(request, env, ctx),
}
