import { fromBase64Url, toBase64Url } from '../model/base64url.ts'
import type { Keyring } from '../model/keys.ts'
import type { SnapshotValue } from '../model/profile.ts'
import { remember } from '../model/remember.ts'
import { NO_CAMPAIGN } from '../model/signals.ts'
import type { StickyPick } from '../model/sticky.ts'
import type { ConsentTier } from '../model/visitor.ts'
import type { CarriedSnapshot } from './carried.ts'

/** What a browser carries between page views, readable by us alone. Times in epoch ms. */
export interface CookieState {
  readonly id: string
  readonly lastAt: number
  readonly visits: number
  readonly campaign: { readonly source: string; readonly medium: string; readonly name: string }
  /** Fingerprint of the signed-in subject, `''` when nobody is. */
  readonly user: string
  readonly snapshot?: CarriedSnapshot
  /** What the visitor was shown and keeps, the newest last. */
  readonly picks?: readonly StickyPick[]
  /** What the visitor allowed on the last page view; nothing in cookies of before it was kept. */
  readonly tier?: ConsentTier
  /** Fingerprint of who the page said that it is, without proof. */
  readonly said?: string
  /** Short names of the quotas in which the visitor has a place, the newest last. */
  readonly grants?: readonly string[]
}

/** Longer values are never ours. */
const MAX_VALUE_LENGTH = 4096

const encoder = new TextEncoder()
const decoder = new TextDecoder()
const bytesOfSite = remember((site) => encoder.encode(site))

/** AES-GCM with the site as additional data, so that one site's cookie is nothing at another. */
export async function seal(state: CookieState, site: string, ring: Keyring): Promise<string> {
  const [current] = ring
  if (!current) throw new Error('The keyring is empty: configuration must refuse to start.')
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData: bytesOfSite(site) },
    current.key,
    encoder.encode(JSON.stringify(toTuple(state))),
  )
  const bytes = new Uint8Array(iv.length + sealed.byteLength)
  bytes.set(iv)
  bytes.set(new Uint8Array(sealed), iv.length)
  return `${current.id}.${toBase64Url(bytes)}`
}

/** The state inside a cookie value, or nothing when it is not wholly ours. */
export async function open(
  value: string,
  site: string,
  ring: Keyring,
): Promise<CookieState | undefined> {
  if (value.length > MAX_VALUE_LENGTH) return undefined
  const [id = '', text = '', ...rest] = value.split('.')
  const key = ring.find((candidate) => candidate.id === id)?.key
  if (!key || rest.length > 0) return undefined
  try {
    const bytes = fromBase64Url(text)
    const plain = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: bytes.subarray(0, 12), additionalData: bytesOfSite(site) },
      key,
      bytes.subarray(12),
    )
    return fromTuple(JSON.parse(decoder.decode(plain)))
  } catch {
    return undefined
  }
}

/** Bytes of what is sealed. */
export function sizeOf(state: CookieState): number {
  return encoder.encode(JSON.stringify(toTuple(state))).length
}

/** Grows with the tuple below, unless it only grows longer; another format reads as no cookie. */
const FORMAT = 1

/** Cookies of before there was a part have none of it, and those without it may end before it. */
type Tuple = readonly [
  format: typeof FORMAT,
  id: string,
  lastAt: number,
  visits: number,
  campaign: readonly [string, string, string] | 0,
  user: string,
  snapshot: Carried | FormerSnapshot | 0,
  picks?: string,
  tier?: ConsentTier | '',
  said?: string,
  grants?: string,
]

type Carried = readonly [
  at: number,
  /** Ms from then. */
  good: number,
  shared: 0 | 1,
  reads: string,
  places: readonly (SnapshotValue | null)[],
]

/** Of before values went by their place: nobody knows how long it was good for, so it is not read. */
type FormerSnapshot = readonly [at: number, reads: string, values: object]

function toTuple(state: CookieState): readonly Tuple[number][] {
  const { id, lastAt, visits, campaign, user, snapshot, picks = [] } = state
  const { tier = '', said = '', grants = [] } = state
  const { source, medium, name } = campaign
  const known = [
    ...[FORMAT, id, lastAt, visits],
    source || medium || name ? ([source, medium, name] as const) : 0,
    user,
    snapshot ? toCarriedTuple(snapshot) : 0,
  ] as const
  const later = [picks.map(toText).join(' '), tier, said, grants.join(' ')]
  return [...known, ...later.slice(0, later.findLastIndex((part) => part !== '') + 1)]
}

function toCarriedTuple({ at, until, shared, reads, places }: CarriedSnapshot): Carried {
  return [at, until - at, shared ? 1 : 0, reads, places]
}

/** Trusts the shape once the format fits: only this code can have sealed it. */
function fromTuple(tuple: Tuple): CookieState | undefined {
  const [format, id, lastAt, visits, campaign, user, snapshot, picks, tier, said, grants] = tuple
  if (format !== FORMAT) return undefined
  return {
    id,
    lastAt,
    visits,
    campaign: campaign
      ? { source: campaign[0], medium: campaign[1], name: campaign[2] }
      : NO_CAMPAIGN,
    user,
    ...(snapshot && snapshot.length === 5 && { snapshot: fromCarriedTuple(snapshot) }),
    ...(picks && { picks: picks.split(' ').map(fromText) }),
    ...(tier !== undefined && tier !== '' && { tier }),
    ...(said && { said }),
    ...(grants && { grants: grants.split(' ') }),
  }
}

function fromCarriedTuple([at, good, shared, reads, places]: Carried): CarriedSnapshot {
  return { at, until: at + good, shared: shared === 1, reads, places }
}

function toText({ experience, variant, version, share, segment }: StickyPick): string {
  const numbers = [version, share].map((number) => number.toString(36))
  return [experience, variant, ...numbers, ...(segment ? [segment] : [])].join('.')
}

function fromText(text: string): StickyPick {
  const [experience = '', variant = '', version = '', share = '', segment = ''] = text.split('.')
  const numbers = { version: Number.parseInt(version, 36), share: Number.parseInt(share, 36) }
  return { experience, variant, ...numbers, segment }
}
