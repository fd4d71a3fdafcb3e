import { createBreaker } from '../model/breaker.ts'
import type { Bundle } from '../model/bundle.ts'
import { EMPTY_PROFILE, type Snapshot } from '../model/profile.ts'
import type { Trail } from '../model/trail.ts'
import type { Visitor } from '../model/visitor.ts'
import { fromCarried, toCarried } from './carried.ts'
import type { Identity } from './identity.ts'
import type { CookieState } from './sealed-cookie.ts'
import { shardStub } from './shard-stub.ts'
import { type Known, LONGEST_MS, toSnapshot } from './snapshot.ts'
import { type Moment, toUncertainView, toView } from './view.ts'

/**
 * Ms for which a snapshot is good at most. A visitor's own events refresh it at once; only news from a
 * person's other devices and from the business's systems wait.
 */
const FRESH_MS = { shared: 15 * 60_000, own: LONGEST_MS }

/** Ms a page view waits for a visitor's shard, in parallel with the origin. */
export const PROFILE_DEADLINE_MS = 100

export interface Recalled {
  /** What is known; of a visitor whose shard should have been read and was not, nothing is sure. */
  readonly known: Snapshot | undefined
  /** Present when the shard was read: the cookie should carry it from now on. */
  readonly fresh?: Snapshot
  readonly fault?: 'profile_timeout' | 'profile_unavailable'
}

interface Memory {
  readonly visitor: Visitor
  /** Who the visitor has proven to be; `''` for nobody. */
  readonly person: string
  /** What the cookie remembers, of the paths that the site reads. */
  readonly kept: Snapshot | undefined
  /** Profile paths that the site reads. */
  readonly reads: readonly string[]
  readonly now: number
  /** Reads the visitor's shard. */
  readonly read: () => Promise<Snapshot | undefined>
}

/**
 * What is remembered of a visitor, as far as this site's rules read it. Newcomers and usable snapshots
 * touch no object; a slow or failing one leaves the page with what the cookie last knew.
 */
export async function recall(memory: Memory): Promise<Recalled> {
  const { visitor, person, kept, reads, now, read } = memory
  if (visitor.tier < 2 || reads.length === 0) return { known: undefined }
  if (kept && isUsable(kept, person !== '', now)) return { known: kept }
  if (!visitor.returning && person === '') return { known: toSnapshot(NEWCOMER, reads, now) }
  if (!shards.allows(now)) return { known: kept, fault: 'profile_unavailable' }
  try {
    const fresh = await Promise.race([read(), scheduler.wait(PROFILE_DEADLINE_MS)])
    if (!fresh) throw new Late()
    shards.succeeded()
    return { known: fresh, fresh }
  } catch (error) {
    shards.failed(now)
    const fault = error instanceof Late ? 'profile_timeout' : 'profile_unavailable'
    return { known: kept, fault }
  }
}

const NEWCOMER: Known = { profile: EMPTY_PROFILE, attributes: {}, shared: false }

/** Who signs in is not told of by what their browser did until then. */
function isUsable({ at, until, shared }: Snapshot, signedIn: boolean, now: number): boolean {
  return (
    now < until && now - at < (shared ? FRESH_MS.shared : FRESH_MS.own) && (shared || !signedIn)
  )
}

/** The shard did not answer before the page had to be decided. */
class Late extends Error {}

/** One for all visitor shards: when they hang, page views stop waiting for them. */
const shards = createBreaker({ failures: 10, lasting: 0, rest: 5_000 })

interface Surroundings {
  readonly env: Env
  readonly trail: Trail
  readonly bundle: Bundle
  readonly moment: Moment
}

/** The profile as rules read it, and the snapshot that the visitor's cookie should carry from now on. */
export async function recallProfile(
  { visitor, state }: Identity,
  { env, trail, bundle, moment }: Surroundings,
): Promise<{ profile: Record<string, unknown>; snapshot: CookieState['snapshot'] }> {
  const { site, reads } = bundle
  const said = site.identify === 'join' ? state?.said : undefined
  const person = (visitor.signedIn ? state?.user : said) ?? ''
  const carried = mayRead(state?.snapshot, person) ? state?.snapshot : undefined
  const kept = fromCarried(carried, bundle)
  const read = async () => shardStub(env, site.id, visitor.id)?.profile(visitor.id, reads, person)
  const memory = { visitor, person, kept, reads, now: moment.now, read }
  const { known, fresh, fault } = await trail.time('profile', recall(memory))
  if (fault) trail.note(fault)
  const viewed = fault ? toUncertainView : toView
  return {
    profile: known ? viewed(known, bundle, moment) : {},
    snapshot: fresh ? toCarried(fresh, bundle) : carried,
  }
}

/** What is known of a person is for who proves to be that person, not for whose sign-in has run out. */
function mayRead(snapshot: CookieState['snapshot'], person: string): boolean {
  return !snapshot?.shared || person !== ''
}
