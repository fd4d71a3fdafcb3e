import type { Config } from '../config.ts'
import type { Bundle } from '../model/bundle.ts'
import type { Keys } from '../model/keys.ts'
import { err, type Result } from '../model/result.ts'
import type { Signals } from '../model/signals.ts'
import type { JwtConfig, Site } from '../model/site.ts'
import type { StickyPick } from '../model/sticky.ts'
import type { Trail } from '../model/trail.ts'
import type { ConsentTier } from '../model/visitor.ts'
import {
  consentCookieName,
  consentTier,
  stricter,
  type Withdrawal,
  withdrawalOf,
} from './consent.ts'
import { cookieName, isSecure, parseCookies, serializeCookie } from './cookies.ts'
import { markOf } from './erased.ts'
import { type Identity, identify, isWorthStoring, type SignInRefusal } from './identity.ts'
import { createJwtVerifier, type JwtVerifier, type SignedIn } from './jwt.ts'
import { personOf } from './person.ts'
import { type CookieState, open, seal } from './sealed-cookie.ts'
import { shardStub } from './shard-stub.ts'
import { withPicks } from './sticky.ts'
import { createVisitorId } from './visitor-id.ts'

/** 180 days: browsers cut longer ones at 400, and consent is to be asked again before that. */
const COOKIE_SECONDS = 180 * 86_400

/** Ms a page view waits for a sign-in to be verified. */
const SIGN_IN_DEADLINE_MS = 150

export interface Recognition extends Identity {
  /** What consent was withdrawn of since the last page view: it goes, and so does the cookie with everything. */
  readonly withdrawn: Withdrawal | undefined
  /** What staff said that the visitor allows, which the browser is to keep from now on. */
  readonly told: ConsentTier | undefined
}

interface Surroundings {
  readonly env: Env
  readonly trail: Trail
  readonly background: (work: Promise<unknown>) => void
  readonly site: Site
  readonly config: Config
  readonly now: number
  /** By the mark of a visitor: cookies that are void, or good for less than they say. */
  readonly revoked: ReadonlyMap<string, 'void' | ConsentTier>
}

/** Reads a request's evidence of who is asking: consent first, then cookie and sign-in. */
export async function recognise(
  request: Request,
  signals: Signals,
  { env, trail, background, site, config, now, revoked }: Surroundings,
): Promise<Recognition> {
  const cookies = parseCookies(request.headers.get('cookie'))
  const { state, tier, ceiling } = await readConsent(request, cookies, {
    ...{ site, config, trail, revoked },
  })
  const signIn =
    tier === 0
      ? undefined
      : await trail.time(
          'sign-in',
          verifySignIn(request.headers, cookies, { site, now, background }),
        )
  if (signIn && !signIn.ok) trail.note(`jwt_${signIn.error}`)
  const withdrawn = state && withdrawalOf(state.tier, tier)
  if (state && withdrawn) background(withdraw(env, site, state.id, withdrawn))
  const identity = identify({
    tier,
    state,
    signIn,
    user: signIn?.ok ? await personOf(site, signIn.value.subject) : '',
    campaign: signals.campaign,
    now,
    newId: () => newVisitorId(signals, config),
  })
  const isTold = ceiling === 0 || !cookies.has(consentCookieName(request))
  return { ...identity, withdrawn, told: isTold ? ceiling : undefined }
}

interface Consent {
  /** What the visitor's cookie holds, where it is not void. */
  readonly state: CookieState | undefined
  readonly tier: ConsentTier
  /** What staff said that the visitor allows at most. */
  readonly ceiling: ConsentTier | undefined
}

/** What a browser allows: its cookies and headers, and what was said of it elsewhere. */
export async function readConsent(
  request: Request,
  cookies: ReadonlyMap<string, string>,
  around: Pick<Surroundings, 'site' | 'config' | 'trail' | 'revoked'>,
): Promise<Consent> {
  const said = consentTier(around.site.consent, cookies, request)
  const state = await readVisitorCookie(request, cookies, around)
  const revocation = await revocationOf(state, around.revoked)
  if (revocation === 'void') return { state: undefined, tier: said, ceiling: undefined }
  return { state, tier: stricter(said, revocation ?? 2), ceiling: revocation }
}

async function revocationOf(
  held: CookieState | undefined,
  revoked: Surroundings['revoked'],
): Promise<'void' | ConsentTier | undefined> {
  return held && revoked.size > 0 ? revoked.get(await markOf(held.id)) : undefined
}

/** Erases what a visitor no longer allows; resolves when it is gone. */
export async function withdraw(
  env: Env,
  site: Site,
  visitor: string,
  what: Withdrawal,
): Promise<void> {
  const shard = shardStub(env, site.id, visitor)
  await (what === 'everything' ? shard?.erase(visitor) : shard?.forgetProfile(visitor))
}

/** An identifier for somebody who was never here. */
export function newVisitorId({ continent }: Signals, { visitorShards }: Config): string {
  return createVisitorId(continent, visitorShards, crypto.getRandomValues(new Uint8Array(16)))
}

/** What the visitor's own cookie holds, where it is wholly ours. */
export async function readVisitorCookie(
  request: Request,
  cookies: ReadonlyMap<string, string>,
  { site, config, trail }: Pick<Surroundings, 'site' | 'config' | 'trail'>,
): Promise<CookieState | undefined> {
  const sealed = cookies.get(cookieName('sv', isSecure(request)))
  if (sealed === undefined) return undefined
  const state = await open(sealed, site.id, config.keys.cookie)
  if (!state) trail.note('cookie_invalid')
  return state
}

/** What a page view adds to the cookie. */
interface ToRemember {
  readonly snapshot: CookieState['snapshot']
  readonly picks: readonly StickyPick[]
}

/** The cookie to set after a page view: the newest state, or its removal where consent ended. */
export async function toVisitorCookies(
  request: Request,
  { known, state, withdrawn, told }: Recognition,
  { snapshot, picks }: ToRemember,
  { site }: Pick<Bundle, 'site'>,
  keys: Keys,
): Promise<string[]> {
  const next = state && withPicks(snapshot ? { ...state, snapshot } : state, picks)
  const changed = next ? isWorthStoring(known, next) : withdrawn !== undefined
  return [
    ...(told === undefined ? [] : [toConsentCookie(request, told)]),
    ...(changed ? [await toVisitorCookie(request, next, site, keys)] : []),
  ]
}

/** The `Set-Cookie` that keeps what a visitor allows. */
export function toConsentCookie(request: Request, tier: ConsentTier): string {
  const options = { secure: isSecure(request), maxAge: COOKIE_SECONDS, sameSite: 'Lax' } as const
  return serializeCookie(consentCookieName(request), String(tier), options)
}

/** The `Set-Cookie` that keeps a visitor's state, or removes it. */
export async function toVisitorCookie(
  request: Request,
  state: CookieState | undefined,
  site: Site,
  keys: Keys,
): Promise<string> {
  const secure = isSecure(request)
  const value = state ? await seal(withPicks(state), site.id, keys.cookie) : ''
  const maxAge = state ? COOKIE_SECONDS : 0
  return serializeCookie(cookieName('sv', secure), value, { secure, maxAge, sameSite: 'Lax' })
}

async function verifySignIn(
  headers: Headers,
  cookies: ReadonlyMap<string, string>,
  { site, now, background }: Pick<Surroundings, 'site' | 'now' | 'background'>,
): Promise<Result<SignedIn, SignInRefusal> | undefined> {
  if (!site.jwt) return undefined
  const { from } = site.jwt
  const token =
    from.kind === 'cookie'
      ? cookies.get(from.name)
      : /^Bearer (.+)$/i.exec(headers.get('authorization') ?? '')?.[1]
  if (token === undefined || token === '') return undefined
  const verified = verifierOf(site.jwt).verify(token, now)
  // Waits only where the issuer's keys have to be fetched first; the next page view then has them.
  background(verified)
  return (await Promise.race([verified, scheduler.wait(SIGN_IN_DEADLINE_MS)])) ?? err('late')
}

/** A verifier holds the issuer's keys, so it outlives the bundles that configure it alike. */
const verifiersByContent = new Map<string, JwtVerifier>()
const verifiers = new WeakMap<JwtConfig, JwtVerifier>()

function verifierOf(config: JwtConfig): JwtVerifier {
  const known = verifiers.get(config)
  if (known) return known
  const content = JSON.stringify(config)
  const verifier =
    verifiersByContent.get(content) ??
    createJwtVerifier(config, { fetch: (input, init) => fetch(input, init), now: Date.now })
  verifiersByContent.set(content, verifier)
  verifiers.set(config, verifier)
  return verifier
}
