import { type Claiming, claimFor } from './caps/claim.ts'
import { type Refusals, settleClaims } from './caps/settle.ts'
import type { Counted } from './caps/shows.ts'
import { type Config, configOf } from './config.ts'
import type { Inputs } from './decide/answers.ts'
import { decide } from './decide/decide.ts'
import { peopleShard } from './events/people.ts'
import { nameOfClaim } from './model/cap.ts'
import type { Decision } from './model/decision.ts'
import type { Signals } from './model/signals.ts'
import type { Site } from './model/site.ts'
import type { Subject } from './model/subject.ts'
import type { Trail } from './model/trail.ts'
import type { CurrentSite } from './site/current.ts'
import type { CarriedSnapshot } from './visitor/carried.ts'
import { toSubject } from './visitor/consent.ts'
import { sharedSeed } from './visitor/identity.ts'
import { recallProfile } from './visitor/recall.ts'
import { type Recognition, recognise } from './visitor/recognise.ts'
import { shardStub } from './visitor/shard-stub.ts'
import { geoOf, isPerson, readSignals } from './visitor/signals.ts'

export interface Around {
  readonly env: Env
  readonly trail: Trail
  /** Lets work outlive the response. */
  readonly background: (work: Promise<unknown>) => void
}

/** A page that somebody asks for, and what is current of its site. */
export interface Asked extends CurrentSite {
  readonly url: URL
}

/** Who looks at a page, what is known of them, and what was decided of it. */
export interface View {
  /** Epoch ms. */
  readonly now: number
  readonly config: Config
  readonly signals: Signals
  readonly who: Recognition
  readonly subject: Subject
  /** What the visitor's cookie should carry of their profile from now on. */
  readonly snapshot: CarriedSnapshot | undefined
  /** Short names of the quotas in which the visitor has a place. */
  readonly grants: readonly string[]
  readonly inputs: Inputs
  readonly seed: string
  readonly decisions: readonly Decision[]
}

/**
 * Read signals → recognise the visitor → recall their profile → decide, and claim what that needs, unless
 * the page is only looked into (`dry`). Nothing for readers who are no persons: what is decided for them
 * would be counted nowhere.
 */
export async function viewPage(
  request: Request,
  { bundle, board, url }: Asked,
  around: Around,
  { dry = false } = {},
): Promise<View | undefined> {
  const now = Date.now()
  const config = await configOf(around.env)
  const signals = readSignals(request, url, {
    // A developer's machine has no place of its own: it says where it wants to be.
    geo: config.signalOverrides ? {} : geoOf(request),
    ...{ timezone: bundle.site.timezone, now, overrides: config.signalOverrides },
  })
  if (!isPerson(signals)) return undefined

  const { site } = bundle
  const recognition = { ...around, site, revoked: board.revoked, config, now }
  const who = await recognise(request, signals, recognition)
  const moment = { now, date: signals.date }
  const { profile, snapshot } = await recallProfile(who, { ...around, bundle, moment })
  const subject = toSubject(signals, who.visitor, profile)
  const measured = who.visitor.tier > 0
  const seed = measured ? who.visitor.id : sharedSeed(now)
  const given = { subject, now, measured, kept: who.known?.picks }
  const decideWith = (closed: Refusals) => decide({ ...given, closed }, bundle, board.weights, seed)
  const claiming = claimingFor(who, site, now, around)
  const settled = dry
    ? { decisions: decideWith(NOTHING), closed: NOTHING }
    : await settleClaims(decideWith, claiming)
  const fault = claiming.fault()
  if (fault) around.trail.note(fault)
  return {
    ...{ now, config, signals, who, subject, snapshot, seed, decisions: settled.decisions },
    ...{ inputs: { ...given, closed: settled.closed }, grants: claiming.grants() },
  }
}

const NOTHING: Refusals = new Set()

/** Claims of the person, where somebody proves to be one, so that they hold on all devices; else of the browser. */
function claimingFor(
  { visitor, state }: Recognition,
  { id: site }: Site,
  now: number,
  { env, trail, background }: Around,
): Claiming {
  const person = visitor.signedIn ? (state?.user ?? '') : ''
  const isNew = !visitor.returning && person === ''
  const holder = person || visitor.id
  const claimant = { site, holder, isNew, grants: state?.grants ?? [], now }
  return claimFor(claimant, {
    background,
    take: (quota, ask) => trail.time('caps', env.QUOTAS.getByName(quota).take(ask)),
    spend: (claims) =>
      trail.time(
        'caps',
        person === ''
          ? spendAsVisitor(env, site, visitor.id, claims)
          : env.PEOPLE.getByName(peopleShard(site, person)).spend(person, claims),
      ),
  })
}

async function spendAsVisitor(
  env: Env,
  site: string,
  visitor: string,
  claims: readonly Counted[],
): Promise<readonly string[]> {
  const refused = await shardStub(env, site, visitor)?.spend(visitor, claims)
  return refused ?? claims.map(nameOfClaim)
}
