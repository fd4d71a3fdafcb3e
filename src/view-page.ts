import { type Config, configOf } from './config.ts'
import type { Inputs } from './decide/answers.ts'
import { decide } from './decide/decide.ts'
import type { Decision } from './model/decision.ts'
import type { Signals } from './model/signals.ts'
import type { Subject } from './model/subject.ts'
import type { Trail } from './model/trail.ts'
import type { CurrentSite } from './site/current.ts'
import type { CarriedSnapshot } from './visitor/carried.ts'
import { toSubject } from './visitor/consent.ts'
import { sharedSeed } from './visitor/identity.ts'
import { recallProfile } from './visitor/recall.ts'
import { type Recognition, recognise } from './visitor/recognise.ts'
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
  readonly inputs: Inputs
  readonly seed: string
  readonly decisions: readonly Decision[]
}

/**
 * Read signals → recognise the visitor → recall their profile → decide. Nothing for readers who are no
 * persons: what is decided for them would be counted nowhere.
 */
export async function viewPage(
  request: Request,
  { bundle, board, url }: Asked,
  around: Around,
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
  const inputs = { subject, now, measured, kept: who.known?.picks }
  const decisions = decide(inputs, bundle, board.weights, seed)
  return { now, config, signals, who, subject, snapshot, inputs, seed, decisions }
}
