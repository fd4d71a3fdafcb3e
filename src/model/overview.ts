import * as z from 'zod'
import { CAVEATS, LiftSchema, VerdictSchema } from './report.ts'

/** One experience in a line. */
export const StandingSchema = z.object({
  id: z.string(),
  name: z.string(),
  slot: z.string(),
  allocation: z.enum(['split', 'bandit', 'ranked']),
  goal: z.string().nullable(),
  /** Visitors who were sent one of its variants, ever, and in the last week. */
  shown: z.number(),
  lately: z.number(),
  rewarded: z.number(),
  verdict: VerdictSchema,
  /** Id → name of the variants. */
  names: z.record(z.string(), z.string()),
  control: z.string().nullable(),
  /** Beside the control, of the arm that the verdict names. */
  lift: LiftSchema.nullable(),
  /** All variants beside those who are left alone. */
  worth: LiftSchema.nullable(),
  caveats: z.array(z.enum(CAVEATS)),
  /** Guardrails that are broken: which variant, and the name of the goal. */
  harmed: z.array(z.object({ arm: z.string(), goal: z.string() })),
})

/** Something that changed, or that needs a person. `need` is told first. */
export const InsightSchema = z.discriminatedUnion('kind', [
  /** Shares were not served as published: no figure of the experience can be believed. */
  z.object({ kind: z.literal('sample_ratio'), experience: z.string() }),
  /** Rewards come from somewhere far more often, or more rarely, than from everywhere else. */
  z.object({ kind: z.literal('odd_source'), experience: z.string() }),
  /** A slot that pages must have is on none of them any more. */
  z.object({ kind: z.literal('slot_gone'), slot: z.string(), lastFoundAt: z.int() }),
  /** A group's or a stock's places are all taken. */
  z.object({
    kind: z.literal('cap_full'),
    of: z.enum(['group', 'stock']),
    id: z.string(),
    most: z.int(),
  }),
  /** Much was counted since the weights were made, and no new ones came. */
  z.object({ kind: z.literal('weights_stuck'), experience: z.string(), since: z.int() }),
  /** Attributes are older than rules may believe. */
  z.object({ kind: z.literal('stale_import'), source: z.string(), at: z.int(), days: z.number() }),
  z.object({ kind: z.literal('winner'), experience: z.string(), arm: z.string() }),
  z.object({ kind: z.literal('control_best'), experience: z.string(), arm: z.string() }),
  /** It runs, and nobody has got it for a week. */
  z.object({ kind: z.literal('nobody'), experience: z.string() }),
  z.object({ kind: z.literal('harm'), experience: z.string() }),
  /** A guardrail: a variant clearly does harm to a goal that is watched. */
  z.object({
    ...{ kind: z.literal('guardrail'), experience: z.string(), arm: z.string() },
    goal: z.string(),
  }),
])

export const OverviewSchema = z.object({
  /** Epoch ms. */
  generatedAt: z.int(),
  insights: z.array(InsightSchema),
  experiences: z.array(StandingSchema),
})

export type Standing = z.infer<typeof StandingSchema>
export type Insight = z.infer<typeof InsightSchema>
export type Overview = z.infer<typeof OverviewSchema>
