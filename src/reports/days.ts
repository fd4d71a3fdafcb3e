/** A day of the calendar as the hours since the epoch that begin in it. */
export interface LocalDay {
  /** `2026-11-27` */
  readonly day: string
  readonly from: number
  /** Not part of it. */
  readonly until: number
}

const HOUR_MS = 3_600_000

/** Writes days of a zone's calendar, `2026-11-27`. */
export function calendarOf(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' })
}

/**
 * The newest days of a zone's calendar, the one that `now` (epoch ms) is in being the last. Hours are
 * asked one by one for their date, so a day has as many as its clock was put forward or back to.
 */
export function localDays(now: number, count: number, zone: string): LocalDay[] {
  const date = calendarOf(zone)
  const last = Math.floor(now / HOUR_MS)
  const days = new Map<string, { from: number; until: number }>()
  for (let hour = last - 24 * count - 1; hour <= last; hour++) {
    const day = date.format(hour * HOUR_MS)
    const known = days.get(day)
    if (known) known.until = hour + 1
    else days.set(day, { from: hour, until: hour + 1 })
  }
  return [...days].map(([day, hours]) => ({ day, ...hours })).slice(-count)
}
