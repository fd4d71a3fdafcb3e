const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const

/**
 * What is left until then, in its three largest units: `2 d 4 h 9 min`; nothing once it is over or
 * where it is no time. Both in epoch ms.
 */
export function remaining(until: number, now: number): string | undefined {
  const left = until - now
  if (!(left > 0)) return undefined
  const first = UNITS.findIndex(([, ms]) => left >= ms)
  const from = first < 0 ? UNITS.length - 1 : first
  return UNITS.slice(from, from + 3)
    .map(([unit, ms], at) => {
      const larger = UNITS[from + at - 1]?.[1]
      return `${Math.floor((at === 0 || !larger ? left : left % larger) / ms)} ${unit}`
    })
    .join(' ')
}
