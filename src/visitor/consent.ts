import { NO_CAMPAIGN, type Signals } from '../model/signals.ts'
import type { ConsentConfig } from '../model/site.ts'
import type { Subject } from '../model/subject.ts'
import type { ConsentTier, Visitor } from '../model/visitor.ts'

/**
 * What a visitor allows. Global Privacy Control (`Sec-GPC: 1`, W3C) outranks everything that was
 * said elsewhere; a cookie value the site does not list counts as nothing said.
 */
export function consentTier(
  config: ConsentConfig,
  cookies: ReadonlyMap<string, string>,
  headers: Headers,
): ConsentTier {
  if (headers.get('sec-gpc') === '1') return 0
  const said = config.cookie && cookies.get(config.cookie.name)
  if (said === undefined || !config.cookie) return config.default
  return Object.hasOwn(config.cookie.tiers, said)
    ? (config.cookie.tiers[said] ?? config.default)
    : config.default
}

/**
 * The one gate: what rules and templates may read at each tier. Tier 0 reads the request alone,
 * tier 1 adds what the identifier tells (returning, visits, campaign), tier 2 the person.
 */
export function toSubject(
  signals: Signals,
  visitor: Visitor,
  profile: Readonly<Record<string, unknown>>,
): Subject {
  const { tier, returning, visits, campaign, signedIn, user } = visitor
  const nobody = {
    tier,
    returning: false,
    visits: 1,
    campaign: signals.campaign ?? NO_CAMPAIGN,
    signedIn: false,
    user: {},
  }
  if (tier === 0) return { signals, visitor: nobody, profile: {} }
  const known = { ...nobody, returning, visits, campaign }
  if (tier === 1) return { signals, visitor: known, profile: {} }
  return { signals, visitor: { ...known, signedIn, user }, profile }
}
