import { createBreaker } from '../model/breaker.ts'
import type { Bundle } from '../model/bundle.ts'
import type { Snapshot } from '../model/profile.ts'
import type { Trail } from '../model/trail.ts'
import type { Visitor } from '../model/visitor.ts'
import type { Identity } from './identity.ts'
import { toNested } from './profile.ts'
import type { CookieState } from './sealed-cookie.ts'
import { shardStub } from './shard-stub.ts'

/** Events refresh the snapshot at once; only news from other devices and systems wait this long. */
const SNAPSHOT_FRESH_MS = 15 * 60_000

/** Ms a page view waits for a visitor's shard, in parallel with the origin. */
export const PROFILE_DEADLINE_MS = 100

export interface Recalled {
  readonly values: Snapshot['values']
  /** Present when the shard was read: the cookie should carry it from now on. */
  readonly fresh?: Snapshot
  readonly fault?: 'profile_timeout' | 'profile_unavailable'
}

interface Memory {
  readonly visitor: Visitor
  /** What the cookie remembers. */
  readonly kept: CookieState['snapshot']
  /** Profile paths that the site reads, and their key. */
  readonly reads: readonly string[]
  readonly readsKey: string
  readonly now: number
  /** Reads the visitor's shard. */
  readonly read: () => Promise<Snapshot | undefined>
}

/**
 * What is remembered of a visitor, as far as this site's rules read it. Newcomers and fresh snapshots
 * touch no object; a slow or failing one leaves the page with what the cookie last knew.
 */
export async function recall({
  visitor,
  kept,
  reads,
  readsKey,
  now,
  read,
}: Memory): Promise<Recalled> {
  if (visitor.tier < 2 || reads.length === 0 || !visitor.returning) return { values: {} }
  const usable = kept?.reads === readsKey ? kept : undefined
  if (usable && now - usable.at < SNAPSHOT_FRESH_MS) return { values: usable.values }
  const stale = usable?.values ?? {}
  if (!shards.allows(now)) return { values: stale, fault: 'profile_unavailable' }
  try {
    const fresh = await Promise.race([read(), scheduler.wait(PROFILE_DEADLINE_MS)])
    if (!fresh) throw new Late()
    shards.succeeded()
    return { values: fresh.values, fresh }
  } catch (error) {
    shards.failed(now)
    const fault = error instanceof Late ? 'profile_timeout' : 'profile_unavailable'
    return { values: stale, fault }
  }
}

/** The shard did not answer before the page had to be decided. */
class Late extends Error {}

/** One for all visitor shards: when they hang, page views stop waiting for them. */
const shards = createBreaker({ failures: 10, lasting: 0, rest: 5_000 })

interface Surroundings {
  readonly env: Env
  readonly trail: Trail
  readonly bundle: Bundle
  readonly now: number
}

/** The profile as rules read it, and the snapshot that the visitor's cookie should carry from now on. */
export async function recallProfile(
  { visitor, state }: Identity,
  { env, trail, bundle, now }: Surroundings,
): Promise<{ profile: Record<string, unknown>; snapshot: CookieState['snapshot'] }> {
  const { site, reads, readsKey } = bundle
  const read = async () => shardStub(env, site.id, visitor.id)?.profile(visitor.id, reads)
  const memory = { visitor, kept: state?.snapshot, reads, readsKey, now, read }
  const { values, fresh, fault } = await trail.time('profile', recall(memory))
  if (fault) trail.note(fault)
  return {
    profile: toNested(values),
    snapshot: fresh ? { ...fresh, reads: readsKey } : state?.snapshot,
  }
}
