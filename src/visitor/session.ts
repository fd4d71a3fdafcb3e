import type { Deed, Profile } from '../model/profile.ts'

/** A visit ends after half an hour without a deed, as web analytics commonly counts. */
export const VISIT_GAP_MS = 30 * 60_000

/** What one page is looked at for at most: nobody knows when they stopped. */
const LONGEST_LOOK_MS = 5 * 60_000

/** A visit as far as the newest deeds tell: of more than 32, or of two hours, the end. */
export interface Visit {
  readonly pages: number
  /** From deed to deed, five minutes each at most. */
  readonly seconds: number
  /** Path of its first page; `''` where it had none. */
  readonly landing: string
  /** Epoch ms of its newest deed; 0 where there was none. */
  readonly lastAt: number
}

/** The newest visit, which may be over. */
export function visitOf(deeds: readonly Deed[]): Visit {
  const gap = (place: number) => (deeds[place]?.at ?? 0) - (deeds[place - 1]?.at ?? 0)
  const start = deeds.findLastIndex((_, place) => place > 0 && gap(place) > VISIT_GAP_MS)
  const visit = deeds.slice(Math.max(start, 0))
  const pages = visit.filter(({ isPage }) => isPage)
  const looks = visit.slice(1).map(({ at }, place) => at - (visit[place]?.at ?? at))
  const ms = looks.reduce((sum, look) => sum + Math.min(look, LONGEST_LOOK_MS), 0)
  return {
    pages: pages.length,
    seconds: Math.round(ms / 1000),
    landing: pages[0]?.name ?? '',
    lastAt: visit.at(-1)?.at ?? 0,
  }
}

/** Something that is begun and ended by events, by their keys: those of the Segment spec, and our demo's. */
interface Undertaking {
  readonly begins: readonly string[]
  readonly ends: readonly string[]
}

export const UNDERTAKINGS = {
  basket: {
    begins: ['product_added', 'basket_added', 'cart_viewed', 'checkout_started'],
    ends: ['order_completed', 'order_placed'],
  },
  form: { begins: ['form_started'], ends: ['form_submitted'] },
} as const satisfies Readonly<Record<string, Undertaking>>

/** Epoch ms of the newest of these events; nothing where there was none. */
export function newestOf(events: Profile['events'], keys: readonly string[]): number | undefined {
  const times = keys.flatMap((key) =>
    Object.hasOwn(events, key) ? [events[key]?.lastAt ?? 0] : [],
  )
  return times.length > 0 ? Math.max(...times) : undefined
}

/** How far somebody came: nothing begun or all of it ended, going on, or left for half an hour. */
export function progressOf(
  began: number | undefined,
  ended: number | undefined,
  now: number,
): 'none' | 'open' | 'abandoned' {
  if (began === undefined || began <= (ended ?? 0)) return 'none'
  return now - began > VISIT_GAP_MS ? 'abandoned' : 'open'
}
