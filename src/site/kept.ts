/** Something an isolate keeps in memory and renews behind the requests that use it. */
export interface Kept<T> {
  /**
   * The value: at once when it is fresh, or only a little stale (then it is renewed in the background);
   * otherwise after loading it, for `patience` ms at most, and stale rather than not at all.
   * Rejects when there is nothing to fall back on.
   */
  get(now: number, background: Background): Promise<T>
  /** The value when a page view may use it without waiting; renewed in the background where due. */
  peek(now: number, background: Background): T | undefined
}

/** Lets work outlive the response (`waitUntil`). */
export type Background = (work: Promise<unknown>) => void

interface KeptOptions<T> {
  /** Gets the newest value; told what is known, so that it can ask for changes only. */
  readonly load: (known: T | undefined) => Promise<T>
  /** Ms within which a value is used as it is. */
  readonly fresh: number
  /** Ms after which a page view rather waits for a new value than use this one. */
  readonly stale: number
  /** Ms that a page view waits for a new value while it has an old one. */
  readonly patience: number
  /** Ms that it waits while it has none. */
  readonly firstPatience: number
  /** Ms for which a source that failed is left alone. */
  readonly rest: number
}

const NEVER = Number.NEGATIVE_INFINITY

export function createKept<T>(options: KeptOptions<T>): Kept<T> {
  const { load, fresh, stale, patience, firstPatience, rest } = options
  let value: { readonly of: T; readonly at: number } | undefined
  let renewingSince = NEVER
  let failedAt = NEVER
  // Each caller awaits a load of its own: on Workers a request cannot wait for another one's I/O.
  const renew = async (now: number): Promise<T> => {
    renewingSince = now
    try {
      const loaded = await load(value?.of)
      // A slow load must not undo what a later one has found meanwhile.
      if (!value || now >= value.at) value = { of: loaded, at: now }
      failedAt = NEVER
      return loaded
    } catch (error) {
      failedAt = now
      throw error
    } finally {
      renewingSince = NEVER
    }
  }
  const peek = (now: number, background: Background): T | undefined => {
    if (!value) return undefined
    const resting = now - failedAt < rest
    if (now - value.at > stale && !resting) return undefined
    const due = now - value.at > fresh && now - renewingSince > stale && !resting
    if (due) background(renew(now).catch(ignore))
    return value.of
  }
  return {
    peek,
    async get(now, background) {
      const usable = peek(now, background)
      if (usable !== undefined) return usable
      if (now - failedAt < rest) throw new Error('The source failed a moment ago.')
      const renewed = renew(now)
      background(renewed.catch(ignore))
      const old = value?.of
      try {
        return await within(renewed, old === undefined ? firstPatience : patience)
      } catch (error) {
        // Too late counts as failed, or every page view would wait as long.
        failedAt = now
        if (old === undefined) throw error
        return old
      }
    },
  }
}

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  const late = scheduler.wait(ms).then(() => {
    throw new Error(`Nothing came within ${ms} ms.`)
  })
  return Promise.race([work, late])
}

/** A failed renewal leaves the old value in use; the next page view after the rest tries again. */
function ignore(): void {}
