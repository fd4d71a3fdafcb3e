import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  cumulative,
  deviation,
  lnDensity,
  lnGamma,
  mean,
  quantile,
} from '../../../src/bandit/beta.ts'

/** Vectors computed with mpmath 1.3 at 60 digits, rounded to the nearest double. */
const LN_GAMMA = [
  [1e-5, 11.512919692895826],
  [0.1, 2.252712651734206],
  [0.5, 0.5723649429247001],
  [1.5, -0.12078223763524522],
  [3.3, 0.9870985778947344],
  [9.99, 12.779315214350193],
  [10, 12.80182748008147],
  [12.5, 18.734347511936445],
  [100, 359.1342053695754],
  [1234.5, 7550.550901077895],
  [1e6, 12815504.569147613],
  [1e9, 19723265827.503716],
  [1e15, 3.3538776394910668e16],
] as const

/** a, b, x, ln of the density. */
const LN_DENSITY = [
  [1, 30, 0.01, 3.1097376419106135],
  [0.5, 0.5, 0.3, -0.364406011717066],
  [31, 970, 0.031, 4.284877732273649],
  [2.5, 7.25, 0.9, -9.643860985860222],
  [20.6, 640, 0.02, 2.7019155352412314],
  [1600, 1e5, 0.0157, 6.924295031957673],
  [3e4, 1e6, 0.0291, 7.7747827348390395],
  [3e7, 9.7e8, 0.03001, 9.493036831542161],
] as const

/** a, b, x, P(X ≤ x). */
const CUMULATIVE = [
  [1, 30, 0.01, 0.26029962661171957],
  [0.5, 0.5, 0.3, 0.36901011956554536],
  [0.5, 0.5, 0.999, 0.9798649583666225],
  [31, 970, 0.02, 0.012647748346112592],
  [31, 970, 0.031, 0.5250159842698449],
  [31, 970, 0.045, 0.9898046450538142],
  [2.5, 7.25, 0.9, 0.9999990877288637],
  [20.6, 640, 0.005, 1.1039529996711134e-10],
  [20.6, 640, 0.06, 0.9997521799351622],
  [1600, 1e5, 0.0157, 0.454239315593754],
  [3e4, 1e6, 0.0291, 0.43785411119159107],
  [3e4, 1e6, 0.0295, 0.9877259421782077],
  [7, 0.25, 0.9, 0.10875249086580191],
  [3e5, 9.7e6, 0.02995, 0.17701556920735384],
  [3e7, 9.7e8, 0.03, 0.5000231723547625],
] as const

/** a, b, p, the x with P(X ≤ x) = p. */
const QUANTILE = [
  [1, 30, 0.5, 0.022840031565754045],
  [0.5, 0.5, 0.1, 0.024471741852423217],
  [31, 970, 0.025, 0.02115817197020863],
  [31, 970, 0.975, 0.042551402470029046],
  [2.5, 7.25, 0.999, 0.7273466106613145],
  [20.6, 640, 1e-6, 0.008669574938927796],
  [1600, 1e5, 0.05, 0.015111038191214166],
  [3e4, 1e6, 0.975, 0.029451831280702712],
  [400, 400, 0.5, 0.5],
  [7, 0.5, 0.3, 0.9235815945569494],
] as const

const shape = fc.double({ min: 1, max: 5000, noNaN: true })
const inside = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true })

function relativeError(found: number, exact: number): number {
  return found === exact ? 0 : Math.abs(found / exact - 1)
}

describe('lnGamma', () => {
  test.each(LN_GAMMA)('of %d', (x, exact) => {
    expect(relativeError(lnGamma(x), exact)).toBeLessThan(1e-13)
  })

  test('is the logarithm of a factorial', () => {
    let factorial = 1
    for (let n = 1; n < 100; n++) {
      expect(lnGamma(n)).toBeCloseTo(Math.log(factorial), 11)
      factorial *= n
    }
  })
})

describe('lnDensity', () => {
  test.each(LN_DENSITY)('of Beta(%d, %d) at %d', (a, b, x, exact) => {
    expect(Math.abs(lnDensity({ a, b }, x) - exact)).toBeLessThan(1e-11)
  })

  test('of Beta(1, b) is b (1 − x)^(b − 1)', () => {
    fc.assert(
      fc.property(shape, inside, (b, x) => {
        const exact = Math.log(b) + (b - 1) * Math.log1p(-x)
        expect(Math.abs(lnDensity({ a: 1, b }, x) - exact)).toBeLessThan(1e-9)
      }),
      { seed: 1 },
    )
  })
})

describe('cumulative', () => {
  test.each(CUMULATIVE)('of Beta(%d, %d) at %d', (a, b, x, exact) => {
    expect(relativeError(cumulative({ a, b }, x), exact)).toBeLessThan(1e-11)
  })

  test('of Beta(a, 1) is x^a, of Beta(1, b) is 1 − (1 − x)^b', () => {
    fc.assert(
      fc.property(shape, inside, (size, x) => {
        const power = x ** size
        const rest = -Math.expm1(size * Math.log1p(-x))
        if (power > 1e-290) {
          expect(relativeError(cumulative({ a: size, b: 1 }, x), power)).toBeLessThan(1e-10)
        }
        expect(relativeError(cumulative({ a: 1, b: size }, x), rest)).toBeLessThan(1e-10)
      }),
      { seed: 2 },
    )
  })

  test('mirrors: I_x(a, b) = 1 − I_{1 − x}(b, a)', () => {
    fc.assert(
      fc.property(shape, shape, fc.integer({ min: 1, max: 1023 }), (a, b, step) => {
        const x = step / 1024
        const mirrored = 1 - cumulative({ a: b, b: a }, 1 - x)
        expect(Math.abs(cumulative({ a, b }, x) - mirrored)).toBeLessThan(1e-12)
      }),
      { seed: 3 },
    )
  })

  test('is a binomial tail for whole shapes', () => {
    const whole = fc.integer({ min: 1, max: 40 })
    fc.assert(
      fc.property(whole, whole, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (a, b, x) => {
        expect(relativeError(cumulative({ a, b }, x), binomialTail(a, b, x))).toBeLessThan(1e-10)
      }),
      { seed: 4 },
    )
  })

  test('is 0 below the range and 1 above it', () => {
    expect(cumulative({ a: 2, b: 3 }, 0)).toBe(0)
    expect(cumulative({ a: 2, b: 3 }, -1)).toBe(0)
    expect(cumulative({ a: 2, b: 3 }, 1)).toBe(1)
  })
})

describe('quantile', () => {
  test.each(QUANTILE)('of Beta(%d, %d) at %d', (a, b, p, exact) => {
    expect(relativeError(quantile({ a, b }, p), exact)).toBeLessThan(1e-11)
  })

  test('of Beta(1, b) is 1 − (1 − p)^(1/b)', () => {
    fc.assert(
      fc.property(shape, inside, (b, p) => {
        const exact = -Math.expm1(Math.log1p(-p) / b)
        expect(relativeError(quantile({ a: 1, b }, p), exact)).toBeLessThan(1e-10)
      }),
      { seed: 5 },
    )
  })

  test('undoes cumulative', () => {
    fc.assert(
      fc.property(shape, shape, inside, (a, b, p) => {
        expect(cumulative({ a, b }, quantile({ a, b }, p))).toBeCloseTo(p, 10)
      }),
      { seed: 6 },
    )
  })

  test('holds at a billion counts and at the ends', () => {
    const beta = { a: 3e7, b: 9.7e8 }
    const normal = mean(beta) + 1.959964 * deviation(beta)
    expect(relativeError(quantile(beta, 0.975), normal)).toBeLessThan(1e-7)
    expect(quantile(beta, 0)).toBe(0)
    expect(quantile(beta, 1)).toBe(1)
  })
})

/** Σ_{j ≥ a} C(n, j) xʲ (1 − x)ⁿ⁻ʲ with n = a + b − 1, which is I_x(a, b). */
function binomialTail(a: number, b: number, x: number): number {
  const n = a + b - 1
  let choose = 1
  let tail = 0
  for (let j = 0; j <= n; j++) {
    if (j >= a) tail += choose * x ** j * (1 - x) ** (n - j)
    choose *= (n - j) / (j + 1)
  }
  return tail
}
