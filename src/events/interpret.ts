import * as z from 'zod'
import {
  type Book,
  type Bundle,
  booksOf,
  type CompiledExperience,
  watchedName,
} from '../model/bundle.ts'
import type { Event } from '../model/event.ts'
import type { Goal } from '../model/goal.ts'
import { err, ok, type Result } from '../model/result.ts'
import type { Item, Reward } from './attribution.ts'
import { EXPOSURE_EVENT } from './ingest.ts'
import type { PageToken, TokenRefusal } from './token.ts'

const StepProperties = z.object({
  token: z.string().max(8192),
  index: z.int().min(0).max(999),
  step: z.enum(['delivered', 'survived', 'seen', 'clicked']),
})

export type StepRefusal = 'malformed' | 'unknown_exposure' | TokenRefusal

interface Reading {
  readonly bundle: Bundle
  /** Whether an event's properties meet a goal's condition. */
  readonly matches: (condition: NonNullable<EventGoal['condition']>, properties: object) => boolean
  /** Opens a page token of the visitor who sent the event. */
  readonly open: (token: string) => Promise<Result<PageToken, TokenRefusal>>
}

type EventGoal = Extract<Goal, { kind: 'event' }>

/** What an accepted event means to a site: a step of an exposure, goals met, both or neither. */
export async function interpret(
  event: Event,
  reading: Reading,
): Promise<Result<Item, StepRefusal>> {
  if (event.kind === 'track' && event.name === EXPOSURE_EVENT) return interpretStep(event, reading)
  const goals = goalsMet(event, reading)
  const rewards = goals.flatMap((goal) => toRewards(goal, event, reading.bundle))
  const counted = countedBy(event, reading)
  return ok({ event, rewards, ...(counted.length > 0 && { counted }) })
}

async function interpretStep(
  event: Event,
  { bundle, open }: Reading,
): Promise<Result<Item, StepRefusal>> {
  const said = StepProperties.safeParse(event.properties)
  if (!said.success) return err('malformed')
  const token = await open(said.data.token)
  if (!token.ok) return token
  const exposure = token.value.exposures[said.data.index]
  const experience = exposure && bundle.experienceById.get(exposure.experience)
  // Retired experiences learn nothing any more.
  if (!exposure || !experience) return err('unknown_exposure')
  const { window, watched = [] } = experience
  const { step } = said.data
  const rewards =
    step === 'clicked'
      ? clickedBooks(experience, bundle).map((book) => {
          return { ...rewardOf(book), value: 1, after: 0, arm: exposure.arm }
        })
      : []
  const books = watched.map((goal) => watchedName(experience.id, goal))
  const reached = { step, exposure, window, ...(books.length > 0 && { watched: books }) }
  return ok({ event, step: reached, rewards })
}

function clickedBooks(experience: CompiledExperience, { goals }: Bundle): Book[] {
  const clicks = new Set(goals.flatMap(({ id, kind }) => (kind === 'click' ? [id] : [])))
  return booksOf(experience).filter(({ goal }) => clicks.has(goal))
}

function goalsMet(event: Event, { bundle, matches }: Reading): readonly Goal[] {
  if (event.kind === 'page') return bundle.pageGoals.match(event.name)
  if (event.kind !== 'track') return []
  return (bundle.eventGoals.get(event.name) ?? []).filter(
    (goal) =>
      goal.kind === 'event' && (!goal.condition || matches(goal.condition, event.properties)),
  )
}

/** The counters that count an event, with what it adds to their sums: nothing where that is no number. */
function countedBy(
  event: Event,
  { bundle, matches }: Reading,
): { counter: string; amount?: number }[] {
  if (event.kind !== 'track') return []
  return (bundle.counters ?? [])
    .filter(
      ({ event: name, condition }) =>
        name === event.name && (!condition || matches(condition, event.properties)),
    )
    .map(({ id, sum }) => {
      const amount = sum === undefined ? undefined : event.properties[sum]
      return { counter: id, ...(typeof amount === 'number' && { amount: bounded(amount) }) }
    })
}

function toRewards(goal: Goal, event: Event, bundle: Bundle): Reward[] {
  const value = worthOf(goal, event)
  const after = goal.kind === 'click' ? 0 : (goal.after ?? 0) * HOUR_MS
  return (bundle.booksByGoal.get(goal.id) ?? []).map((book) => ({
    ...rewardOf(book),
    value,
    after,
  }))
}

const HOUR_MS = 3_600_000

/** What an experience's configuration says of its rewards. */
function rewardOf({ name, experience: { window, attribution = 'last', rung } }: Book) {
  return { experience: name, window, attribution, rung }
}

/** Refunds count negative; a worth that is no number counts as 1, like a goal that names none. */
function worthOf(goal: Goal, { properties }: Event): number {
  const worth = goal.kind === 'event' && goal.value ? properties[goal.value] : 1
  return typeof worth === 'number' ? bounded(worth) : 1
}

function bounded(worth: number): number {
  return Math.max(-MOST_WORTH, Math.min(worth, MOST_WORTH))
}

/** Sums of squares of larger ones would overflow, and a total that did could never be told again. */
const MOST_WORTH = 1e9
