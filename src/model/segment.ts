import * as z from 'zod'
import { Id } from './id.ts'

/** At most this many segments, `''` for everybody else included. */
export const MOST_SEGMENTS = 50

/** Segments × variants of one experience: what its published weights, and a learner, can hold. */
export const MOST_CELLS = 2_000

/** Without `/`, which stands between the values of a segment's name. */
const Value = z.string().regex(/^[^/\s]{1,40}$/, 'Use 1–40 characters, no spaces, no “/”.')
const values = z.array(Value).min(1).max(MOST_SEGMENTS)

/** Something by which visitors differ, with the few values that it has or that are told apart. */
export const DimensionSchema = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('device') }),
  z.strictObject({ by: z.literal('continent') }),
  z.strictObject({ by: z.literal('country'), values }),
  z.strictObject({ by: z.literal('language'), values }),
  /** `utm_source` of the visit. */
  z.strictObject({ by: z.literal('source'), values }),
  z.strictObject({ by: z.literal('returning') }),
  z.strictObject({ by: z.literal('signedIn') }),
  z.strictObject({ by: z.literal('audience'), audience: Id }),
])

export type Dimension = z.infer<typeof DimensionSchema>

/** What a visitor is called whose value is none of those that are told apart. */
const OTHER = '*'

const FIXED = {
  device: ['phone', 'tablet', 'desktop'],
  continent: ['AF', 'AN', 'AS', 'EU', 'NA', 'OC', 'SA', OTHER],
  returning: ['returning', 'new'],
  signedIn: ['signed-in', 'anonymous'],
  audience: ['in', 'out'],
} as const

/** Every value that a segment's name may have for a dimension. */
export function valuesOf(dimension: Dimension): readonly string[] {
  return 'values' in dimension ? [...new Set(dimension.values), OTHER] : FIXED[dimension.by]
}

/** How many segments the dimensions make together; none make none. */
export function countSegments(dimensions: readonly Dimension[]): number {
  if (dimensions.length === 0) return 0
  return dimensions.reduce((count, dimension) => count * valuesOf(dimension).length, 1)
}

/** The names of all segments that the dimensions make together, such as `phone/new`. */
export function segmentNames(dimensions: readonly Dimension[]): string[] {
  if (dimensions.length === 0) return []
  return dimensions
    .map(valuesOf)
    .reduce<string[]>(
      (names, values) =>
        names.flatMap((name) => values.map((value) => (name === '' ? value : `${name}/${value}`))),
      [''],
    )
}

/** What is told apart of one visitor, by dimension. */
export type Reader = (dimension: Dimension) => string

/** The name of the segment that a visitor is in; `''` where nothing divides visitors. */
export function segmentOf(dimensions: readonly Dimension[], read: Reader): string {
  return dimensions
    .map((dimension) => {
      const value = read(dimension)
      const known: readonly string[] =
        'values' in dimension ? dimension.values : FIXED[dimension.by]
      return known.includes(value) ? value : OTHER
    })
    .join('/')
}
