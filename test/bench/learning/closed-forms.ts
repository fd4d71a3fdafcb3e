import { bestProbabilities } from '../../../src/bandit/best.ts'
import { type Beta, lnGamma } from '../../../src/bandit/beta.ts'

const lnB = (a: number, b: number) => lnGamma(a) + lnGamma(b) - lnGamma(a + b)

/** P(X > Y) of two Betas, for whole shapes of the first: a finite sum. */
function chanceToBeat(x: Beta, y: Beta): number {
  let sum = 0
  for (let i = 0; i < x.a; i++) {
    sum += Math.exp(lnB(y.a + i, y.b + x.b) - Math.log(x.b + i) - lnB(1 + i, x.b) - lnB(y.a, y.b))
  }
  return sum
}

const PAIRS: readonly (readonly [Beta, Beta])[] = [
  [
    { a: 1, b: 30 },
    { a: 1, b: 30 },
  ],
  [
    { a: 3, b: 90 },
    { a: 6, b: 95 },
  ],
  [
    { a: 31, b: 970 },
    { a: 41, b: 960 },
  ],
  [
    { a: 400, b: 9600 },
    { a: 430, b: 9570 },
  ],
  [
    { a: 2000, b: 98_000 },
    { a: 2, b: 60 },
  ],
  [
    { a: 80, b: 20 },
    { a: 75, b: 25 },
  ],
  [
    { a: 1, b: 100 },
    { a: 900, b: 30_000 },
  ],
]

/** Four million draws agree with these. */
const THREE = {
  arms: [
    { a: 31, b: 970 },
    { a: 36, b: 965 },
    { a: 41, b: 960 },
  ],
  probability: [0.069241, 0.255332, 0.675427],
}

/** The largest error of P(best) against closed forms and the vector. */
export function largestError(): number {
  const pairs = PAIRS.map(([x, y]) => {
    const [first = Number.NaN] = bestProbabilities([x, y]).probability
    return Math.abs(first - chanceToBeat(x, y))
  })
  const three = bestProbabilities(THREE.arms).probability.map((chance, arm) =>
    Math.abs(chance - (THREE.probability[arm] ?? Number.NaN)),
  )
  return Math.max(...pairs, ...three)
}
