import * as z from 'zod'
import { COUNTERS, type Counter } from './learning.ts'

const GrownSchema = z.partialRecord(z.enum(COUNTERS), z.number())

/** What was just counted of an experience: what each variant's counts grew by. */
export const NewsSchema = z.object({
  /** Epoch ms at which it was counted. */
  at: z.int(),
  arms: z.record(z.string(), GrownSchema),
})

export type News = Readonly<z.infer<typeof NewsSchema>>

/** What a count grew by; counters that stayed are left out. */
export type Grown = Readonly<Partial<Record<Counter, number>>>
