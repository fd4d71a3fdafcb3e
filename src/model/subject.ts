import { basesOf } from './profile-path.ts'
import type { Campaign, Signals } from './signals.ts'
import type { ClaimValue, ConsentTier } from './visitor.ts'

/** What there is to read of one request, its visitor and their profile. */
export interface Readable {
  readonly signals: Signals
  readonly visitor: {
    readonly tier: ConsentTier
    readonly returning: boolean
    readonly visits: number
    readonly campaign: Campaign
    readonly signedIn: boolean
    readonly user: Readonly<Record<string, ClaimValue>>
  }
  /** Nested by the dots of its paths: `profile.events.purchase.count`. */
  readonly profile: Readonly<Record<string, unknown>>
}

declare const gated: unique symbol

/**
 * All that rules and templates may read of one request, already cut down to what the visitor's
 * consent allows. The mark is of types alone: only `visitor/consent.ts` puts it on.
 */
export type Subject = Readable & { readonly [gated]: true }

/** Paths of a subject with a fixed name; claims and the profile's paths have open ones. */
export const SUBJECT_PATHS: ReadonlySet<string> = new Set([
  'signals.country',
  'signals.region',
  'signals.city',
  'signals.continent',
  'signals.device',
  'signals.language',
  'signals.referrer',
  'signals.campaign.source',
  'signals.campaign.medium',
  'signals.campaign.name',
  'signals.hour',
  'signals.weekday',
  'signals.date',
  'signals.path',
  'visitor.tier',
  'visitor.returning',
  'visitor.visits',
  'visitor.campaign.source',
  'visitor.campaign.medium',
  'visitor.campaign.name',
  'visitor.signedIn',
])

const CLAIM_PATH = /^visitor\.user\.[A-Za-z][A-Za-z0-9_]{0,63}$/

/** Whether rules and templates may name this path of a subject. */
export function isSubjectPath(path: string): boolean {
  return (
    !/\.(__proto__|constructor|prototype)(\.|$)/.test(path) &&
    (SUBJECT_PATHS.has(path) || CLAIM_PATH.test(path) || basesOf(path) !== undefined)
  )
}

/** What stands at a path of a subject; nothing where that leads to nothing of its own. */
export function valueAt(subject: Readable, path: string): unknown {
  let value: unknown = subject
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = Reflect.get(value, name)
  }
  return value
}

/** Event and category names as paths and profile keys write them: `Product Viewed` → `product_viewed`. */
export function toKey(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 64)
}
