import * as z from 'zod'
import { AIMS, RUNGS } from './experience.ts'
import { COUNTERS } from './learning.ts'

const Rate = z.number().min(0).max(1)
const RangeSchema = z.tuple([z.number(), z.number()])
/** As `Counts`. */
export const CountsSchema = z.record(z.enum(COUNTERS), z.number())

/** A figure with where it may lie. */
const EstimateSchema = z.object({
  estimate: z.number(),
  /** 95 % interval for one look at a time that was settled beforehand; nothing where none can be told. */
  once: RangeSchema.nullable(),
  /** 95 % interval that holds however often one looks; nothing before there are enough visitors. */
  always: RangeSchema.nullable(),
})

/** What an arm brings beside another one, among visitors who could have got either. */
export const LiftSchema = z.object({
  /** Visitors compared. */
  visitors: z.number(),
  /** Per visitor: a rate, or a worth. */
  difference: EstimateSchema,
  /** The same as a part of what the other arm brings; nothing where that may be nothing. */
  relative: EstimateSchema.nullable(),
  /** Whether the difference is clear by now, all comparisons of the report taken together. */
  clear: z.enum(['above', 'below']).nullable(),
  /** About how many visitors more until it is, at the difference seen so far; nothing where too many. */
  more: z.number().nullable(),
})

export const ArmReportSchema = z.object({
  /** A variant's id, or `~holdout`. */
  arm: z.string(),
  name: z.string(),
  /** Ten-thousandths of the traffic now. */
  share: z.number(),
  counts: CountsSchema,
  /** Rewards per trial on the experience's rung, as counted; nothing without a trial, or a goal. */
  rate: z.number().nullable(),
  /** 95 % credible interval of the rate. */
  interval: RangeSchema.nullable(),
  /**
   * The rate as believed beside the other arms': the leader's own is too high as a rule. Where segments had
   * shares of their own, out of those delivered, if everybody got the arm.
   */
  believed: z.number().nullable(),
  /** Probability of being best: a gauge. */
  best: Rate.nullable(),
  /** Rate given away, as expected, by showing nothing but this arm. */
  expectedLoss: z.number().nullable(),
  lift: LiftSchema.nullable(),
  /** Beside those who are left alone. */
  worth: LiftSchema.nullable(),
})

/** What can honestly be said in one line. */
export const VerdictSchema = z.discriminatedUnion('kind', [
  /** Nobody has been shown anything. */
  z.object({ kind: z.literal('nothing') }),
  z.object({ kind: z.literal('no_goal') }),
  z.object({ kind: z.literal('single'), arm: z.string() }),
  /** Lists, whose offers are shown beside each other, are not compared. */
  z.object({ kind: z.literal('listed'), arm: z.string() }),
  /** Fewer visitors than any interval can be made of. */
  z.object({ kind: z.literal('too_few'), more: z.number() }),
  /** One is in front, and it is not clear yet. */
  z.object({ kind: z.literal('open'), arm: z.string(), more: z.number().nullable() }),
  /** One is clearly better than the control. */
  z.object({ kind: z.literal('better'), arm: z.string() }),
  /** The control is clearly better than all others. */
  z.object({ kind: z.literal('control'), arm: z.string() }),
  /** Whatever there may be between them is too little to matter. */
  z.object({ kind: z.literal('alike'), arm: z.string(), within: z.number() }),
])

/** What must be known to read the figures right. */
export const CAVEATS = [
  /** Arms were not shown as often as they should have been: comparisons cannot be believed. */
  'sample_ratio',
  /** Visitors without consent are counted with the variants and never left alone. */
  'aggregate',
  /** Rewards of the last visitors are still to come. */
  'window',
  /** Some variants are kept from some visitors, who then are not like those of the others. */
  'shut',
  /** A source whose visitors are rewarded far more often, or more rarely, than all others. */
  'odd_source',
  /** Segments had shares of their own: plain rates mix other people for each variant. */
  'mixed',
  /** Fixed shares were changed on the way: plain rates mix other times for each variant. */
  'reshared',
] as const

export const DayRowSchema = z.object({
  /** `2026-11-27`, by the report's zone. */
  day: z.string(),
  arm: z.string(),
  counts: CountsSchema,
})

export const SegmentRowSchema = z.object({
  segment: z.string(),
  arm: z.string(),
  shown: z.number(),
  rewarded: z.number(),
  rate: z.number().nullable(),
  interval: RangeSchema.nullable(),
  lift: LiftSchema.nullable(),
})

/** A goal that is counted beside the experience's own. */
export const WatchedGoalSchema = z.object({
  goal: z.string(),
  name: z.string(),
  /** What would be harm; nothing where it is no guardrail. */
  harm: z.enum(['less', 'more']).nullable(),
  arms: z.array(
    z.object({
      arm: z.string(),
      shown: z.number(),
      rewarded: z.number(),
      /** Out of those delivered. */
      rate: z.number().nullable(),
      lift: LiftSchema.nullable(),
    }),
  ),
  /** Variants that clearly do harm, all watched comparisons taken together. */
  harmed: z.array(z.string()),
})

export const ReportSchema = z.object({
  /** Epoch ms. */
  generatedAt: z.int(),
  id: z.string(),
  name: z.string(),
  slot: z.string(),
  allocation: z.enum(['split', 'bandit', 'ranked']),
  goal: z.string().nullable(),
  rung: z.enum(RUNGS),
  version: z.int(),
  /** IANA zone by which days are told. */
  zone: z.string(),
  /** What lifts are of: how often visitors are rewarded, or how much that is worth. */
  measure: z.enum(AIMS),
  /** The arm that others are compared with. */
  control: z.string().nullable(),
  /** Only these visitors, where one segment was asked for. */
  segment: z.string().nullable(),
  arms: z.array(ArmReportSchema),
  verdict: VerdictSchema,
  caveats: z.array(z.enum(CAVEATS)),
  /** All variants together beside those who are left alone. */
  worth: LiftSchema.nullable(),
  /** What learning brought beyond an even split, in all; nothing where shares are fixed. */
  saved: EstimateSchema.nullable(),
  watched: z.array(WatchedGoalSchema),
  days: z.array(DayRowSchema),
  segments: z.array(SegmentRowSchema),
  /** Published shares, oldest first. */
  history: z.array(
    z.object({ version: z.int(), at: z.int(), shares: z.record(z.string(), z.number()) }),
  ),
  audit: z.looseObject({ at: z.int() }).nullable(),
})

export type Estimate = z.infer<typeof EstimateSchema>
export type Lift = z.infer<typeof LiftSchema>
export type ArmReport = z.infer<typeof ArmReportSchema>
export type Verdict = z.infer<typeof VerdictSchema>
export type Caveat = (typeof CAVEATS)[number]
export type WatchedGoal = z.infer<typeof WatchedGoalSchema>
export type DayRow = z.infer<typeof DayRowSchema>
export type SegmentRow = z.infer<typeof SegmentRowSchema>
export type Report = z.infer<typeof ReportSchema>
