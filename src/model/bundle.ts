import type { Attribute } from './attribute.ts'
import type { Condition } from './audience.ts'
import type { Cap } from './cap.ts'
import type { BehaviourCounter } from './counter.ts'
import type { Aim, Attribution, HalfLife, LayerRange, Pace, Rung } from './experience.ts'
import type { Goal } from './goal.ts'
import { createPathIndex, type PathIndex } from './path-index.ts'
import type { CompiledPolicy } from './policy.ts'
import type { Dimension } from './segment.ts'
import type { Site } from './site.ts'
import type { Slot } from './slot.ts'

/** Grows when a published bundle says what an older worker must not overlook. */
export const BUNDLE_FORMAT = 2

/** Those of before there were policies and caps say nothing less. */
export const READABLE_FORMATS: readonly number[] = [1, BUNDLE_FORMAT]

/**
 * A template with everything that was known at publish already filled in: literal HTML, a personal
 * value, or a part shown when a personal value is (`#`) or is not (`^`) there.
 */
export type Segment =
  | string
  | readonly ['v', path: string]
  | readonly ['#' | '^', path: string, readonly Segment[]]

export interface CompiledVariant {
  readonly segments: readonly Segment[]
  readonly product?: string
  /** Present on offers only; times in epoch ms. */
  readonly offer?: {
    readonly value: number
    readonly from?: number
    readonly until?: number
    readonly eligible?: string
    /** Units for as many people; without end unless given. */
    readonly stock?: number
  }
}

export interface CompiledExperience {
  readonly id: string
  readonly slot: string
  readonly audience?: string
  readonly layer?: LayerRange
  readonly kind: 'rule' | 'split' | 'bandit' | 'ranked'
  /** Variant and share in ten-thousandths; what is used until weights are learned. */
  readonly arms: readonly (readonly [variant: string, share: number])[]
  /** Places of a ranked list; 1 elsewhere. */
  readonly show: number
  readonly goal?: string
  /** Goals that are counted beside it. */
  readonly watched?: readonly string[]
  readonly rung: Rung
  readonly floor: number
  readonly aim?: Aim
  readonly pace?: Pace
  readonly halfLife?: HalfLife
  /** What divides its visitors into segments with shares of their own. */
  readonly segments?: readonly Dimension[]
  /** Ms after an exposure in which its goal counts. */
  readonly window: number
  /** `last` unless given. */
  readonly attribution?: Attribution
  /** Visitors keep their variant when shares change. */
  readonly sticky?: boolean
  readonly cap?: Cap
  readonly campaign?: string
  readonly from?: number
  readonly until?: number
}

/** A site's published configuration as stored: plain JSON, named by the hash of its bytes. */
export interface BundleDocument {
  readonly format: number
  readonly site: Site
  readonly slots: readonly Slot[]
  readonly variants: Readonly<Record<string, CompiledVariant>>
  readonly audiences: Readonly<Record<string, Condition>>
  /** In the order in which they are asked: the first that suppresses a variant is its reason. */
  readonly policies?: readonly CompiledPolicy[]
  readonly attributes?: readonly Attribute[]
  readonly counters?: readonly BehaviourCounter[]
  readonly goals: readonly Goal[]
  /** By priority, highest first. */
  readonly experiences: readonly CompiledExperience[]
  /** Base paths of what rules, policies and templates read of a profile, as `basesOf` names them. */
  readonly reads: readonly string[]
  /** Names the list above: a snapshot taken by another list is stale. */
  readonly readsKey: string
}

/** A slot with the experiences that may fill it, best priority first. */
export interface OpenSlot {
  readonly slot: Slot
  readonly experiences: readonly CompiledExperience[]
}

/** What is counted of an experience under a name of its own: its exposures, and one goal's rewards. */
export interface Book {
  readonly name: string
  readonly goal: string
  readonly experience: CompiledExperience
}

/** An experience's own book bears its id; each watched goal has one more. */
export function booksOf(experience: CompiledExperience): Book[] {
  const { id, goal, watched = [] } = experience
  return [
    ...(goal === undefined ? [] : [{ name: id, goal, experience }]),
    ...watched.map((other) => ({ name: watchedName(id, other), goal: other, experience })),
  ]
}

/** The name under which an experience's watched goal is counted: no id has a tilde. */
export function watchedName(experience: string, goal: string): string {
  return `${experience}~${goal}`
}

/** A bundle document made ready for requests: its lookups are built once per isolate. */
export interface Bundle extends BundleDocument {
  readonly hash: string
  readonly slotsByPath: PathIndex<OpenSlot>
  readonly slotById: ReadonlyMap<string, Slot>
  readonly experienceById: ReadonlyMap<string, CompiledExperience>
  /** Goal id → the books that it is counted in. */
  readonly booksByGoal: ReadonlyMap<string, readonly Book[]>
  readonly pageGoals: PathIndex<Goal>
  /** Seconds for which pages are kept by the site's own word. */
  readonly keptSeconds: PathIndex<number>
  /** Event name → goals it may meet. */
  readonly eventGoals: ReadonlyMap<string, readonly Goal[]>
}

export function openBundle(document: BundleDocument, hash: string): Bundle {
  const { site, slots, experiences, goals } = document
  const bySlot = Map.groupBy(experiences, (experience) => experience.slot)
  const pageGoals = goals.filter((goal) => goal.kind === 'page')
  const eventGoals = goals.filter((goal) => goal.kind === 'event')
  return {
    ...document,
    hash,
    slotsByPath: createPathIndex(
      slots
        .filter((slot) => bySlot.has(slot.id))
        .map((slot) => ({
          value: { slot, experiences: bySlot.get(slot.id) ?? [] },
          patterns: slot.pages,
        })),
    ),
    slotById: new Map(slots.map((slot) => [slot.id, slot])),
    experienceById: new Map(experiences.map((experience) => [experience.id, experience])),
    booksByGoal: Map.groupBy(experiences.flatMap(booksOf), ({ goal }) => goal),
    pageGoals: createPathIndex(pageGoals.map((goal) => ({ value: goal, patterns: goal.pages }))),
    keptSeconds: createPathIndex(
      (site.keep ?? []).map(({ pages, seconds }) => ({ value: seconds, patterns: pages })),
    ),
    eventGoals: Map.groupBy(eventGoals, (goal) => goal.event),
  }
}
