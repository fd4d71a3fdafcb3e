import { NO_CAMPAIGN, type Signals } from '../model/signals.ts'
import type { ConsentConfig } from '../model/site.ts'
import type { Readable, Subject } from '../model/subject.ts'
import type { ConsentTier, Visitor } from '../model/visitor.ts'
import { cookieName, isSecure } from './cookies.ts'

/** The cookie in which a browser keeps what was said by `POST /_sv/v1/consent`: a tier, nothing else. */
export function consentCookieName(request: Pick<Request, 'url'>): string {
  return cookieName('sv-consent', isSecure(request))
}

/**
 * What a visitor allows. Global Privacy Control (`Sec-GPC: 1`, W3C) outranks everything that was
 * said elsewhere; of the site's own cookie and ours the stricter counts, and where neither says
 * anything, the site's default. A value that is not listed counts as nothing said.
 */
export function consentTier(
  config: ConsentConfig,
  cookies: ReadonlyMap<string, string>,
  request: Pick<Request, 'headers' | 'url'>,
): ConsentTier {
  if (request.headers.get('sec-gpc') === '1') return 0
  const said = [
    tierOf(config.cookie?.tiers, config.cookie && cookies.get(config.cookie.name)),
    tierOf(OWN_TIERS, cookies.get(consentCookieName(request))),
  ].filter((tier) => tier !== undefined)
  return said.length > 0 ? stricter(...said) : config.default
}

const OWN_TIERS: Readonly<Record<string, ConsentTier>> = { 0: 0, 1: 1, 2: 2 }

function tierOf(
  tiers: Readonly<Record<string, ConsentTier>> | undefined,
  said: string | undefined,
): ConsentTier | undefined {
  return tiers && said !== undefined && Object.hasOwn(tiers, said) ? tiers[said] : undefined
}

/** The least that is allowed. */
export function stricter(...tiers: readonly ConsentTier[]): ConsentTier {
  return tiers.toSorted()[0] ?? 2
}

/** What has to be erased of a visitor who allows less than before: their profile, or all of it. */
export type Withdrawal = 'profile' | 'everything'

/** Nothing where no less is allowed. Cookies of before the tier was kept may be of tier 2. */
export function withdrawalOf(before: ConsentTier = 2, now: ConsentTier): Withdrawal | undefined {
  if (now === 0) return before > 0 ? 'everything' : undefined
  return now < before ? 'profile' : undefined
}

/** What is not of the request itself, but known of whoever asks. */
type Facts = Omit<Readable['visitor'], 'tier'> & Pick<Readable, 'profile'>

/**
 * The least tier at which rules and templates may read each fact: tier 0 reads the request alone,
 * tier 1 adds what the identifier tells, tier 2 the person. A fact without its tier does not compile.
 */
const TIER_OF = {
  returning: 1,
  visits: 1,
  campaign: 1,
  signedIn: 2,
  user: 2,
  profile: 2,
} as const satisfies Record<keyof Facts, ConsentTier>

const PATHS = {
  returning: 'visitor.returning',
  visits: 'visitor.visits',
  campaign: 'visitor.campaign',
  signedIn: 'visitor.signedIn',
  user: 'visitor.user',
  profile: 'profile',
} as const satisfies Record<keyof Facts, string>

const FACTS = Object.keys(TIER_OF).filter(isFact)

/** The paths whose facts may be read at a tier, beside those of the request itself. */
export function mayRead(tier: ConsentTier): string[] {
  return FACTS.filter((fact) => TIER_OF[fact] <= tier).map((fact) => PATHS[fact])
}

/** The one gate: the facts that a tier may read, and of the others what is said of a stranger. */
export function toSubject(
  signals: Signals,
  visitor: Visitor,
  profile: Readable['profile'],
): Subject {
  const { tier } = visitor
  const known: Facts = { ...visitor, profile }
  const stranger: Facts = { ...STRANGER, campaign: signals.campaign ?? NO_CAMPAIGN }
  const pick = <F extends keyof Facts>(fact: F): Facts[F] =>
    (TIER_OF[fact] <= tier ? known : stranger)[fact]
  const read: Readable = {
    signals,
    visitor: {
      tier,
      returning: pick('returning'),
      visits: pick('visits'),
      campaign: pick('campaign'),
      signedIn: pick('signedIn'),
      user: pick('user'),
    },
    profile: pick('profile'),
  }
  // The one place that marks a subject as cut down.
  return read as Subject
}

const STRANGER: Omit<Facts, 'campaign'> = {
  ...{ returning: false, visits: 1, signedIn: false, user: {}, profile: {} },
}

function isFact(name: string): name is keyof Facts {
  return name in TIER_OF
}
