import { fromBase64Url, toBase64Url } from '../model/base64url.ts'
import type { Keyring } from '../model/keys.ts'
import type { Snapshot } from '../model/profile.ts'
import { remember } from '../model/remember.ts'
import { NO_CAMPAIGN } from '../model/signals.ts'
import type { StickyPick } from '../model/sticky.ts'

/** What a browser carries between page views, readable by us alone. Times in epoch ms. */
export interface CookieState {
  readonly id: string
  readonly lastAt: number
  readonly visits: number
  readonly campaign: { readonly source: string; readonly medium: string; readonly name: string }
  /** Fingerprint of the signed-in subject, `''` when nobody is. */
  readonly user: string
  readonly snapshot?: Snapshot & {
    /** Which paths were read (`readsKey`); another list makes the snapshot stale. */
    readonly reads: string
  }
  /** What the visitor was shown and keeps, the newest last. */
  readonly picks?: readonly StickyPick[]
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

/** Cookies of before there were picks have none. */
type Tuple = readonly [...known: Known, picks?: string]

type Known = readonly [
  format: typeof FORMAT,
  id: string,
  lastAt: number,
  visits: number,
  campaign: readonly [string, string, string] | 0,
  user: string,
  snapshot: readonly [at: number, reads: string, values: Snapshot['values']] | 0,
]

function toTuple({ id, lastAt, visits, campaign, user, snapshot, picks }: CookieState): Tuple {
  const { source, medium, name } = campaign
  const known: Known = [
    FORMAT,
    id,
    lastAt,
    visits,
    source || medium || name ? [source, medium, name] : 0,
    user,
    snapshot ? [snapshot.at, snapshot.reads, snapshot.values] : 0,
  ]
  return picks?.length ? [...known, picks.map(toText).join(' ')] : known
}

/** Trusts the shape once the format fits: only this code can have sealed it. */
function fromTuple(tuple: Tuple): CookieState | undefined {
  const [format, id, lastAt, visits, campaign, user, snapshot, picks] = tuple
  if (format !== FORMAT) return undefined
  return {
    id,
    lastAt,
    visits,
    campaign: campaign
      ? { source: campaign[0], medium: campaign[1], name: campaign[2] }
      : NO_CAMPAIGN,
    user,
    ...(snapshot && {
      snapshot: { at: snapshot[0], reads: snapshot[1], values: snapshot[2] },
    }),
    ...(picks && { picks: picks.split(' ').map(fromText) }),
  }
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
