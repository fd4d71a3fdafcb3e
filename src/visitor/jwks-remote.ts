import { err, ok } from '../model/result.ts'
import { type Algorithm, importKeys, type KeySet, type KeySource } from './jwks.ts'
import { downloadJson } from './jwks-download.ts'

/** Milliseconds. */
const FRESH = 600_000
const COOLDOWN = 30_000
const STALE_IF_ERROR = 86_400_000
const DOWNLOAD_TIMEOUT = 1000
/** A download not over by then went down with the request that carried it. */
const ABANDONED = 2 * DOWNLOAD_TIMEOUT
const PAUSE = 10

interface Attempt {
  readonly at: number
  pending: boolean
}

interface Held {
  readonly keys: KeySet
  readonly at: number
}

/**
 * An issuer's published keys, fetched when first needed. They are fresh for 10 minutes; after that,
 * or for a `kid` not among them, they are fetched again, at most once in 30 s whether that succeeds
 * or not. While the issuer is away the last good keys serve for 24 h. So neither a flood of
 * invented `kid`s nor a failing issuer costs more than two downloads a minute. jose's
 * `createRemoteJWKSet` is not used: it bounds neither size nor keys, retries a failing issuer on
 * every call, keeps no stale keys, and on Workers fetches once per waiting request.
 *
 * Requests share results, never promises: on Workers a promise belongs to the request that made it,
 * and dies with it. One caller downloads; those that need its outcome look for it by timers of
 * their own.
 *
 * @param now epoch milliseconds
 */
export function remoteKeys(
  url: string,
  algorithm: Algorithm,
  { fetch, now }: { fetch: typeof globalThis.fetch; now: () => number },
): KeySource {
  let held: Held | undefined
  let attempt: Attempt = { at: Number.NEGATIVE_INFINITY, pending: false }

  // Absolute, so that a clock set back neither keeps keys fresh nor prolongs a cooldown.
  const since = (at: number) => Math.abs(now() - at)

  const heldFor = (age: number) => (held && since(held.at) < age ? held.keys : undefined)

  // Whoever hangs up while their request downloads must not hold up rotation for everybody else.
  const isAbandoned = () => attempt.pending && since(attempt.at) >= ABANDONED

  const mayDownload = () => isAbandoned() || since(attempt.at) >= COOLDOWN

  const download = async () => {
    const mine = { at: now(), pending: true }
    attempt = mine
    const document = await downloadJson(url, fetch, DOWNLOAD_TIMEOUT)
    const keys = await importKeys(document, algorithm)
    if (keys && attempt === mine) held = { keys, at: mine.at }
    mine.pending = false
  }

  const awaitDownload = async () => {
    for (let waited = 0; waited < DOWNLOAD_TIMEOUT; waited += PAUSE) {
      if (!attempt.pending || isAbandoned()) return
      await new Promise((resolve) => setTimeout(resolve, PAUSE))
    }
  }

  return {
    async find(kid) {
      const fresh = heldFor(FRESH)?.get(kid)
      if (fresh) return ok(fresh)
      if (mayDownload()) await download()
      else if (!heldFor(STALE_IF_ERROR)?.has(kid)) await awaitDownload()
      const keys = heldFor(STALE_IF_ERROR)
      if (!keys) return err('keys_unavailable')
      const key = keys.get(kid)
      return key ? ok(key) : err('unknown_key')
    },
  }
}
