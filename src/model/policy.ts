import * as z from 'zod'
import { FieldName, Id } from './id.ts'

const common = {
  id: Id,
  name: z.string().max(120).default(''),
  /** Variants of these products are governed; all variants unless given. */
  products: z.array(Id).min(1).max(100).optional(),
  /** What holds for visitors of whom nobody knows who they are; nothing is shown to them unless given. */
  anonymous: z.enum(['suppress', 'allow']).default('suppress'),
}

const attribute = FieldName
const hours = z
  .number()
  .min(1 / 60)
  .max(24 * 365)

/**
 * A rule of the house that comes before every experience, weight and pick, and that none of them can
 * override. What is not known, or too old to be believed, counts against showing something.
 */
export const PolicySchema = z.discriminatedUnion('kind', [
  /** Shown only to who opted in: the list attribute holds `<product>:<channel>`. */
  z.strictObject({
    kind: z.literal('opt-in'),
    attribute,
    channel: Id.default('web'),
    ...common,
    products: z.array(Id).min(1).max(100),
  }),
  /** The attribute is a flag, or the day until which a person has excluded themselves. */
  z.strictObject({ kind: z.literal('self-exclusion'), attribute, ...common }),
  /** The attribute is the birth date; of age on the birthday itself, in the visitor's time zone. */
  z.strictObject({
    kind: z.literal('under-age'),
    attribute,
    age: z.int().min(1).max(120).default(18),
    ...common,
  }),
  /** The attribute is a flag, a number or a list of open complaints or tickets. */
  z.strictObject({ kind: z.literal('open-case'), attribute, ...common }),
  /** Not for so many days after the day that the attribute holds. */
  z.strictObject({
    kind: z.literal('cooling-off'),
    attribute,
    days: z.int().min(1).max(3650),
    ...common,
  }),
  /** Not for so many hours after an event of the person. */
  z.strictObject({
    kind: z.literal('quiet-after'),
    event: z.string().min(1).max(128),
    hours: hours.max(24 * 90),
    ...common,
  }),
  /**
   * Not for so many hours after another campaign has addressed the person: one of ours, or one of
   * another system, whose day the attribute holds where one is named.
   */
  z.strictObject({
    kind: z.literal('addressed'),
    hours,
    attribute: attribute.optional(),
    ...common,
  }),
  /** Whoever meets the condition; attributes that it names must be known. */
  z.strictObject({ kind: z.literal('rule'), condition: z.record(z.string(), z.json()), ...common }),
])

export type Policy = z.infer<typeof PolicySchema>

/** A policy as published, with the name of its very wording. */
export type CompiledPolicy = Policy & { readonly version: string }

/** Why a variant was not to be shown. */
export const SUPPRESSIONS = [
  'no_opt_in',
  'self_excluded',
  'under_age',
  'open_case',
  'cooling_off',
  'quiet_after',
  'addressed',
  'rule',
  /** Nobody knows who the visitor is. */
  'anonymous',
  /** What the policy asks for was never said, or too long ago. */
  'unknown',
] as const

export type SuppressionReason = (typeof SUPPRESSIONS)[number]

/** One variant that a policy kept from a page, as it is put on record. */
export interface Suppression {
  readonly experience: string
  readonly variant: string
  readonly policy: string
  /** Version of the policy. */
  readonly version: string
  readonly reason: SuppressionReason
}
