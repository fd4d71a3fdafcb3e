import type { Result } from '../model/result.ts'
import type { Campaign } from '../model/signals.ts'
import type { ConsentTier, Visitor } from '../model/visitor.ts'
import type { JwtRefusal, SignedIn } from './jwt.ts'
import type { CookieState } from './sealed-cookie.ts'

/** A visit ends after half an hour without a page view, as web analytics commonly counts. */
const VISIT_GAP_MS = 30 * 60_000

/** `late`: the issuer's keys did not come in time for this page. */
export type SignInRefusal = JwtRefusal | 'late'

export interface Evidence {
  readonly tier: ConsentTier
  /** What the visitor's own sealed cookie held. */
  readonly state: CookieState | undefined
  /** The verified sign-in, its refusal, or nothing where no token came. */
  readonly signIn: Result<SignedIn, SignInRefusal> | undefined
  /** Fingerprint of the signed-in subject. */
  readonly user: string
  readonly campaign: Campaign
  readonly now: number
  /** Makes an identifier; called for newcomers only. */
  readonly newId: () => string
}

export interface Identity {
  readonly visitor: Visitor
  /** What the cookie held, where it is this person's. */
  readonly known: CookieState | undefined
  /** What the visitor's cookie should hold from now on; nothing below tier 1. */
  readonly state: CookieState | undefined
}

/**
 * Who is asking. The id goes on through a sign-in, and is replaced when a signed-in person leaves or
 * another one comes, so that people who share a browser share nothing else.
 */
export function identify(evidence: Evidence): Identity {
  const { tier, signIn, campaign } = evidence
  if (tier === 0) return { visitor: nobody(campaign), known: undefined, state: undefined }
  const known = samePerson(evidence) ? evidence.state : undefined
  const state = known ? goOn(known, evidence) : begin(evidence)
  const claims = signIn?.ok ? signIn.value.claims : {}
  return {
    known,
    state,
    visitor: {
      id: state.id,
      tier,
      returning: known !== undefined,
      visits: state.visits,
      campaign: state.campaign,
      signedIn: signIn?.ok === true,
      user: claims,
    },
  }
}

function nobody(campaign: Campaign): Visitor {
  return { id: '', tier: 0, returning: false, visits: 1, campaign, signedIn: false, user: {} }
}

/**
 * A token that is there but not believed (expired, or its issuer is down) ends the sign-in, not the
 * acquaintance; a missing one means that somebody signed out.
 */
function samePerson({ state, signIn, user }: Evidence): boolean {
  if (!state) return true
  if (state.user === '') return !state.said || !signIn?.ok || state.said === user
  return signIn?.ok ? state.user === user : signIn !== undefined
}

function goOn(state: CookieState, { tier, user, campaign, now }: Evidence): CookieState {
  const newVisit = now - state.lastAt > VISIT_GAP_MS
  const arrived = campaign.source || campaign.name
  return {
    ...state,
    lastAt: Math.max(now, state.lastAt),
    visits: state.visits + (newVisit ? 1 : 0),
    campaign: arrived || newVisit ? campaign : state.campaign,
    user: user || state.user,
    tier,
    // Who took consent to a profile back does not carry one on.
    snapshot: tier === 2 ? state.snapshot : undefined,
  }
}

function begin({ tier, user, campaign, now, newId }: Evidence): CookieState {
  return { id: newId(), lastAt: now, visits: 1, campaign, user, tier }
}

/** The last view's time is only kept to the minute, so that most page views set no cookie. */
const STORE_EVERY_MS = 60_000

/** Whether the cookie has to be set anew. */
export function isWorthStoring(known: CookieState | undefined, state: CookieState): boolean {
  return (
    !known ||
    state.lastAt - known.lastAt > STORE_EVERY_MS ||
    state.visits !== known.visits ||
    state.user !== known.user ||
    state.campaign !== known.campaign ||
    state.snapshot !== known.snapshot ||
    state.picks !== known.picks ||
    state.tier !== known.tier ||
    state.said !== known.said ||
    state.grants !== known.grants
  )
}

/** Who allows no identifier shares one pick a day with everybody else who does not. */
export function sharedSeed(now: number): string {
  return `day-${Math.floor(now / 86_400_000)}`
}
