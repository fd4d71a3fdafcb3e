import * as z from 'zod'
import { Id } from './id.ts'

/** What makes a variant an offer, able to stand in a ranked list. */
export const OfferSchema = z.strictObject({
  /** Worth to the business of one taken offer, in any unit kept the same across a list. */
  value: z.number().positive().max(1e9).default(1),
  from: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
  /** Audience who may have it; everybody when absent. */
  eligible: Id.optional(),
  /** People who may be offered it in all; a unit is spoken for when a person is first shown it. */
  stock: z.int().min(1).max(1e9).optional(),
})

/** A module filled with content. */
export const VariantSchema = z.strictObject({
  id: Id,
  name: z.string().max(120).default(''),
  module: Id,
  content: z.record(z.string(), z.json()).default({}),
  /** What it is about, for the policies that govern products: `casino`, `credit`. */
  product: Id.optional(),
  offer: OfferSchema.optional(),
})

export type Offer = z.infer<typeof OfferSchema>
export type Variant = z.infer<typeof VariantSchema>
