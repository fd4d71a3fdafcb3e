import * as z from 'zod'
import { Id } from './id.ts'

const common = { id: Id, name: z.string().max(120).default('') }

/** Hours after the exposure from which it counts, 0 unless given: “came back after a day”. */
const after = z
  .number()
  .min(0)
  .max(24 * 90)
  .optional()

/** What a variant is meant to bring about. */
export const GoalSchema = z.discriminatedUnion('kind', [
  /** A click inside the variant itself. */
  z.strictObject({ kind: z.literal('click'), ...common }),
  /** A page reached afterwards. */
  z.strictObject({
    kind: z.literal('page'),
    pages: z.array(z.string().startsWith('/').max(512)).min(1).max(50),
    after,
    ...common,
  }),
  /** A tracked event, with conditions on its properties where given. */
  z.strictObject({
    kind: z.literal('event'),
    event: z.string().min(1).max(128),
    condition: z.record(z.string(), z.json()).optional(),
    /** Numeric property that holds the worth, such as `revenue`. */
    value: z.string().min(1).max(64).optional(),
    after,
    ...common,
  }),
])

export type Goal = z.infer<typeof GoalSchema>
