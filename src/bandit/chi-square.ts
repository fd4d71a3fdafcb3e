import { lnGamma } from './beta.ts'

/** P(X > x) of a χ² distribution: the regularised upper incomplete gamma function Q(k/2, x/2). */
export function chiSquareTail(x: number, degrees: number): number {
  if (!(x > 0) || !(degrees > 0)) return 1
  if (x === Number.POSITIVE_INFINITY) return 0
  const [shape, at] = [degrees / 2, x / 2]
  const scale = Math.exp(shape * Math.log(at) - at - lnGamma(shape))
  return at < shape + 1
    ? Math.max(0, 1 - scale * lowerSeries(shape, at))
    : scale * upperFraction(shape, at)
}

const MOST_ROUNDS = 10_000
const PRECISION = 1e-15

/** γ(a, x) / (xᵃ e⁻ˣ) by its power series (Numerical Recipes §6.2). */
function lowerSeries(shape: number, at: number): number {
  let term = 1 / shape
  let sum = term
  for (let n = 1; n < MOST_ROUNDS && term > sum * PRECISION; n++) {
    term *= at / (shape + n)
    sum += term
  }
  return sum
}

/** Γ(a, x) / (xᵃ e⁻ˣ) by Lentz's method for its continued fraction. */
function upperFraction(shape: number, at: number): number {
  let b = at + 1 - shape
  let c = Number.POSITIVE_INFINITY
  let d = 1 / b
  let fraction = d
  for (let n = 1; n < MOST_ROUNDS; n++) {
    const a = n * (shape - n)
    b += 2
    d = 1 / (b + a * d)
    c = b + a / c
    fraction *= d * c
    if (Math.abs(d * c - 1) < PRECISION) break
  }
  return fraction
}
