import { describe, expect, test } from 'vitest'
import { type Cohort, delayScale, maturity } from '../../../src/bandit/delay.ts'
import { random } from '../../bench/random.ts'

const HOUR = 3_600_000
const WINDOW = 24 * HOUR

/** Rewards of exposures spread evenly over the last `hours`, as far as they have come by now. */
function simulate(mean: number, hours: number, seed: number) {
  const { uniform } = random(seed)
  const exposures = 60_000
  let [rewarded, delay] = [0, 0]
  for (let n = 0; n < exposures; n++) {
    const age = uniform() * hours * HOUR
    const wait = -Math.log(uniform()) * mean
    if (uniform() > 0.1 || wait > Math.min(age, WINDOW)) continue
    rewarded += 1
    delay += wait
  }
  const cohorts: Cohort[] = Array.from({ length: 40 }, (_, n) => ({
    trials: exposures / 40,
    youngest: (n / 40) * hours * HOUR,
    oldest: ((n + 1) / 40) * hours * HOUR,
  }))
  return { cohorts, seen: { rewarded, delay } }
}

describe('delayScale', () => {
  test.each([
    ['an hour, seen for four', HOUR, 4],
    ['an hour, seen for a day', HOUR, 24],
    ['an hour, seen for one', HOUR, 1],
    ['half an hour, seen for a week', HOUR / 2, 168],
    ['twelve hours, of which the window cuts off some', 12 * HOUR, 96],
  ])('finds a mean delay of %s', (_, mean, hours) => {
    const { cohorts, seen } = simulate(mean, hours, 1)
    expect(seen.delay / seen.rewarded).toBeLessThan(1.02 * mean)
    const scale = delayScale(cohorts, seen, WINDOW)
    expect(scale / mean).toBeGreaterThan(0.8)
    expect(scale / mean).toBeLessThan(1.25)
  })

  const cohort = { trials: 1000, youngest: 0, oldest: HOUR }

  test('is nothing where rewards come at once, or where too few have come', () => {
    expect(delayScale([cohort], { rewarded: 50, delay: 0 }, WINDOW)).toBe(0)
    expect(delayScale([cohort], { rewarded: 4, delay: HOUR }, WINDOW)).toBe(0)
    expect(delayScale([], { rewarded: 50, delay: HOUR }, WINDOW)).toBe(WINDOW)
  })

  test('stops at the window where delays are as long as can be', () => {
    expect(delayScale([cohort], { rewarded: 50, delay: 50 * HOUR }, WINDOW)).toBe(WINDOW)
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY, -5])(
    'makes nothing of a delay of %s',
    (delay) => {
      const scale = delayScale([cohort], { rewarded: 50, delay }, WINDOW)
      expect(Number.isFinite(scale)).toBe(true)
    },
  )
})

describe('maturity', () => {
  test('of exposures of one age is the exponential distribution’s, up to the window', () => {
    const at = (age: number) => maturity({ youngest: age, oldest: age }, HOUR, WINDOW)
    expect(at(HOUR)).toBeCloseTo(1 - Math.exp(-1), 9)
    expect(at(0)).toBe(0)
    expect(at(WINDOW)).toBe(1)
    expect(at(9 * WINDOW)).toBe(1)
  })

  test('of exposures over a span is its mean there', () => {
    const mean = 1 - (Math.exp(-1) - Math.exp(-1.25)) / 0.25
    const cut = 1 - Math.exp(-24)
    expect(maturity({ youngest: HOUR, oldest: 1.25 * HOUR }, HOUR, WINDOW)).toBeCloseTo(
      mean / cut,
      6,
    )
  })

  test('is whole where nothing is late', () => {
    expect(maturity({ youngest: 0, oldest: 0 }, 0, WINDOW)).toBe(1)
  })
})
