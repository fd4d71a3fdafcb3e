import { NO_CAMPAIGN } from '../model/signals.ts'
import { MOST_STICKY, type StickyPick } from '../model/sticky.ts'
import { type CookieState, sizeOf } from './sealed-cookie.ts'

/**
 * What may be sealed: with the cookie's name, a key's id, vector and tag, and four letters for every
 * three bytes, a browser then sends 1 kB at most.
 */
const MOST_BYTES = 704

/**
 * The state with the picks of a page, `shown`, which may have been known before. Where it grows too
 * large, picks go first, the oldest that are not of this page before the newest that are, then
 * grants, the oldest first, and then the snapshot. The very same state when there is nothing new.
 */
export function withPicks(state: CookieState, shown: readonly StickyPick[] = []): CookieState {
  const { picks: known = [], ...rest } = state
  const fresh = shown.filter((pick) => !known.some((other) => isSame(pick, other)))
  const names = new Set(fresh.map(({ experience }) => experience))
  const all = [...known.filter(({ experience }) => !names.has(experience)), ...fresh]
  const picks = fittingPicks(all, shown, rest)
  const isKnown = picks.length === known.length && picks.every((pick, at) => pick === known[at])
  const picked = isKnown ? state : picks.length > 0 ? { ...rest, picks } : rest
  if (fits(picked)) return picked
  const less = withFewerGrants(rest)
  if (fits(less)) return less
  const { snapshot, ...unread } = state
  // Only an absurd campaign fills a cookie by itself.
  return snapshot ? withPicks(unread, shown) : { ...less, campaign: NO_CAMPAIGN }
}

function fits(state: CookieState): boolean {
  return sizeOf(state) <= MOST_BYTES
}

function fittingPicks(
  all: readonly StickyPick[],
  shown: readonly StickyPick[],
  rest: CookieState,
): readonly StickyPick[] {
  const onPage = new Set(shown.map(({ experience }) => experience))
  // Dropped from the front: what is not of this page, then what is of it, the newest first.
  const order = [
    ...all.filter(({ experience }) => !onPage.has(experience)),
    ...all.filter(({ experience }) => onPage.has(experience)).toReversed(),
  ]
  const dropped = new Set<StickyPick>()
  const left = () => all.filter((pick) => !dropped.has(pick))
  for (const pick of order) {
    if (left().length <= MOST_STICKY && fits({ ...rest, picks: left() })) break
    dropped.add(pick)
  }
  return left()
}

/** Without a grant its place is asked for again, and found; without a snapshot the shard is read again. */
function withFewerGrants({ grants = [], ...rest }: CookieState): CookieState {
  const from = grants.findIndex((_, place) => fits({ ...rest, grants: grants.slice(place) }))
  return from < 0 ? rest : { ...rest, grants: grants.slice(from) }
}

function isSame(one: StickyPick, other: StickyPick): boolean {
  return one.experience === other.experience && one.variant === other.variant
}
