/** A Beta distribution by its two shapes, both positive and finite. */
export interface Beta {
  readonly a: number
  readonly b: number
}

/** Expected value. */
export function mean({ a, b }: Beta): number {
  return a / (a + b)
}

/** Standard deviation. */
export function deviation({ a, b }: Beta): number {
  return Math.sqrt(a * b) / ((a + b) * Math.sqrt(a + b + 1))
}

const HALF_LN_TAU = Math.log(2 * Math.PI) / 2

/** B₂ₖ / (2k (2k − 1)), k = 1…7: the terms of Stirling's series (Abramowitz & Stegun 6.1.41). */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360, 1 / 156] as const

/** From here on seven terms of the series are exact to a double's last digit. */
const STIRLING_FROM = 10

/** ln Γ(x) − [(x − ½) ln x − x + ½ ln 2π]: what Stirling's formula leaves, for every x > 0. */
function stirlingRemainder(x: number): number {
  if (x < STIRLING_FROM) return lnGamma(x) - stirling(x)
  const inverse = 1 / x
  return STIRLING.reduceRight((sum, term) => sum * inverse * inverse + term, 0) * inverse
}

function stirling(x: number): number {
  return (x - 0.5) * Math.log(x) - x + HALF_LN_TAU
}

/** ln Γ(x) for x > 0; absolute error near 1e-14 below 10, relative error near 1e-15 above. */
export function lnGamma(x: number): number {
  let product = 1
  let shifted = x
  for (; shifted < STIRLING_FROM; shifted++) product *= shifted
  return stirling(shifted) + stirlingRemainder(shifted) - Math.log(product)
}

/**
 * x ln(x/y) + y − x without the cancellation of its terms where x ≈ y.
 * C. Loader, "Fast and Accurate Computation of Binomial Probabilities" (2000).
 */
function deviance(x: number, y: number): number {
  const difference = x - y
  if (Math.abs(difference) > 0.1 * (x + y)) return x * Math.log(x / y) - difference
  const ratio = difference / (x + y)
  const square = ratio * ratio
  let sum = difference * ratio
  let term = 2 * x * ratio
  // The ratio is at most a tenth, so eight terms, each a hundredth of the last, fill a double.
  for (let odd = 3; odd <= 17; odd += 2) {
    term *= square
    sum += term / odd
  }
  return sum
}

/**
 * ln of xᵃ (1 − x)ᵇ / B(a, b) for 0 < x < 1, exact to about 1e-14 even at a billion counts, where
 * the plain formula subtracts numbers of the order of the counts themselves.
 */
function lnKernel({ a, b }: Beta, x: number): number {
  const n = a + b
  const remainders = stirlingRemainder(n) - stirlingRemainder(a) - stirlingRemainder(b)
  const deviances = deviance(a, n * x) + deviance(b, n * (1 - x))
  return Math.log(a / n) / 2 + Math.log(b) / 2 - HALF_LN_TAU + remainders - deviances
}

/** ln of the density at x in (0, 1). */
export function lnDensity(beta: Beta, x: number): number {
  return lnKernel(beta, x) - Math.log(x) - Math.log1p(-x)
}

/** Stands for a zero denominator in Lentz's method. */
const TINY = 1e-300

/** The continued fraction of I_x(a, b) by Lentz's method (Numerical Recipes §6.4). */
function continuedFraction({ a, b }: Beta, x: number): number {
  const mostRounds = 100 + 10 * Math.sqrt(Math.max(a, b))
  let c = 1
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || TINY)
  let fraction = d
  for (let m = 1; m <= mostRounds; m++) {
    const at = a + 2 * m
    const even = (m * (b - m) * x) / ((at - 1) * at)
    d = 1 / (1 + even * d || TINY)
    c = 1 + even / c || TINY
    fraction *= d * c
    const next = (-(a + m) * (a + b + m) * x) / (at * (at + 1))
    d = 1 / (1 + next * d || TINY)
    c = 1 + next / c || TINY
    fraction *= d * c
    if (Math.abs(d * c - 1) < 1e-15) break
  }
  return fraction
}

/** P(X ≤ x): the regularised incomplete beta function I_x(a, b). */
export function cumulative(beta: Beta, x: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const { a, b } = beta
  if (x * (a + b + 2) > a + 1) return 1 - cumulativeBelowMean({ a: b, b: a }, 1 - x)
  return cumulativeBelowMean(beta, x)
}

/** The fraction converges fast on this side only; the other side is 1 minus its mirror image. */
function cumulativeBelowMean(beta: Beta, x: number): number {
  return (Math.exp(lnKernel(beta, x)) * continuedFraction(beta, x)) / beta.a
}

/** The x with P(X ≤ x) = p, by Newton's method kept inside a bisection bracket. */
export function quantile(beta: Beta, p: number): number {
  if (p <= 0) return 0
  if (p >= 1) return 1
  let low = 0
  let high = 1
  let x = mean(beta)
  while (high - low > 1e-15 * high) {
    const excess = cumulative(beta, x) - p
    if (excess === 0) return x
    if (excess > 0) high = x
    else low = x
    const newton = x - excess * Math.exp(-lnDensity(beta, x))
    const next = newton > low && newton < high ? newton : (low + high) / 2
    if (Math.abs(next - x) <= 1e-15 * x) return next
    x = next
  }
  return x
}
