import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  countSegments,
  type Dimension,
  DimensionSchema,
  segmentNames,
  segmentOf,
  valuesOf,
} from '../../../src/model/segment.ts'

const DEVICE: Dimension = { by: 'device' }
const COUNTRY: Dimension = { by: 'country', values: ['DE', 'SE', 'DE'] }
const RETURNING: Dimension = { by: 'returning' }

describe('segments', () => {
  test('are all combinations of what dimensions tell apart, once each', () => {
    expect(segmentNames([DEVICE])).toEqual(['phone', 'tablet', 'desktop'])
    expect(segmentNames([COUNTRY, RETURNING])).toEqual([
      ...['DE/returning', 'DE/new', 'SE/returning', 'SE/new', '*/returning', '*/new'],
    ])
    expect(segmentNames([])).toEqual([])
  })

  test('are named by the values of one visitor, a strange one as *', () => {
    const read = (values: Record<string, string>) => (dimension: Dimension) =>
      values[dimension.by] ?? ''
    expect(segmentOf([DEVICE, COUNTRY], read({ device: 'phone', country: 'SE' }))).toBe('phone/SE')
    expect(segmentOf([DEVICE, COUNTRY], read({ device: 'phone', country: 'FR' }))).toBe('phone/*')
    expect(segmentOf([COUNTRY], read({ country: '__proto__' }))).toBe('*')
    expect(segmentOf([], read({}))).toBe('')
  })

  test('are as many as are counted, and whoever comes is in one of them', () => {
    const dimension = fc.constantFrom<Dimension>(
      ...[DEVICE, COUNTRY, RETURNING, { by: 'continent' } as const, { by: 'signedIn' } as const],
      { by: 'audience', audience: 'hikers' },
    )
    fc.assert(
      fc.property(fc.array(dimension, { maxLength: 4 }), fc.nat(), (dimensions, pick) => {
        const names = segmentNames(dimensions)
        expect(new Set(names).size).toBe(names.length)
        expect(names.length).toBe(countSegments(dimensions))
        const name = segmentOf(dimensions, (one) => {
          const values = valuesOf(one)
          return values[pick % values.length] ?? ''
        })
        if (dimensions.length > 0) expect(names).toContain(name)
      }),
      { seed: 1, numRuns: 100 },
    )
  })

  test.each(['a/b', 'a b', '', 'x'.repeat(41)])('do not take “%s” for a value', (value) => {
    expect(DimensionSchema.safeParse({ by: 'source', values: [value] }).success).toBe(false)
  })
})
