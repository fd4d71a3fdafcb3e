import { logPage } from './db/decision-log.ts'
import { isLogged, recordPage } from './decide/record.ts'
import { toSticky } from './decide/sticky.ts'
import { toExposures } from './events/exposures.ts'
import { signToken } from './events/token.ts'
import type { Fragment } from './model/fragment.ts'
import type { Suppression } from './model/policy.ts'
import { render } from './render/render.ts'
import { toBeaconTag } from './rewrite/beacon.ts'
import type { Plan } from './rewrite/plan.ts'
import { type Page, slotsAt } from './site/page.ts'
import { isSampled } from './site/slot-monitor.ts'
import { countSuppressions } from './site/suppression-log.ts'
import { type Around, type View, viewPage } from './view-page.ts'
import { newVisitorId, toVisitorCookies } from './visitor/recognise.ts'
import { shardStub } from './visitor/shard-stub.ts'

/** A page as it is seen, with what is around it: all of it known before its first byte. */
interface Viewing extends Around, View {
  readonly page: Page
}

/** All that a page is made of before its first byte; nothing for readers who are no persons. */
export async function planPage(
  request: Request,
  page: Page,
  around: Around,
): Promise<Omit<Plan, 'timing'> | undefined> {
  const { bundle, url } = page
  const view = await viewPage(request, page, around)
  if (!view) return undefined

  const { subject, decisions, who, snapshot, grants, config } = view
  const { fragments, faults } = render(decisions, subject, bundle)
  for (const { slot, detail } of faults) around.trail.note('render_failed', `${slot}: ${detail}`)

  const viewing = { ...around, ...view, page }
  putOnRecord(viewing)
  const remembered = { snapshot, grants, picks: toSticky(decisions, bundle) }
  const filled = new Set(fragments.map(({ slot }) => slot.id))
  return {
    fragments,
    watched: slotsAt(bundle, url.pathname).filter(({ id }) => !filled.has(id)),
    sampled: isSampled(bundle.site.id),
    cookies: await toVisitorCookies(request, who, remembered, bundle, config.keys),
    atEnd: await beaconFor(fragments, viewing),
  }
}

/**
 * The beacon for a page: its token proves what was decided, its marks say where to look for it. Who
 * allows nothing to be stored is told of by the page alone, where the site wants that.
 */
async function beaconFor(
  fragments: readonly Fragment[],
  { page: { bundle }, who: { visitor }, decisions, signals, config, now }: Viewing,
): Promise<Plan['atEnd']> {
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
function putOnRecord(viewing: Viewing): void {
  const { page, env, background, decisions, inputs, seed } = viewing
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
