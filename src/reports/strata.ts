import { sharesOf } from '../bandit/shares.ts'
import { HOLDOUT_ARM } from '../model/exposure.ts'
import { type Counts, SHARES, type Total, type Weights } from '../model/learning.ts'

/** What was counted of one arm among visitors of one version and segment. */
export interface Cell {
  /** Visitors who got this arm. */
  readonly shown: number
  /** Sum of what they brought. */
  readonly sum: number
  /** Sum of its squares. */
  readonly squares: number
  /** Probability, 0–1, with which each visitor of the stratum got this arm. */
  readonly odds: number
}

/** Visitors for whom every arm had one and the same probability. */
export interface Stratum {
  readonly version: number
  /** Probabilities are the shares that were found, as in version 0: then each mean is a plain one. */
  readonly isFound?: boolean
  readonly cells: ReadonlyMap<string, Cell>
}

/** What an arm is judged by: how often it is rewarded, or how much that is worth. */
export type Outcome = 'rewards' | 'value'

/** Below this part of its share an arm came when version 0 was almost over. */
const LEAST_PART = 0.25

/** Arm → ten-thousandths, as configured: what version 0 is shown by. */
export type Shares = Readonly<Record<string, number>>

/**
 * Counts as strata, oldest version first, so that what is known before each is what precedes it in
 * the list. Versions whose weights are not on record yet are left out; in version 0, before any
 * were published, shares are what they turned out to be.
 */
export function toStrata(
  totals: readonly Total[],
  versions: readonly Weights[],
  outcome: Outcome,
  configured: Shares,
): Stratum[] {
  const weights = new Map(versions.map((version) => [version.version, version]))
  const arms = totals.filter(({ variant }) => variant !== HOLDOUT_ARM)
  const groups = Map.groupBy(arms, ({ version, segment }) => JSON.stringify([version, segment]))
  return [...groups.values()]
    .flatMap((group) => {
      const [{ version, segment } = NOWHERE] = group
      const published = weights.get(version)
      const shares = published && sharesOf(published, segment)
      if (version !== 0 && !shares) return []
      const odds = shares ? publishedOdds(shares) : foundOdds(group, configured)
      return [{ version, isFound: !shares, cells: toCells(group, odds, outcome) }]
    })
    .sort((left, right) => left.version - right.version)
}

const NOWHERE = { version: -1, segment: '' }

function publishedOdds(shares: Shares): Map<string, number> {
  const odds = Object.entries(shares).map(([arm, share]) => [arm, share / SHARES] as const)
  return new Map(odds.filter(([, share]) => share > 0))
}

function foundOdds(group: readonly Total[], configured: Shares): Map<string, number> {
  const sum = (list: readonly Total[]) => list.reduce((all, { counts }) => all + shownOf(counts), 0)
  const everybody = sum(group)
  const present = group.filter(({ variant, counts }) => {
    const due = (everybody * (configured[variant] ?? 0)) / SHARES
    return shownOf(counts) > LEAST_PART * due
  })
  const all = sum(present)
  return new Map(present.map(({ variant, counts }) => [variant, shownOf(counts) / all]))
}

function toCells(
  group: readonly Total[],
  odds: ReadonlyMap<string, number>,
  outcome: Outcome,
): Map<string, Cell> {
  const counted = new Map(group.map(({ variant, counts }) => [variant, counts]))
  return new Map(
    [...odds].map(([arm, share]) => {
      const counts = counted.get(arm)
      return [arm, { ...momentsOf(counts, outcome), odds: share }] as const
    }),
  )
}

/** How many got it, and the first two moments of what they brought. */
export function momentsOf(counts: Counts | undefined, outcome: Outcome): Omit<Cell, 'odds'> {
  if (!counts) return { shown: 0, sum: 0, squares: 0 }
  const shown = shownOf(counts)
  const { rewarded, value, value2 } = counts
  return outcome === 'value'
    ? { shown, sum: value, squares: value2 }
    : { shown, sum: rewarded, squares: rewarded }
}

/**
 * Everybody who was sent the arm, seen or not: whether it is looked at is part of what an arm does, so
 * comparing only those who looked would compare different people. A reward proves its exposure.
 */
export function shownOf({ delivered, rewarded }: Counts): number {
  return Math.max(0, delivered, rewarded)
}
