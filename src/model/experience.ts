import * as z from 'zod'
import { CapSchema } from './cap.ts'
import { Id } from './id.ts'
import { SHARES } from './learning.ts'
import { DimensionSchema } from './segment.ts'

/** The exposure ladder, lowest rung first. */
export const RUNGS = ['delivered', 'survived', 'seen'] as const
export type Rung = (typeof RUNGS)[number]

/** What learning may aim at: rewards per exposure, or their worth per exposure. */
export const AIMS = ['rewards', 'value'] as const
export type Aim = (typeof AIMS)[number]

/** How firmly a lead is followed: `fast` counts evidence twice, `auto` does so from ten arms on. */
export const PACES = ['auto', 'steady', 'fast'] as const
export type Pace = (typeof PACES)[number]

/** Who takes a reward: the last touch, or every exposure that is open when the goal is met. */
export const ATTRIBUTIONS = ['last', 'all'] as const
export type Attribution = (typeof ATTRIBUTIONS)[number]

const HalfLifeSchema = z.strictObject({
  hours: z
    .number()
    .min(1)
    .max(24 * 365)
    .default(168),
  visitors: z.int().min(1000).max(1e9).default(50_000),
})

const Learning = {
  /** Whether a lift is to be read off, for which every arm must keep more of the traffic. */
  measured: z.boolean().default(true),
  /** Least share of each arm: 1 % while measured, else 0.2 %, unless it is given here. */
  floor: z.number().min(0).max(0.2).optional(),
  /** The rung of the exposure ladder that counts as a trial. */
  rung: z.enum(RUNGS).default('delivered'),
  aim: z.enum(AIMS).default('rewards'),
  pace: z.enum(PACES).default('auto'),
  /**
   * For slots that are always on and whose visitors change their minds: what is this old counts
   * half, by the clock or by the visitors since, whichever takes longer.
   */
  halfLife: HalfLifeSchema.optional(),
  /** Visitors who may like different things; a segment of few visitors borrows from all the others. */
  segments: z.array(DimensionSchema).max(4).default([]),
}

export const AllocationSchema = z.discriminatedUnion('kind', [
  /** Fixed shares, by each variant's `weight`; one variant is simply a rule. */
  z.strictObject({ kind: z.literal('split') }),
  /** Thompson sampling: shares follow what is learned. */
  z.strictObject({ kind: z.literal('bandit'), ...Learning }),
  /** An ordered list of up to `show` offers, better ones first more often. */
  z.strictObject({ kind: z.literal('ranked'), show: z.int().min(1).max(50), ...Learning }),
])

/**
 * A part of a layer's traffic, in ten-thousandths of its visitors: those of one layer must not
 * overlap, so that a visitor is in one of its experiences at most.
 */
export const LayerRangeSchema = z
  .strictObject({
    id: Id,
    from: z.int().min(0).max(SHARES),
    /** Not included. */
    to: z.int().min(0).max(SHARES),
  })
  .refine(({ from, to }) => from < to, { path: ['to'], error: 'the end must be above the start' })

/** Slot + audience + variants + allocation + goal + schedule + priority. */
/** Each watched goal makes one more book to keep of every visitor. */
const MOST_WATCHED = 5

/** A goal that is looked at beside the one that an experience is for. */
export const WatchedSchema = z.strictObject({
  goal: Id,
  /** A guardrail: what would be harm, `less` of it or `more`. */
  harm: z.enum(['less', 'more']).optional(),
})

export const ExperienceSchema = z.strictObject({
  /** The holdout's own hash goes by that name: an experience of the same would follow it. */
  id: Id.refine((id) => id !== 'holdout', 'this name is reserved'),
  name: z.string().max(120).default(''),
  slot: Id,
  audience: Id.optional(),
  /** Its part of a layer; everybody when absent. */
  layer: LayerRangeSchema.optional(),
  variants: z
    .array(z.strictObject({ variant: Id, weight: z.number().min(0).max(1e6).default(1) }))
    .min(1)
    .max(1000),
  allocation: AllocationSchema.default({ kind: 'split' }),
  goal: Id.optional(),
  /** Goals that are counted beside it, of which nothing is learned. */
  watched: z.array(WatchedSchema).max(MOST_WATCHED).optional(),
  /** Hours after an exposure in which the goal still counts for it. */
  window: z
    .number()
    .min(1 / 60)
    .max(24 * 90)
    .default(24),
  attribution: z.enum(ATTRIBUTIONS).default('last'),
  /** Visitors who allow an identifier keep their variant when shares change. */
  sticky: z.boolean().default(false),
  /** How often it may be shown; people are counted, so nobody without an identifier gets it. */
  cap: CapSchema.optional(),
  /** The campaign that it addresses people for, where policies keep campaigns apart. */
  campaign: Id.optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
  /** Higher goes first where several experiences want one slot. */
  priority: z.int().min(-1000).max(1000).default(0),
  paused: z.boolean().default(false),
})

export type HalfLife = z.infer<typeof HalfLifeSchema>
export type Watched = z.infer<typeof WatchedSchema>
export type LayerRange = z.infer<typeof LayerRangeSchema>
export type Allocation = z.infer<typeof AllocationSchema>
export type Experience = z.infer<typeof ExperienceSchema>
