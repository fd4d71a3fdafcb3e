import { MOST_STICKY, type StickyPick } from '../model/sticky.ts'
import { type CookieState, sizeOf } from './sealed-cookie.ts'

/**
 * What may be sealed: with the cookie's name, a key's id, vector and tag, and four letters for every
 * three bytes, a browser then sends 1 kB at most.
 */
const MOST_BYTES = 704

/**
 * The state with the picks of a page, `shown`, which may have been known before. Where they are too
 * many, the oldest go that are not of this page. The very same state when there is nothing new.
 */
export function withPicks(state: CookieState, shown: readonly StickyPick[] = []): CookieState {
  const { picks: known = [], ...rest } = state
  const fresh = shown.filter((pick) => !known.some((other) => isSame(pick, other)))
  const names = new Set(fresh.map(({ experience }) => experience))
  const all = [...known.filter(({ experience }) => !names.has(experience)), ...fresh]
  const onPage = new Set(shown.map(({ experience }) => experience))
  // Dropped from the front: what is not of this page, then what is of it, the newest first.
  const order = [
    ...all.filter(({ experience }) => !onPage.has(experience)),
    ...all.filter(({ experience }) => onPage.has(experience)).toReversed(),
  ]
  const dropped = new Set<StickyPick>()
  const left = () => all.filter((pick) => !dropped.has(pick))
  for (const pick of order) {
    if (left().length <= MOST_STICKY && sizeOf({ ...rest, picks: left() }) <= MOST_BYTES) break
    dropped.add(pick)
  }
  const picks = left()
  const isKnown = picks.length === known.length && picks.every((pick, at) => pick === known[at])
  if (isKnown) return state
  return picks.length > 0 ? { ...rest, picks } : rest
}

function isSame(one: StickyPick, other: StickyPick): boolean {
  return one.experience === other.experience && one.variant === other.variant
}
