import type { Insight } from '../model/overview.ts'

/** What was told of a site already, by what it is about, and when (epoch ms) it was last so. */
export type Told = Readonly<Record<string, { readonly insight: Insight; readonly seen: number }>>

export interface Changes {
  readonly told: Told
  /** What was not so before. */
  readonly raised: readonly Insight[]
  /** What is not so any more. */
  readonly cleared: readonly Insight[]
}

/** What comes and goes within this time is told once. */
const QUIET_MS = 86_400_000

/** What there is to tell of a site since it was last looked at; `now` in epoch ms. */
export function toChanges(before: Told, insights: readonly Insight[], now: number): Changes {
  const current = insights.map((insight) => [keyOf(insight), { insight, seen: now }] as const)
  const present = new Set(current.map(([key]) => key))
  const gone = Object.entries(before).filter(([key]) => !present.has(key))
  const isOver = ([, { seen }]: (typeof gone)[number]) => now - seen >= QUIET_MS
  return {
    told: Object.fromEntries([...gone.filter((one) => !isOver(one)), ...current]),
    raised: current.flatMap(([key, { insight }]) => (key in before ? [] : [insight])),
    cleared: gone.filter(isOver).map(([, { insight }]) => insight),
  }
}

/** What an insight is about, without figures and times that move on. */
function keyOf(insight: Insight): string {
  const about = ['experience', 'arm', 'goal', 'slot', 'source', 'of', 'id']
  return [insight.kind, ...about.map((name) => String(Reflect.get(insight, name) ?? ''))].join(' ')
}

const HOUR_MS = 3_600_000

/** The last Monday at 7 by a zone's clock, in epoch ms: the week that ended then is to be told. */
export function lastMonday(now: number, zone: string): number {
  const clock = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: zone, weekday: 'short', hour: '2-digit', hourCycle: 'h23' },
  })
  let hour = Math.floor(now / HOUR_MS)
  for (const first = hour - 8 * 24; hour > first; hour--) {
    const parts = clock.formatToParts(hour * HOUR_MS).map(({ value }) => value)
    if (parts.includes('Mon') && parts.includes('07')) break
  }
  return hour * HOUR_MS
}
