import { ConfigError } from './config.ts'
import { createTrail, type Trail } from './model/trail.ts'
import { planPage } from './plan-page.ts'
import { outline } from './rewrite/outline.ts'
import type { Plan, Report } from './rewrite/plan.ts'
import { rewrite } from './rewrite/rewrite.ts'
import { splice } from './rewrite/splice.ts'
import type { Sent } from './site/keeper.ts'
import { fetchFromOrigin, fetchUnknownHost, timeoutOf } from './site/origin.ts'
import { openPage, type Page } from './site/page.ts'
import { watchSlots } from './site/slot-monitor.ts'
import type { Around } from './view-page.ts'

/**
 * One page view: open the page → read signals → recognise the visitor → recall their profile → decide
 * → render → rewrite. Whatever breaks on our side, the visitor gets the origin's complete page.
 */
export async function personalize(
  request: Request,
  env: Env,
  ctx: Pick<ExecutionContext, 'waitUntil' | 'passThroughOnException'>,
): Promise<Response> {
  ctx.passThroughOnException()
  const trail = createTrail(Date.now, console.warn)
  const around = { env, trail, background: (work: Promise<unknown>) => ctx.waitUntil(work) }
  const page = await openPage(request, {
    ...around,
    fetch: (toOrigin) => trail.time('origin', fetchFromOrigin(toOrigin, timeoutOf(env))),
    unknownHost: (unknown) => fetchUnknownHost(unknown, env),
    outline,
  })
  if (page.kind === 'pass') return passOn(await page.response, page.site, trail)
  try {
    const plan = await planPage(request, page, around)
    const sent = await page.sent
    return plan ? deliver(page, sent, plan, around) : original(sent)
  } catch (error) {
    trail.note(error instanceof ConfigError ? 'not_configured' : 'failed', String(error))
    return passOn(original(await page.sent), page.bundle.site.id, trail)
  }
}

/** The origin's page as it came; where that is a fall-back, headers and log say why. */
function passOn(origin: Response, site: string, trail: Trail): Response {
  trail.log(site)
  if (!trail.isDegraded()) return origin
  const response = new Response(origin.body, origin)
  response.headers.append('server-timing', trail.serverTiming('passed'))
  return response
}

/** The page for those who get no more than that. */
function original(sent: Sent): Response {
  if (sent.kind === 'streamed') return sent.response
  const { bytes, headers } = sent.skeleton
  const response = new Response(bytes, { headers })
  response.headers.set('age', String(Math.max(0, Math.floor((Date.now() - sent.at) / 1000))))
  return response
}

/** The page as the visitor gets it, and a word in the log where it is not as it should be. */
function deliver(
  { bundle }: Page,
  sent: Sent,
  plan: Omit<Plan, 'timing'>,
  { env, background, trail }: Around,
): Response {
  const { id } = bundle.site
  const timing = trail.serverTiming('personal')
  const report: Report = (sightings, stop) => {
    watchSlots(id, sightings, { env, background, now: Date.now() })
    for (const [slot, { matches }] of sightings) {
      if (matches === 0 && bundle.slotById.get(slot)?.required) trail.note('slot_missing', slot)
    }
    if (stop) trail.note('not_parsed', stop)
    trail.log(id)
  }
  const result =
    sent.kind === 'kept'
      ? splice(sent.skeleton, { ...plan, timing: `${timing}, sv-page;desc="kept"` }, report)
      : rewrite(sent.response, { ...plan, timing }, report)
  if (result.kind === 'rewritten') return result.response
  if (result.why === 'charset' || result.why === 'encoding') trail.note(`untouched_${result.why}`)
  return passOn(result.response, id, trail)
}
