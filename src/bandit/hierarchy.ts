import { bestProbabilities } from './best.ts'
import { type Beta, lnGamma } from './beta.ts'
import type { Trials } from './prior.ts'

/**
 * Rates of arms in segments, each a product base_g · r_k · d_gk of the segment's own rate, the arm's
 * appeal to everybody and what it is for this segment in particular, with Gamma priors of mean 1 on the
 * last two: hierarchical Gamma–Poisson. A segment with few visitors leans on r_k, that is, on all others.
 */

/** Relative variance of d_gk: how differently segments take an arm. Averaged over, by evidence. */
const INTERACTIONS = [0.003, 0.01, 0.03, 0.1, 0.3]
/** An explanation that is this much less likely than the best is left out. */
const NEGLIGIBLE = 0.01
/** Shape of the priors on r_k (relative deviation 0.22, as between arms of a headline test) and base_g. */
const ARM_SHAPE = 20
const BASE_SHAPE = 2
/** One reward in this many trials is what is expected at the outset. */
const OUTSET_TRIALS = 30
const ROUNDS = 6
/** Arms × cells of all quadratures together: about half a second. */
const MOST_WORK = 2 ** 24

/** A Gamma posterior. */
interface Gamma {
  readonly shape: number
  readonly rate: number
}

interface Fit {
  /** Shape and rate of the prior on d_gk. */
  readonly size: number
  readonly bases: readonly Gamma[]
  readonly arms: readonly Gamma[]
  readonly likelihood: number
}

/** What a segment's arms are believed to yield under one explanation, and how much it is believed. */
export interface Explanation {
  readonly weight: number
  /** Segments × arms. */
  readonly rates: readonly (readonly Beta[])[]
}

/** P(best) of each arm in each segment, given segments × arms of counts. */
export function bestBySegment(
  segments: readonly (readonly Trials[])[],
  prepare: (rates: readonly Beta[]) => readonly Beta[] = (rates) => rates,
): number[][] {
  const sums = segments.map((arms) => arms.map(() => 0))
  const explanations = explain(segments)
  const mostWork = MOST_WORK / (explanations.length * segments.length)
  for (const { weight, rates } of explanations) {
    for (const [g, arms] of rates.entries()) {
      const { probability } = bestProbabilities(prepare(arms), mostWork)
      const sum = sums[g] ?? []
      for (const [k, chance] of probability.entries()) sum[k] = (sum[k] ?? 0) + weight * chance
    }
  }
  return sums
}

/** The likely explanations of the counts. */
export function explain(segments: readonly (readonly Trials[])[]): Explanation[] {
  const fits = INTERACTIONS.map((variance) => toFit(segments, 1 / variance))
  const most = Math.max(...fits.map(({ likelihood }) => likelihood))
  const likely = fits.filter(({ likelihood }) => Math.exp(likelihood - most) > NEGLIGIBLE)
  const total = likely.reduce((sum, { likelihood }) => sum + Math.exp(likelihood - most), 0)
  return likely.map((one) => ({
    weight: Math.exp(one.likelihood - most) / total,
    rates: segments.map((arms, g) => arms.map((arm, k) => toRate(arm, one, g, k))),
  }))
}

/** Alternates between segments' rates and arms' appeal, each cell adding what it knows beyond d_gk. */
function toFit(segments: readonly (readonly Trials[])[], size: number): Fit {
  const outset = outsetRate(segments)
  let bases: Gamma[] = segments.map(() => ({ shape: outset, rate: 1 }))
  let arms: Gamma[] = (segments[0] ?? []).map(() => ({ shape: 1, rate: 1 }))
  const credit = (trials: number, base: Gamma, arm: Gamma) =>
    size / (size + trials * mean(base) * mean(arm))
  for (let round = 0; round < ROUNDS; round++) {
    bases = segments.map((cells, g) => {
      let [shape, rate] = [BASE_SHAPE, BASE_SHAPE / outset]
      for (const [k, { trials, rewarded }] of cells.entries()) {
        const [base, arm] = [bases[g] ?? UNIT, arms[k] ?? UNIT]
        const share = credit(trials, base, arm)
        shape += share * rewarded
        rate += share * trials * mean(arm)
      }
      return { shape, rate }
    })
    arms = arms.map((arm, k) => {
      let [shape, rate] = [ARM_SHAPE, ARM_SHAPE]
      for (const [g, cells] of segments.entries()) {
        const { trials, rewarded } = cells[k] ?? NONE
        const base = bases[g] ?? UNIT
        const share = credit(trials, base, arm)
        shape += share * rewarded
        rate += share * trials * mean(base)
      }
      return { shape, rate }
    })
  }
  return { size, bases, arms, likelihood: likelihood(segments, { size, bases, arms }) }
}

const UNIT: Gamma = { shape: 1, rate: 1 }
const NONE: Trials = { trials: 0, rewarded: 0 }

function mean({ shape, rate }: Gamma): number {
  return shape / rate
}

function outsetRate(segments: readonly (readonly Trials[])[]): number {
  const all = segments.flat()
  const rewarded = all.reduce((sum, arm) => sum + arm.rewarded, 0)
  return (1 + rewarded) / (OUTSET_TRIALS + all.reduce((sum, arm) => sum + arm.trials, 0))
}

/** ln P(counts | base, r) with d integrated out: negative binomial, less what no fit changes. */
function likelihood(
  segments: readonly (readonly Trials[])[],
  { size, bases, arms }: Omit<Fit, 'likelihood'>,
): number {
  let sum = 0
  for (const [g, cells] of segments.entries()) {
    for (const [k, { trials, rewarded }] of cells.entries()) {
      const expected = trials * mean(bases[g] ?? UNIT) * mean(arms[k] ?? UNIT)
      if (!(expected > 0)) continue
      sum +=
        lnGamma(rewarded + size) -
        lnGamma(size) -
        size * Math.log1p(expected / size) +
        rewarded * Math.log(expected / (size + expected))
    }
  }
  return sum
}

/** Gauss–Hermite with five points, for a standard normal. */
const NODES = [
  [-2.856970013872806, 0.011257411327720693],
  [-1.355626179974266, 0.2220759220056126],
  [0, 0.5333333333333333],
  [1.355626179974266, 0.2220759220056126],
  [2.856970013872806, 0.011257411327720693],
] as const

/** One arm's rate in one segment, by its first two moments over what r_k may be. */
function toRate(
  { trials, rewarded }: Trials,
  { size, bases, arms }: Fit,
  g: number,
  k: number,
): Beta {
  const base = mean(bases[g] ?? UNIT)
  const arm = arms[k] ?? UNIT
  const deviation = Math.sqrt(Math.log1p(1 / arm.shape))
  let [first, second] = [0, 0]
  for (const [node, weight] of NODES) {
    const appeal = mean(arm) * Math.exp(deviation * node - deviation ** 2 / 2)
    const shape = size + rewarded
    const rate = appeal / (size + trials * base * appeal)
    first += weight * shape * rate
    second += weight * shape * (shape + 1) * rate * rate
  }
  return toBeta(base * first, second / first ** 2 - 1)
}

/** Rates are below this: a Beta has no room for more. */
const MOST_RATE = 0.999

/**
 * The Beta of a mean and a squared relative deviation as counts of events have it, which for rates
 * is less by the part that is taken already (Poisson p, Bernoulli p (1 − p)).
 */
function toBeta(rate: number, spread: number): Beta {
  const mean = Math.min(MOST_RATE, Math.max(1e-12, rate))
  const trials = Math.max(1 / (mean * Math.max(spread, 1e-12)) - 1, 1e-3)
  return { a: mean * trials, b: (1 - mean) * trials }
}
