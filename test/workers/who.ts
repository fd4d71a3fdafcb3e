import { compile } from '../../src/admin/compile.ts'
import type { Inputs } from '../../src/decide/answers.ts'
import type { AttributeValue } from '../../src/model/attribute.ts'
import { type Bundle, openBundle } from '../../src/model/bundle.ts'
import { ConfigurationSchema } from '../../src/model/configuration.ts'
import { EMPTY_PROFILE } from '../../src/model/profile.ts'
import { NO_CAMPAIGN } from '../../src/model/signals.ts'
import type { ClaimValue, ConsentTier } from '../../src/model/visitor.ts'
import { fromCarried, toCarried } from '../../src/visitor/carried.ts'
import { toSubject } from '../../src/visitor/consent.ts'
import { fold } from '../../src/visitor/profile.ts'
import { toSnapshot } from '../../src/visitor/snapshot.ts'
import { toUncertainView, toView } from '../../src/visitor/view.ts'

/** Noon of a Thursday, and the visitor's day. */
export const NOW = Date.parse('2026-11-26T12:00:00Z')
export const TODAY = '2026-11-26'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Somebody who looks at a page, by plain facts. */
export interface Who {
  readonly tier: ConsentTier
  readonly signedIn: boolean
  readonly returning: boolean
  readonly country: string
  readonly user: Readonly<Record<string, ClaimValue>>
  /** Attribute → its value, and how many days ago that was confirmed. */
  readonly attributes: Readonly<
    Record<string, readonly [value: AttributeValue | null, days: number]>
  >
  readonly events: readonly (readonly [name: string, hoursAgo: number])[]
  /** The shard should have been asked, and did not answer. */
  readonly lost: boolean
  /** Where they are by the calendar; `TODAY` unless given. */
  readonly date?: string
}

/** Anna has signed in, allows everything, and nothing is known of her. */
export const ANNA: Who = {
  ...{ tier: 2, signedIn: true, returning: true, country: 'NO', user: {} },
  ...{ attributes: {}, events: [], lost: false },
}

export function bundleOf(configuration: unknown): Bundle {
  const platform = { isSelector: () => true, isAllowedUrl: () => true }
  const compiled = compile(ConfigurationSchema.parse(configuration), platform)
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error))
  return openBundle(compiled.value, 'hash')
}

/** What deciding is told of them, by the way that facts take: folded, cut, carried, viewed, gated. */
export function inputsOf(who: Who, bundle: Bundle, changes: Partial<Inputs> = {}): Inputs {
  const { tier, signedIn, returning, user, country, date = TODAY } = who
  const signals = {
    ...{ country, region: '', city: '', continent: 'EU', device: 'desktop' as const },
    ...{ language: 'nb', referrer: '', campaign: NO_CAMPAIGN, hour: 12, weekday: 4, date },
    ...{ path: '/', bot: false, prefetch: false },
  }
  const visitor = {
    ...{ id: 'v', tier, returning, visits: 2, campaign: NO_CAMPAIGN },
    ...{ signedIn, user: signedIn ? user : {} },
  }
  const subject = toSubject(signals, visitor, profileOf(who, bundle))
  return { subject, now: NOW, measured: tier > 0, ...changes }
}

function profileOf(who: Who, bundle: Bundle): Readonly<Record<string, unknown>> {
  const { signedIn, lost, date = TODAY } = who
  const known = { profile: eventsOf(who), attributes: attributesOf(who), shared: signedIn }
  const carried = toCarried(toSnapshot(known, bundle.reads, NOW - 1000), bundle)
  const snapshot = fromCarried(JSON.parse(JSON.stringify(carried)), bundle)
  if (!snapshot) throw new Error('What was carried is of other paths.')
  return (lost ? toUncertainView : toView)(snapshot, bundle, { now: NOW, date })
}

function eventsOf({ events }: Who) {
  return events
    .map(([name, hoursAgo], n) => ({
      ...{ messageId: `m${n}`, at: NOW - hoursAgo * HOUR_MS, kind: 'track' as const },
      ...{ name, properties: {} },
    }))
    .reduce((profile, event) => fold(profile, { event }), EMPTY_PROFILE)
}

/** The business knows its customers, not browsers. */
function attributesOf({ signedIn, attributes }: Who) {
  const facts = signedIn ? Object.entries(attributes) : []
  return Object.fromEntries(
    facts.map(([name, [value, days]]) => [name, { value, at: NOW - days * DAY_MS, source: 'crm' }]),
  )
}
