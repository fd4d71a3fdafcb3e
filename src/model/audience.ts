import * as z from 'zod'
import { Id } from './id.ts'

/**
 * A condition in GrowthBook's MongoDB-style dialect over `signals.*`, `visitor.*` and `profile.*`.
 * Its operators are checked when a bundle is compiled; see `decide/condition.ts`.
 */
export type Condition = { [path: string]: z.core.util.JSONType }

/** A named rule about who is asking. */
export const AudienceSchema = z.strictObject({
  id: Id,
  name: z.string().max(120).default(''),
  condition: z.record(z.string(), z.json()),
})

export type Audience = z.infer<typeof AudienceSchema>
