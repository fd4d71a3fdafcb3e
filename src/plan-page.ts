import { type Config, configOf } from './config.ts'
import { logPage } from './db/decision-log.ts'
import type { Inputs } from './decide/answers.ts'
import { decide } from './decide/decide.ts'
import { isLogged, recordPage } from './decide/record.ts'
import { toSticky } from './decide/sticky.ts'
import { toExposures } from './events/exposures.ts'
import { signToken } from './events/token.ts'
import type { Decision } from './model/decision.ts'
import type { Fragment } from './model/fragment.ts'
import type { Suppression } from './model/policy.ts'
import type { Signals } from './model/signals.ts'
import type { Trail } from './model/trail.ts'
import { render } from './render/render.ts'
import { toBeaconTag } from './rewrite/beacon.ts'
import type { Plan } from './rewrite/plan.ts'
import { type Page, slotsAt } from './site/page.ts'
import { isSampled } from './site/slot-monitor.ts'
import { countSuppressions } from './site/suppression-log.ts'
import { toSubject } from './visitor/consent.ts'
import { sharedSeed } from './visitor/identity.ts'
import { recallProfile } from './visitor/recall.ts'
import { newVisitorId, type Recognition, recognise, toVisitorCookies } from './visitor/recognise.ts'
import { shardStub } from './visitor/shard-stub.ts'
import { geoOf, isPerson, readSignals } from './visitor/signals.ts'

export interface Around {
  readonly env: Env
  readonly trail: Trail
  /** Lets work outlive the response. */
  readonly background: (work: Promise<unknown>) => void
}

/** What is around one decided page: all of it known before the page's first byte. */
interface Viewing extends Around {
  readonly page: Page
  readonly config: Config
  readonly signals: Signals
  readonly who: Recognition
  readonly now: number
}

/** All that is decided of a page before its first byte; nothing for readers who are no persons. */
export async function planPage(
  request: Request,
  page: Page,
  around: Around,
): Promise<Omit<Plan, 'timing'> | undefined> {
  const { bundle, board, url } = page
  const now = Date.now()
  const config = await configOf(around.env)
  const signals = signalsOf(request, page, config, now)
  if (!isPerson(signals)) return undefined

  const who = await recognise(request, signals, {
    ...around,
    ...{ site: bundle.site, revoked: board.revoked, config, now },
  })
  const moment = { now, date: signals.date }
  const recalled = await recallProfile(who, { ...around, bundle, moment })
  const subject = toSubject(signals, who.visitor, recalled.profile)
  const measured = who.visitor.tier > 0
  const seed = measured ? who.visitor.id : sharedSeed(now)
  const inputs = { subject, now, measured, kept: who.known?.picks }
  const decisions = decide(inputs, bundle, board.weights, seed)
  const { fragments, faults } = render(decisions, subject, bundle)
  for (const { slot, detail } of faults) around.trail.note('render_failed', `${slot}: ${detail}`)

  const viewing = { ...around, page, config, signals, who, now }
  putOnRecord(decisions, inputs, seed, viewing)
  const remembered = { snapshot: recalled.snapshot, picks: toSticky(decisions, bundle) }
  const filled = new Set(fragments.map(({ slot }) => slot.id))
  return {
    fragments,
    watched: slotsAt(bundle, url.pathname).filter(({ id }) => !filled.has(id)),
    sampled: isSampled(bundle.site.id),
    cookies: await toVisitorCookies(request, who, remembered, bundle, config.keys),
    beacon: await beaconFor(decisions, fragments, viewing),
  }
}

function signalsOf(request: Request, { bundle, url }: Page, config: Config, now: number): Signals {
  return readSignals(request, url, {
    // A developer's machine has no place of its own: it says where it wants to be.
    geo: config.signalOverrides ? {} : geoOf(request),
    timezone: bundle.site.timezone,
    now,
    overrides: config.signalOverrides,
  })
}

/**
 * The beacon for a page: its token proves what was decided, its marks say where to look for it. Who
 * allows nothing to be stored is told of by the page alone, where the site wants that.
 */
async function beaconFor(
  decisions: readonly Decision[],
  fragments: readonly Fragment[],
  { page: { bundle }, who: { visitor }, signals, config, now }: Viewing,
): Promise<Plan['beacon']> {
  const isKnown = visitor.tier > 0
  if (!isKnown && !bundle.site.consent.aggregate) return undefined
  const id = isKnown ? visitor.id : newVisitorId(signals, config)
  const { exposures, marks } = toExposures(decisions, fragments)
  if (!isKnown && exposures.length === 0) return undefined
  const holder = `${bundle.site.id}/${id}`
  const token = await signToken({ at: now, exposures }, holder, config.keys.token)
  return (form) => toBeaconTag({ token, marks, ...(!isKnown && { page: id }) }, form)
}

/** Writes down what a page was decided from, and what was kept from it. The page waits for neither. */
function putOnRecord(
  decisions: readonly Decision[],
  inputs: Inputs,
  seed: string,
  viewing: Viewing,
): void {
  const { page, env, background } = viewing
  const { bundle, board } = page
  const { id } = bundle.site
  const suppressed = decisions.flatMap((decision) => decision.suppressed ?? [])
  if (suppressed.length > 0) background(tolerate(recordSuppressions(suppressed, viewing), id))
  if (!isLogged(bundle, inputs, seed)) return
  const log = async () => logPage(env.DB, id, recordPage(inputs, bundle, board.weights, seed))
  background(tolerate(log(), id))
}

async function tolerate(work: Promise<void>, site: string): Promise<void> {
  await work.catch((error: unknown) => {
    console.warn(JSON.stringify({ event: 'not_recorded', site, detail: String(error) }))
  })
}

/** In the site's counts and, where there is a visitor to name, with that visitor. */
async function recordSuppressions(
  suppressed: readonly Suppression[],
  { page, who: { visitor }, env, background, now }: Viewing,
): Promise<void> {
  const { site } = page.bundle
  countSuppressions(site.id, suppressed, { env, background, now })
  await shardStub(env, site.id, visitor.id)?.noteSuppressions(visitor.id, suppressed)
}
