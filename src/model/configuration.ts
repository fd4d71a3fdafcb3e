import * as z from 'zod'
import { AttributeSchema } from './attribute.ts'
import { AudienceSchema } from './audience.ts'
import { CounterSchema } from './counter.ts'
import { ExperienceSchema } from './experience.ts'
import { GoalSchema } from './goal.ts'
import { ModuleSchema } from './module.ts'
import { PolicySchema } from './policy.ts'
import { SiteSchema } from './site.ts'
import { SlotSchema } from './slot.ts'
import { VariantSchema } from './variant.ts'

/** A site's whole configuration as editors write it: one document, or one row per thing in D1. */
export const ConfigurationSchema = z.strictObject({
  site: SiteSchema,
  slots: z.array(SlotSchema).default([]),
  modules: z.array(ModuleSchema).default([]),
  variants: z.array(VariantSchema).default([]),
  attributes: z.array(AttributeSchema).max(200).default([]),
  counters: z.array(CounterSchema).max(50).default([]),
  policies: z.array(PolicySchema).max(50).default([]),
  audiences: z.array(AudienceSchema).default([]),
  goals: z.array(GoalSchema).default([]),
  experiences: z.array(ExperienceSchema).default([]),
})

export type Configuration = z.infer<typeof ConfigurationSchema>

/** The kinds of thing a configuration lists, in the order in which they refer to each other. */
export const KINDS = [
  'slots',
  'modules',
  'variants',
  'attributes',
  'counters',
  'policies',
  'audiences',
  'goals',
  'experiences',
] as const satisfies readonly (keyof Configuration)[]

export type Kind = (typeof KINDS)[number]
