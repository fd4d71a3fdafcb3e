import type { Miniflare, V4WorkerOptions } from 'miniflare'

/** Host that every request names and the configured site claims. */
export const HOST = 'shop.example'

/** Somebody who answers for the page: a worker in the common process. */
export interface Contestant {
  readonly name: string
  /** Its code and bindings, given the origin's base URL without a trailing slash. */
  worker(origin: string): Promise<V4WorkerOptions>
  /** What it adds to the page for its own ends, and is taken out again before its answer is checked. */
  readonly additions?: RegExp
  /** Makes it ready for load; returns headers that its requests carry besides the browser's. */
  prepare?(running: Running): Promise<Readonly<Record<string, string>>>
}

/** A contestant that listens. */
export interface Running {
  readonly miniflare: Miniflare
  readonly address: URL
  readonly origin: string
  /** What a browser sends with every request. */
  readonly browser: Readonly<Record<string, string>>
}
