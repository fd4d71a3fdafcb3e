import * as z from 'zod'
import { FieldName, Id } from './id.ts'

const common = { label: z.string().max(120).default(''), required: z.boolean().default(true) }

const ScalarField = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('text'),
    max: z.int().min(1).max(5000).default(500),
    ...common,
  }),
  z.strictObject({ kind: z.literal('number'), ...common }),
  z.strictObject({ kind: z.literal('flag'), ...common }),
  /** A link: http(s), mailto, tel, or relative to the site. */
  z.strictObject({ kind: z.literal('url'), ...common }),
  /** A picture: https, or relative to the site. */
  z.strictObject({ kind: z.literal('image'), ...common }),
])

const ListField = z.strictObject({
  kind: z.literal('list'),
  max: z.int().min(1).max(100).default(20),
  fields: z.record(FieldName, ScalarField),
  ...common,
})

export const FieldSchema = z.union([ScalarField, ListField])

/** A kind of block: a mustache template and the fields an editor fills in. */
export const ModuleSchema = z.strictObject({
  id: Id,
  name: z.string().max(120).default(''),
  template: z.string().min(1).max(65_536),
  fields: z.record(FieldName, FieldSchema).default({}),
})

export type ScalarField = z.infer<typeof ScalarField>
export type Field = z.infer<typeof FieldSchema>
export type Module = z.infer<typeof ModuleSchema>
