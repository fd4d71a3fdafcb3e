import type * as z from 'zod'
import { AttributeSchema } from '../model/attribute.ts'
import { AudienceSchema } from '../model/audience.ts'
import type { Kind } from '../model/configuration.ts'
import { CounterSchema } from '../model/counter.ts'
import { ExperienceSchema } from '../model/experience.ts'
import { GoalSchema } from '../model/goal.ts'
import { ModuleSchema } from '../model/module.ts'
import { PolicySchema } from '../model/policy.ts'
import { SlotSchema } from '../model/slot.ts'
import { OfferSchema, VariantSchema } from '../model/variant.ts'

/** A kind of thing as the API lists it: which things of the configuration they are, and their form. */
export interface Resource {
  readonly kind: Kind
  readonly schema: z.ZodType<{ id: string; name?: string }>
  /** A property that makes one of these of a thing. */
  readonly having?: string
}

export const RESOURCES: Readonly<Record<string, Resource>> = {
  slots: { kind: 'slots', schema: SlotSchema },
  modules: { kind: 'modules', schema: ModuleSchema },
  variants: { kind: 'variants', schema: VariantSchema },
  offers: {
    kind: 'variants',
    schema: VariantSchema.extend({ offer: OfferSchema }),
    having: 'offer',
  },
  audiences: { kind: 'audiences', schema: AudienceSchema },
  goals: { kind: 'goals', schema: GoalSchema },
  experiences: { kind: 'experiences', schema: ExperienceSchema },
  attributes: { kind: 'attributes', schema: AttributeSchema },
  counters: { kind: 'counters', schema: CounterSchema },
  policies: { kind: 'policies', schema: PolicySchema },
}
