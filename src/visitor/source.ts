import type { Snapshot } from '../model/profile.ts'
import type { Visitor } from '../model/visitor.ts'
import { LONGEST_MS } from './snapshot.ts'

/**
 * Ms for which a snapshot is good at most. A visitor's own events refresh it at once; only news from a
 * person's other devices and from the business's systems wait.
 */
const FRESH_MS = { shared: 15 * 60_000, own: LONGEST_MS }

/** What is at hand of who asks, before anything is read. */
export interface Remembered {
  readonly visitor: Visitor
  /** Who the visitor has proven to be; `''` for nobody. */
  readonly person: string
  /** What the cookie remembers, of the paths that the site reads. */
  readonly kept: Snapshot | undefined
  /** Profile paths that the site reads. */
  readonly reads: readonly string[]
  readonly now: number
}

/** Where what is known of a visitor is to be had; a shard is the only one of these to wait for. */
export type Source = 'nowhere' | 'cookie' | 'newcomer' | 'shard'

export function sourceOf({ visitor, person, kept, reads, now }: Remembered): Source {
  if (visitor.tier < 2 || reads.length === 0) return 'nowhere'
  if (kept && isUsable(kept, person !== '', now)) return 'cookie'
  return visitor.returning || person !== '' ? 'shard' : 'newcomer'
}

/** Who signs in is not told of by what their browser did until then. */
function isUsable({ at, until, shared }: Snapshot, signedIn: boolean, now: number): boolean {
  return (
    now < until && now - at < (shared ? FRESH_MS.shared : FRESH_MS.own) && (shared || !signedIn)
  )
}
