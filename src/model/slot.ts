import * as z from 'zod'
import { Id } from './id.ts'

export const OPERATIONS = [
  'replace',
  'inner',
  'prepend',
  'append',
  'before',
  'after',
  'remove',
  'set-attribute',
] as const

export type Operation = (typeof OPERATIONS)[number]

/** A place on a site's pages. */
export const SlotSchema = z
  .strictObject({
    id: Id,
    name: z.string().max(120).default(''),
    /** CSS selector as HTMLRewriter understands it; the first element that matches is the slot. */
    selector: z.string().min(1).max(512),
    /** Pathname patterns (URLPattern syntax): `/`, `/products/*`, `/products/:id`. */
    pages: z.array(z.string().startsWith('/').max(512)).min(1).max(50),
    operation: z.enum(OPERATIONS).default('inner'),
    /** For `set-attribute`: the attribute's name. */
    attribute: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,63}$/)
      .optional(),
    /** A page of these patterns without the element is a fault to report. */
    required: z.boolean().default(false),
  })
  .refine((slot) => (slot.operation === 'set-attribute') === (slot.attribute !== undefined), {
    error: 'name an attribute for set-attribute, and for nothing else',
    path: ['attribute'],
  })

export type Slot = z.infer<typeof SlotSchema>
