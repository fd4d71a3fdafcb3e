import { ConfigError, configOf } from './config.ts'
import { logPage } from './db/decision-log.ts'
import type { Inputs } from './decide/answers.ts'
import { decide } from './decide/decide.ts'
import { isLogged, recordPage } from './decide/record.ts'
import { toSticky } from './decide/sticky.ts'
import { toExposures } from './events/exposures.ts'
import { signToken } from './events/token.ts'
import type { Decision } from './model/decision.ts'
import type { Fragment } from './model/fragment.ts'
import type { Keys } from './model/keys.ts'
import { createTrail, type Trail } from './model/trail.ts'
import { render } from './render/render.ts'
import { toBeaconTag } from './rewrite/beacon.ts'
import { outline } from './rewrite/outline.ts'
import type { Plan, Report } from './rewrite/plan.ts'
import { rewrite } from './rewrite/rewrite.ts'
import { splice } from './rewrite/splice.ts'
import type { Sent } from './site/keeper.ts'
import { fetchFromOrigin, fetchUnknownHost, timeoutOf } from './site/origin.ts'
import { openPage, type Page, slotsAt } from './site/page.ts'
import { isSampled, watchSlots } from './site/slot-monitor.ts'
import { toSubject } from './visitor/consent.ts'
import { sharedSeed } from './visitor/identity.ts'
import { recallProfile } from './visitor/recall.ts'
import { recognise, toVisitorCookies } from './visitor/recognise.ts'
import { geoOf, isPerson, readSignals } from './visitor/signals.ts'

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

interface Around {
  readonly env: Env
  readonly trail: Trail
  /** Lets work outlive the response. */
  readonly background: (work: Promise<unknown>) => void
}

/** All that is decided of a page before its first byte; nothing for readers who are no persons. */
async function planPage(
  request: Request,
  page: Page,
  around: Around,
): Promise<Omit<Plan, 'timing'> | undefined> {
  const { bundle, board, url } = page
  const { env, trail, background } = around
  const now = Date.now()
  const config = await configOf(env)
  const signals = readSignals(request, url, {
    // A developer's machine has no place of its own: it says where it wants to be.
    geo: config.signalOverrides ? {} : geoOf(request),
    timezone: bundle.site.timezone,
    now,
    overrides: config.signalOverrides,
  })
  if (!isPerson(signals)) return undefined

  const who = await recognise(request, signals, { ...around, site: bundle.site, config, now })
  const recalled = await recallProfile(who, {
    ...around,
    bundle,
    moment: { now, date: signals.date },
  })
  const subject = toSubject(signals, who.visitor, recalled.profile)
  const measured = who.visitor.tier > 0
  const seed = measured ? who.visitor.id : sharedSeed(now)
  const inputs = { subject, now, measured, kept: who.known?.picks }
  const decisions = decide(inputs, bundle, board.weights, seed)
  if (isLogged(bundle, inputs, seed)) background(logDecisions(inputs, page, seed, env))
  const { fragments, faults } = render(decisions, subject, bundle)
  for (const { slot, detail } of faults) trail.note('render_failed', `${slot}: ${detail}`)
  const remembered = { snapshot: recalled.snapshot, picks: toSticky(decisions, bundle) }
  const holder = `${bundle.site.id}/${who.visitor.id}`
  const filled = new Set(fragments.map(({ slot }) => slot.id))
  return {
    fragments,
    watched: slotsAt(bundle, url.pathname).filter(({ id }) => !filled.has(id)),
    sampled: isSampled(bundle.site.id),
    cookies: await toVisitorCookies(request, who, remembered, bundle, config.keys),
    ...(measured && { beacon: await beaconFor(decisions, fragments, { holder, now, ...config }) }),
  }
}

/** Writes down what a page was decided from. The page neither waits for that nor fails with it. */
async function logDecisions(
  inputs: Inputs,
  { bundle, board }: Page,
  seed: string,
  { DB }: Env,
): Promise<void> {
  const site = bundle.site.id
  try {
    await logPage(DB, site, recordPage(inputs, bundle, board.weights, seed))
  } catch (error) {
    console.warn(JSON.stringify({ event: 'not_logged', site, detail: String(error) }))
  }
}

interface Signing {
  /** `<site>/<visitor>`: who alone may use the token. */
  readonly holder: string
  readonly now: number
  readonly keys: Keys
}

/** The beacon for a page: its token proves what was decided, its marks say where to look for it. */
async function beaconFor(
  decisions: readonly Decision[],
  fragments: readonly Fragment[],
  { holder, now, keys }: Signing,
): Promise<NonNullable<Plan['beacon']>> {
  const { exposures, marks } = toExposures(decisions, fragments)
  const token = await signToken({ at: now, exposures }, holder, keys.token)
  return (form) => toBeaconTag({ token, marks }, form)
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
