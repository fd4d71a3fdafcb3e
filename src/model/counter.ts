import * as z from 'zod'
import { Id } from './id.ts'

/**
 * Something that is counted of a visitor beside their events' names: those of one name whose
 * properties meet a condition, and the sum of one of these. `profile.counters.<id>.in7d` in rules.
 */
export const CounterSchema = z.strictObject({
  id: Id,
  name: z.string().max(120).default(''),
  event: z.string().min(1).max(128),
  condition: z.record(z.string(), z.json()).optional(),
  /** Numeric property that is added up, such as `stake`. */
  sum: z.string().min(1).max(64).optional(),
})

export type BehaviourCounter = z.infer<typeof CounterSchema>
