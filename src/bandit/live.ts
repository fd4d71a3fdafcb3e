import { COUNTERS, type Counts, NO_COUNTS, plus, type Total } from '../model/learning.ts'
import type { Grown, News } from '../model/live.ts'

/** Tabs that may listen to one experience at once: each is told of every report. */
const MOST_LISTENERS = 32

/** A listener comes back after this, and is let in only if still signed in. */
const STAY_MS = 3_600_000

type Sockets = Pick<DurableObjectState, 'acceptWebSocket' | 'getWebSockets'>

/** Lets a request for a WebSocket listen; it costs nothing while nothing is counted (hibernation). */
export function listen(sockets: Sockets, request: Request, now: number): Response {
  if (request.headers.get('upgrade') !== 'websocket') return new Response(null, { status: 426 })
  if (sockets.getWebSockets().length >= MOST_LISTENERS) return new Response(null, { status: 429 })
  const { 0: client, 1: server } = new WebSocketPair()
  server.serializeAttachment(now)
  sockets.acceptWebSocket(server)
  return new Response(null, { status: 101, webSocket: client })
}

/** Tells all who listen what was just counted, if anything grew. */
export function tell(sockets: Sockets, added: readonly Total[], now: number): void {
  const listeners = sockets.getWebSockets()
  const arms = listeners.length > 0 ? toGrown(added) : {}
  if (Object.keys(arms).length === 0) return
  const news = JSON.stringify({ at: now, arms } satisfies News)
  for (const listener of listeners) {
    listener.send(news)
    if (now - Number(listener.deserializeAttachment()) > STAY_MS) listener.close(1012, 'come back')
  }
}

/** By variant, over all versions and segments; what stayed, or was taken back, is no news. */
export function toGrown(added: readonly Total[]): Record<string, Grown> {
  const sums = new Map<string, Counts>()
  for (const { variant, counts } of added) {
    sums.set(variant, plus(sums.get(variant) ?? NO_COUNTS, counts))
  }
  const grown = [...sums].map(([variant, counts]) => [variant, onlyMore(counts)] as const)
  return Object.fromEntries(grown.filter(([, counts]) => Object.keys(counts).length > 0))
}

function onlyMore(counts: Counts): Grown {
  const more = COUNTERS.filter((counter) => counts[counter] > 0)
  return Object.fromEntries(more.map((counter) => [counter, counts[counter]]))
}
