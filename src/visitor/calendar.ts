const DAY_MS = 86_400_000

/** A day of the calendar, whatever the zone. */
interface Day {
  readonly year: number
  readonly month: number
  readonly day: number
}

/** How a date stands to another: `dates.<attribute>` in rules. */
export interface Distance {
  /** Calendar days from the date to today; negative for a date to come. */
  readonly days: number
  /** Full years from the date to today, as ages are told; negative for a date to come. */
  readonly years: number
  /** Calendar days to the date's next anniversary, 0 on the day itself. */
  readonly daysToNext: number
}

/** How far a date is from today, both as `2026-11-26`; nothing where either is no day of the calendar. */
export function distance(date: string, today: string): Distance | undefined {
  const from = parseDay(date)
  const to = parseDay(today)
  if (!from || !to) return undefined
  const inYear = (year: number) => numberOf({ ...from, year })
  const now = numberOf(to)
  const hasComeRound = inYear(to.year) <= now
  return {
    days: now - numberOf(from),
    years: to.year - from.year - (hasComeRound ? 0 : 1),
    daysToNext: inYear(inYear(to.year) < now ? to.year + 1 : to.year) - now,
  }
}

function parseDay(text: string): Day | undefined {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []
  const date = { year: Number(year), month: Number(month), day: Number(day) }
  // The calendar carries what is no day over to the next month: 2001-02-29 would be 2001-03-01.
  const carried = new Date(numberOf(date) * DAY_MS)
  const isDay = carried.getUTCMonth() + 1 === date.month && carried.getUTCDate() === date.day
  return isDay ? date : undefined
}

/** Days since the epoch. 29 February is 1 March where the year has none: born then, one is of age then. */
function numberOf({ year, month, day }: Day): number {
  // Years below 100 would be taken for those of the twentieth century.
  return new Date(0).setUTCFullYear(year, month - 1, day) / DAY_MS
}
