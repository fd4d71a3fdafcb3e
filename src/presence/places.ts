/** Ms after which somebody who is not heard of has left: two heartbeats are missed. */
export const GONE_MS = 45_000

/** People at all places together, which bounds what a site keeps of them. */
const MOST = 500

/** Where on a site somebody was heard of last, and when (epoch ms). */
export interface Heard {
  readonly place: string
  readonly who: string
  readonly at: number
}

/** With one more heartbeat, and without those who have left. */
export function enter(heard: readonly Heard[], one: Heard): readonly Heard[] {
  const others = heard.filter(
    ({ place, who, at }) => one.at - at < GONE_MS && (place !== one.place || who !== one.who),
  )
  return [...others.slice(-(MOST - 1)), one]
}

/** Who else is at a place, by name. */
export function othersAt(heard: readonly Heard[], { place, who }: Heard): string[] {
  return heard
    .filter((other) => other.place === place && other.who !== who)
    .map((other) => other.who)
    .sort()
}
