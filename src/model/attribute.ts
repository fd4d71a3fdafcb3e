import * as z from 'zod'
import { FieldName } from './id.ts'

export const ATTRIBUTE_TYPES = ['text', 'number', 'flag', 'date', 'list'] as const
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number]

/** Something that the business knows of its customers and imports: `profile.attributes.<id>` in rules. */
export const AttributeSchema = z.strictObject({
  id: FieldName,
  name: z.string().max(120).default(''),
  /** A `date` is a calendar day (`2001-02-29` is none), a `list` holds texts. */
  type: z.enum(ATTRIBUTE_TYPES),
  /** Days after which a value that was not confirmed again is no longer believed; never unless given. */
  maxAge: z
    .number()
    .min(1 / 24)
    .max(3650)
    .optional(),
})

export type Attribute = z.infer<typeof AttributeSchema>

export type AttributeValue = string | number | boolean | readonly string[]

/** One attribute of one customer. */
export interface KnownAttribute {
  /** Nothing where it is confirmed that there is none, such as an empty cell. */
  readonly value: AttributeValue | null
  /** Epoch ms at which the source last confirmed it. */
  readonly at: number
  /** The system it came from, such as `crm`. */
  readonly source: string
}

/** All that was imported of one customer, by attribute. */
export type CustomerRecord = Readonly<Record<string, KnownAttribute>>

/** Whether what was confirmed so many days ago may still be believed. */
export function isBelieved({ maxAge }: Pick<Attribute, 'maxAge'>, days: number): boolean {
  return maxAge === undefined || days <= maxAge
}
