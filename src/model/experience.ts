import * as z from 'zod'
import { Id } from './id.ts'

/** The exposure ladder, lowest rung first. */
export const RUNGS = ['delivered', 'survived', 'seen'] as const
export type Rung = (typeof RUNGS)[number]

const Learning = {
  /** Least share of each arm, so that every arm stays measurable. */
  floor: z.number().min(0).max(0.2).default(0.01),
  /** The rung of the exposure ladder that counts as a trial. */
  rung: z.enum(RUNGS).default('delivered'),
}

export const AllocationSchema = z.discriminatedUnion('kind', [
  /** Fixed shares, by each variant's `weight`; one variant is simply a rule. */
  z.strictObject({ kind: z.literal('split') }),
  /** Thompson sampling: shares follow what is learned. */
  z.strictObject({ kind: z.literal('bandit'), ...Learning }),
  /** An ordered list of up to `show` offers, better ones first more often. */
  z.strictObject({ kind: z.literal('ranked'), show: z.int().min(1).max(50), ...Learning }),
])

/** Slot + audience + variants + allocation + goal + schedule + priority. */
export const ExperienceSchema = z.strictObject({
  id: Id,
  name: z.string().max(120).default(''),
  slot: Id,
  audience: Id.optional(),
  variants: z
    .array(z.strictObject({ variant: Id, weight: z.number().min(0).max(1e6).default(1) }))
    .min(1)
    .max(1000),
  allocation: AllocationSchema.default({ kind: 'split' }),
  goal: Id.optional(),
  /** Hours after an exposure in which the goal still counts for it. */
  window: z
    .number()
    .min(1 / 60)
    .max(24 * 90)
    .default(24),
  from: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
  /** Higher goes first where several experiences want one slot. */
  priority: z.int().min(-1000).max(1000).default(0),
  paused: z.boolean().default(false),
})

export type Allocation = z.infer<typeof AllocationSchema>
export type Experience = z.infer<typeof ExperienceSchema>
