import type { Cell, Stratum } from './strata.ts'

/**
 * Two arms among the same visitors: what each would bring per visitor if all of them got it, and how
 * far that is known. Variances are per visitor: divided by `visitors` they are those of the means.
 */
export interface Contrast {
  /** Visitors who could have got either arm. */
  readonly visitors: number
  readonly means: readonly [arm: number, against: number]
  /** Of the scores as they came. */
  readonly empirical: Spread
  /** From the arms' own spread and the probabilities alone. */
  readonly plugIn: Spread
}

/** Variances of two arms' scores, and their covariance. */
export interface Spread {
  readonly arm: number
  readonly against: number
  readonly both: number
}

/** What was counted of somebody: visitors, the sum of what they brought, and that of its squares. */
export type Counted = Pick<Cell, 'shown' | 'sum' | 'squares'>

const NOTHING: Counted = { shown: 0, sum: 0, squares: 0 }

/** A stratum in which both arms could be shown. */
interface Pair {
  readonly own: Cell
  readonly other: Cell
  readonly visitors: number
}

/**
 * Augmented inverse-probability weighting from counts (Hadad et al. 2021, arXiv 1911.02768): each
 * visitor scores m + 1{got the arm}·(Y − m)/e, where e is the probability with which they could
 * get it and m the arm's mean over earlier versions only. Whatever a learner did with what it saw,
 * the mean score is unbiased. Nothing where no visitor could have got either.
 */
export function contrast(
  strata: readonly Stratum[],
  arm: string,
  against: string,
): Contrast | undefined {
  const pairs = strata.flatMap((stratum) => toPair(stratum, arm, against) ?? [])
  const visitors = pairs.reduce((sum, pair) => sum + pair.visitors, 0)
  if (visitors === 0) return undefined
  const sums = toScores(strata, arm, against)
  const means = [sums.arm / visitors, sums.against / visitors] as const
  const empirical = {
    arm: Math.max(0, sums.arm2 / visitors - means[0] ** 2),
    against: Math.max(0, sums.against2 / visitors - means[1] ** 2),
    both: sums.both / visitors - means[0] * means[1],
  }
  return { visitors, means, empirical, plugIn: toPlugIn(pairs, visitors, poolOf(strata)) }
}

function toPair({ cells }: Stratum, arm: string, against: string): Pair | undefined {
  const [own, other] = [cells.get(arm), cells.get(against)]
  const visitors = [...cells.values()].reduce((sum, { shown }) => sum + shown, 0)
  return own && other && visitors > 0 ? { own, other, visitors } : undefined
}

interface Scores {
  readonly arm: number
  readonly against: number
  readonly arm2: number
  readonly against2: number
  readonly both: number
}

/** Sums of both arms' scores, of their squares and of their product, version by version. */
function toScores(strata: readonly Stratum[], arm: string, against: string): Scores {
  let sums: Scores = { arm: 0, against: 0, arm2: 0, against2: 0, both: 0 }
  let before = { arm: NOTHING, against: NOTHING, pooled: NOTHING }
  for (const version of Map.groupBy(strata, (stratum) => stratum.version).values()) {
    for (const stratum of version) {
      const pair = toPair(stratum, arm, against)
      if (!pair) continue
      // Where shares are those that were found, m cancels out of the mean: its own is the best one.
      const known = stratum.isFound
        ? { arm: pair.own, against: pair.other, pooled: poolOf([stratum]) }
        : before
      const m = meanOf(known.arm, known.pooled)
      const w = meanOf(known.against, known.pooled)
      sums = addScores(sums, pair, m, w)
    }
    before = {
      arm: version.reduce((sum, { cells }) => plus(sum, cells.get(arm)), before.arm),
      against: version.reduce((sum, { cells }) => plus(sum, cells.get(against)), before.against),
      pooled: plus(before.pooled, poolOf(version)),
    }
  }
  return sums
}

function addScores(sums: Scores, { own, other, visitors }: Pair, m: number, w: number): Scores {
  const [x, y] = [toCorrection(own, m), toCorrection(other, w)]
  return {
    arm: sums.arm + visitors * m + x.sum,
    against: sums.against + visitors * w + y.sum,
    arm2: sums.arm2 + visitors * m * m + 2 * m * x.sum + x.squares,
    against2: sums.against2 + visitors * w * w + 2 * w * y.sum + y.squares,
    // Nobody gets both arms, so the product of the two corrections is 0 for everybody.
    both: sums.both + visitors * m * w + w * x.sum + m * y.sum,
  }
}

/** Σ (Y − m)/e over those who got the arm, and Σ ((Y − m)/e)². */
function toCorrection({ shown, sum, squares, odds }: Cell, mean: number) {
  return {
    sum: (sum - shown * mean) / odds,
    squares: (squares - 2 * mean * sum + shown * mean * mean) / odds ** 2,
  }
}

/**
 * (1/n) Σ N σ²/e over the strata. Where an arm is hardly shown any more, the scores' own spread misses
 * the rewards that it might have had: intervals made of that alone miss in half of all simulated runs.
 */
function toPlugIn(pairs: readonly Pair[], visitors: number, pooled: Counted): Spread {
  const spreadOf = (cellOf: (pair: Pair) => Cell) => {
    const all = pairs.map(cellOf).reduce<Counted>(plus, NOTHING)
    const weight = pairs.reduce((sum, pair) => sum + pair.visitors / cellOf(pair).odds, 0)
    return (varianceOf(all, pooled) * weight) / visitors
  }
  return { arm: spreadOf(({ own }) => own), against: spreadOf(({ other }) => other), both: 0 }
}

/** Everything that was counted, of whichever arm. */
export function poolOf(strata: readonly Stratum[]): Counted {
  return strata.flatMap(({ cells }) => [...cells.values()]).reduce<Counted>(plus, NOTHING)
}

function plus(left: Counted, right: Counted = NOTHING): Counted {
  return {
    shown: left.shown + right.shown,
    sum: left.sum + right.sum,
    squares: left.squares + right.squares,
  }
}

/** Variance of what one visitor brings; where little was counted, that of all arms. */
export function varianceOf(own: Counted, pooled: Counted): number {
  const mean = meanOf(own, pooled)
  return Math.max(0, shrunk(own, pooled, ({ squares }) => squares) - mean * mean)
}

function meanOf(own: Counted, pooled: Counted): number {
  return shrunk(own, pooled, ({ sum }) => sum)
}

/**
 * A moment per visitor, to which all arms together add one success: (S + 1)/(n + 1/p) for rewards, p
 * being the pooled rate. 0 as long as nothing is known.
 */
function shrunk(own: Counted, pooled: Counted, of: (counted: Counted) => number): number {
  if (pooled.shown === 0) return 0
  const credit = toCredit(pooled)
  return (of(own) + (credit * of(pooled)) / pooled.shown) / (own.shown + credit)
}

/** Visitors it takes for one success: 1/p for rewards, more where worths vary. */
function toCredit({ shown, sum, squares }: Counted): number {
  return sum > 0 ? Math.min(shown, (shown * squares) / sum ** 2) : shown
}
