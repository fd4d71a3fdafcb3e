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
}

export function createKept<T>({ load, fresh, stale, patience }: KeptOptions<T>): Kept<T> {
  let value: { readonly of: T; readonly at: number } | undefined
  let renewingSince = Number.NEGATIVE_INFINITY
  // Each caller awaits a load of its own: on Workers a request cannot wait for another one's I/O.
  const renew = async (now: number): Promise<T> => {
    renewingSince = now
    const loaded = await load(value?.of)
    value = { of: loaded, at: now }
    renewingSince = Number.NEGATIVE_INFINITY
    return loaded
  }
  const peek = (now: number, background: Background): T | undefined => {
    if (!value || now - value.at > stale) return undefined
    if (now - value.at > fresh && now - renewingSince > stale) background(renew(now).catch(ignore))
    return value.of
  }
  return {
    peek,
    async get(now, background) {
      const usable = peek(now, background)
      if (usable !== undefined) return usable
      const old = value?.of
      if (old === undefined) return renew(now)
      const renewed = renew(now).catch(() => old)
      background(renewed)
      return (await Promise.race([renewed, scheduler.wait(patience)])) ?? old
    },
  }
}

/** A failed renewal leaves the old value in use; the next page view tries again. */
function ignore(): void {}
