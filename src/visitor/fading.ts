import { toThousandths } from '../model/learning.ts'
import type { Fading } from '../model/profile.ts'

const DAY_MS = 86_400_000
const HALF_LIFE_DAYS = 14

/** A look that is older has less than a hundredth of its weight left. */
const KEPT_DAYS = 91

/** One look at something. */
export function lookAt(at: number): Fading {
  return { firstAt: at, lastAt: at, days: { [dayOf(at)]: 1 } }
}

/** The looks of both, but for those long before the newest. */
export function mergeFading(one: Fading, other: Fading): Fading {
  const lastAt = Math.max(one.lastAt, other.lastAt)
  const days: Record<string, number> = { ...one.days }
  for (const [day, looks] of Object.entries(other.days)) {
    days[day] = toThousandths((days[day] ?? 0) + looks)
  }
  const first = dayOf(lastAt) - KEPT_DAYS
  return {
    firstAt: Math.min(one.firstAt, other.firstAt),
    lastAt,
    days: Object.fromEntries(Object.entries(days).filter(([day]) => Number(day) >= first)),
  }
}

/** What its looks weigh at `now`: 1 each on their own day (UTC), half of that every 14 days. */
export function weightOf({ days }: Fading, now: number): number {
  return Object.entries(days).reduce(
    (sum, [day, looks]) => sum + looks * 2 ** ((Number(day) - dayOf(now)) / HALF_LIFE_DAYS),
    0,
  )
}

/** What is left at `now` of what weighed so much at `at`. */
export function fadedTo(weight: number, at: number, now: number): number {
  return weight * 2 ** ((dayOf(at) - dayOf(now)) / HALF_LIFE_DAYS)
}

function dayOf(at: number): number {
  return Math.floor(at / DAY_MS)
}
