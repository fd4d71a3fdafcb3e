import type { Configuration } from '../model/configuration.ts'
import type { Experience } from '../model/experience.ts'

/** Experiences that may want one slot of one page at the same time. */
export interface Collision {
  readonly slot: string
  /** In the order in which they are asked; the first that has something for a visitor is shown. */
  readonly experiences: readonly string[]
  readonly winner: string
  /** Who goes first, and why. */
  readonly detail: string
}

/** Slots with several experiences that run at the same time, and who goes first. */
export function collisionsOf({ slots, experiences }: Configuration): Collision[] {
  return slots.flatMap(({ id }) => {
    const wanting = experiences
      .filter(({ slot, paused }) => slot === id && !paused)
      // As bundles have them: of equal priority, the one that is listed first.
      .toSorted((a, b) => b.priority - a.priority)
    const meeting = wanting.filter((one) =>
      wanting.some((other) => one !== other && meet(one, other)),
    )
    const [first, second] = meeting
    if (!first || !second) return []
    const winner = { winner: first.id, detail: explain(first, second, meeting.length) }
    return [{ slot: id, experiences: meeting.map((one) => one.id), ...winner }]
  })
}

/** They run at the same time, and nothing keeps a visitor of one out of the other. */
function meet(one: Experience, other: Experience): boolean {
  return overlapInTime(one, other) && !areApart(one, other)
}

function overlapInTime(one: Experience, other: Experience): boolean {
  const from = (time: string | undefined) => (time ? Date.parse(time) : -Infinity)
  const until = (time: string | undefined) => (time ? Date.parse(time) : Infinity)
  return from(one.from) < until(other.until) && from(other.from) < until(one.until)
}

/** Parts of one layer have no visitor in common. */
function areApart({ layer: one }: Experience, { layer: other }: Experience): boolean {
  return (
    one !== undefined &&
    other !== undefined &&
    one.id === other.id &&
    (one.to <= other.from || other.to <= one.from)
  )
}

function explain(first: Experience, second: Experience, count: number): string {
  const why =
    first.priority > second.priority
      ? `its priority is ${first.priority}, the next one’s ${second.priority}`
      : `of the same priority, it is listed first`
  const many = count > 2 ? `any of these ${count}` : 'both'
  return `“${first.name || first.id}” goes first where ${many} would be shown: ${why}.`
}
