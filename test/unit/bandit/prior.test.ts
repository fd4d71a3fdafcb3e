import { describe, expect, test } from 'vitest'
import { mean } from '../../../src/bandit/beta.ts'
import { LOGIT_DEVIATION, posteriors } from '../../../src/bandit/prior.ts'

describe('posteriors', () => {
  test('start as one reward in thirty trials', () => {
    expect(posteriors([{ trials: 0, rewarded: 0 }])).toEqual([{ a: 1, b: 30 }])
  })

  test('share a weak prior at the pooled rate while data are thin', () => {
    const arms = posteriors([
      { trials: 20, rewarded: 3 },
      { trials: 10, rewarded: 2 },
    ])
    expect(arms).toEqual([
      { a: 1 + 3, b: 10 + 17 },
      { a: 1 + 2, b: 10 + 8 },
    ])
  })

  test('shrink towards a prior as wide in logit as arms may lie apart', () => {
    const [arm, fresh] = posteriors([
      { trials: 1e6, rewarded: 12_500 },
      { trials: 0, rewarded: 0 },
    ])
    const prior = fresh ?? { a: 0, b: 0 }
    expect(mean(prior)).toBeCloseTo(0.0125, 3)
    expect(1 / Math.sqrt((prior.a + prior.b) * mean(prior) * (1 - mean(prior)))).toBeCloseTo(
      LOGIT_DEVIATION,
      10,
    )
    expect(arm?.a).toBeCloseTo(prior.a + 12_500, 6)
    expect(arm?.b).toBeCloseTo(prior.b + 987_500, 6)
  })

  test('do not let the arm with most of the traffic set the prior alone', () => {
    const fresh = posteriors([
      { trials: 1e6, rewarded: 50_000 },
      { trials: 2000, rewarded: 40 },
      { trials: 2000, rewarded: 40 },
      { trials: 0, rewarded: 0 },
    ]).at(-1)
    expect(mean(fresh ?? { a: 1, b: 0 })).toBeLessThan(0.04)
  })
})
