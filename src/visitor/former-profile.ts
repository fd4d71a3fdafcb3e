import { EMPTY_PROFILE, type Profile, type Tally } from '../model/profile.ts'
import { NOTHING_RECENT, record } from './recent.ts'

/** A profile as it was kept before profiles added up: no format, interests weighed when folded in. */
interface FormerProfile {
  readonly updatedAt: number
  readonly pages: number
  readonly events: Readonly<Record<string, { readonly count: number; readonly lastAt: number }>>
  readonly interests: Readonly<Record<string, number>>
  readonly traits: Readonly<Record<string, string | number | boolean>>
}

/**
 * Carries an earlier profile over. Of times it only knows the last: that is taken for the first as
 * well, the newest event alone is told in windows, and interests count as of the newest event.
 */
export function fromFormer(former: FormerProfile): Profile {
  const { updatedAt, pages, events, interests, traits } = former
  const at = { at: updatedAt, firstAt: updatedAt }
  return {
    ...EMPTY_PROFILE,
    firstAt: Math.min(updatedAt, ...Object.values(events).map(({ lastAt }) => lastAt)),
    updatedAt,
    pages,
    events: mapped(events, toTally),
    interests: mapped(interests, (weight) => ({
      firstAt: updatedAt,
      lastAt: updatedAt,
      days: { [Math.floor(updatedAt / 86_400_000)]: Math.round(weight * 1000) / 1000 },
    })),
    traits: mapped(traits, (value) => ({ value, ...at })),
  }
}

function toTally({ count, lastAt }: { count: number; lastAt: number }): Tally {
  return { count, firstAt: lastAt, lastAt, recent: record(NOTHING_RECENT, lastAt, 1, lastAt) }
}

function mapped<From, To>(
  values: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]))
}
