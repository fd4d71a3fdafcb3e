import type { Config } from '../config.ts'
import type { Bundle } from '../model/bundle.ts'
import type { Keys } from '../model/keys.ts'
import { err, type Result } from '../model/result.ts'
import type { Signals } from '../model/signals.ts'
import type { JwtConfig, Site } from '../model/site.ts'
import type { StickyPick } from '../model/sticky.ts'
import type { Trail } from '../model/trail.ts'
import { consentTier } from './consent.ts'
import { cookieName, isSecure, parseCookies, serializeCookie } from './cookies.ts'
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
  /** The visitor we knew before consent was withdrawn: their cookie goes, and what we hold. */
  readonly withdrawn: string | undefined
}

interface Surroundings {
  readonly env: Env
  readonly trail: Trail
  readonly background: (work: Promise<unknown>) => void
  readonly site: Site
  readonly config: Config
  readonly now: number
}

/** Reads a request's evidence of who is asking: consent first, then cookie and sign-in. */
export async function recognise(
  request: Request,
  signals: Signals,
  { env, trail, background, site, config, now }: Surroundings,
): Promise<Recognition> {
  const cookies = parseCookies(request.headers.get('cookie'))
  const tier = consentTier(site.consent, cookies, request)
  const state = await readVisitorCookie(request, cookies, { site, config, trail })
  const signIn =
    tier === 0
      ? undefined
      : await trail.time(
          'sign-in',
          verifySignIn(request.headers, cookies, { site, now, background }),
        )
  if (signIn && !signIn.ok) trail.note(`jwt_${signIn.error}`)
  const withdrawn = tier === 0 ? state?.id : undefined
  if (withdrawn) background(shardStub(env, site.id, withdrawn)?.erase(withdrawn) ?? NOTHING)
  const identity = identify({
    tier,
    state,
    signIn,
    user: signIn?.ok ? await personOf(site, signIn.value.subject) : '',
    campaign: signals.campaign,
    now,
    newId: () => newVisitorId(signals, config),
  })
  return { ...identity, withdrawn }
}

const NOTHING = Promise.resolve()

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
  { known, state, withdrawn }: Recognition,
  { snapshot, picks }: ToRemember,
  { site }: Pick<Bundle, 'site'>,
  keys: Keys,
): Promise<string[]> {
  const next = state && withPicks(snapshot ? { ...state, snapshot } : state, picks)
  if (!next) return withdrawn ? [await toVisitorCookie(request, undefined, site, keys)] : []
  return isWorthStoring(known, next) ? [await toVisitorCookie(request, next, site, keys)] : []
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
