import { uniform } from '../../bandit/pick.ts'
import type { Configuration } from '../../model/configuration.ts'
import { HOLDOUT_ARM } from '../../model/exposure.ts'
import type { Goal } from '../../model/goal.ts'

/** The worst arm's and the best arm's true rate: far enough apart to show within a few minutes. */
const LOWEST_RATE = 0.03
const HIGHEST_RATE = 0.15

/** Each place further down a list is looked at and taken this much less. */
const PLACE_FACTOR = 0.85

/** What simulated visitors really do: experience → arm → probability of its goal. */
export type Truth = ReadonlyMap<string, Learning>

export interface Learning {
  readonly goal: Goal
  readonly rates: ReadonlyMap<string, number>
}

/** Spreads the true rates evenly over each learning experience's arms, in an order that the seed draws. */
export function drawTruth({ experiences, goals }: Configuration, seed: string): Truth {
  const learning = experiences.flatMap(({ id, allocation, variants, goal: name }) => {
    const goal = goals.find((known) => known.id === name)
    if (allocation.kind === 'split' || !goal) return []
    const arms = variants.map(({ variant }) => variant)
    const drawn = arms.toSorted((a, b) => uniform(seed, `${id}/${a}`) - uniform(seed, `${id}/${b}`))
    const step = (HIGHEST_RATE - LOWEST_RATE) / Math.max(1, arms.length - 1)
    const rates = new Map(drawn.map((arm, place) => [arm, LOWEST_RATE + place * step]))
    // Left alone, people do it too, unless it is a click on what they were not shown.
    if (goal.kind !== 'click') rates.set(HOLDOUT_ARM, LOWEST_RATE)
    return [[id, { goal, rates }] as const]
  })
  return new Map(learning)
}

/** Something on a page that a visitor may react to. */
export interface Stimulus {
  readonly experience: string
  readonly arm: string
  readonly rank: number
}

/** Whether this visitor looks at it for a second. */
export function looks(seed: string, visitor: number, { experience, rank }: Stimulus): boolean {
  return uniform(`${seed}/look/${experience}/${rank}`, String(visitor)) < PLACE_FACTOR ** rank
}

/** Whether this visitor does what the experience wants; the same draw whichever arm they meet. */
export function converts(seed: string, visitor: number, on: Stimulus, truth: Truth): boolean {
  const rate = truth.get(on.experience)?.rates.get(on.arm) ?? 0
  const draw = uniform(`${seed}/act/${on.experience}/${on.rank}`, String(visitor))
  return draw < rate * PLACE_FACTOR ** on.rank
}

/** A property an event must have to meet its goal, where the condition is a plain equality. */
export function propertiesFor(
  goal: Extract<Goal, { kind: 'event' }>,
  worth: number,
): Record<string, unknown> {
  const equalities = Object.entries(goal.condition ?? {}).filter(([, v]) => typeof v !== 'object')
  return { ...Object.fromEntries(equalities), ...(goal.value && { [goal.value]: worth }) }
}
