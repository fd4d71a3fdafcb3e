import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fadedTo, lookAt, mergeFading, weightOf } from '../../../src/visitor/fading.ts'
import { AT } from './histories.ts'

const DAY = 86_400_000
const looks = (...ages: number[]) => ages.map((days) => lookAt(AT - days * DAY)).reduce(mergeFading)

describe('interest', () => {
  test.each([
    ['of today weighs 1', [0], 1],
    ['of a fortnight ago half of that', [14], 0.5],
    ['of four weeks ago a quarter', [28], 0.25],
    ['of yesterday a little less', [1], 2 ** (-1 / 14)],
    ['adds up', [0, 0, 14, 28], 2.75],
  ])('%s', (_, ages, weight) => expect(weightOf(looks(...ages), AT)).toBeCloseTo(weight, 12))

  test('goes on fading between readings as it would have by itself', () => {
    const fading = looks(0, 3, 40)
    for (const days of [0, 1, 14, 60]) {
      const later = AT + days * DAY
      expect(fadedTo(weightOf(fading, AT), AT, later)).toBeCloseTo(weightOf(fading, later), 12)
    }
  })

  test('of long before the newest is dropped, when it weighs a hundredth or so', () => {
    expect(Object.keys(looks(91, 0).days)).toHaveLength(2)
    const { days, firstAt, lastAt } = looks(92, 0)
    expect(Object.values(days)).toEqual([1])
    expect([firstAt, lastAt]).toEqual([AT - 92 * DAY, AT])
    expect(weightOf(looks(92), AT)).toBeLessThan(0.0106)
  })

  test('is the same in whatever order it was shown', () => {
    const ages = fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 1, maxLength: 30 })
    const shuffled = ages.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    )
    const property = fc.property(shuffled, ([one, other]) => {
      expect(looks(...one)).toEqual(looks(...other))
    })
    fc.assert(property, { seed: 1, numRuns: 300 })
  })
})
