import { bestProbabilities } from '../../../src/bandit/best.ts'
import { posteriors } from '../../../src/bandit/prior.ts'
import { floored, toShares } from '../../../src/bandit/shares.ts'
import { SHARES } from '../../../src/model/learning.ts'
import { contrast } from '../../../src/reports/contrast.ts'
import {
  ALPHA,
  alwaysReach,
  differenceOf,
  type Interval,
  LEAST_VISITORS,
  onceReach,
  ratioOf,
} from '../../../src/reports/interval.ts'
import type { Stratum } from '../../../src/reports/strata.ts'
import { type Random, random } from '../random.ts'

/** One experience that learns while its report is watched. */
export interface World {
  readonly name: string
  /** True rates; the last arm is compared with the first. */
  readonly rates: readonly number[]
  /** Least share of each arm. */
  readonly floor: number
}

/** How intervals fared in one run. */
export interface Run {
  /** The watched interval left out the truth at some look. */
  readonly everMissed: boolean
  /** The interval for one look, at the end of the run, holds the true difference. */
  readonly covered: boolean
  /** The same of the ratio; nothing where none could be told. */
  readonly ratioCovered: boolean | null
  /** Estimated difference. */
  readonly difference: number
  /** Rewards of the compared arm over its visitors, as a table of plain rates has it. */
  readonly plain: number
}

const VISITORS = 50_000
/** Weights are published, and the report is looked at, after so many visitors each. */
const EVERY = 1_000

/** Learns from 50,000 visitors with the product's own weights, and watches the product's own intervals. */
export function watch({ rates, floor }: World, seed: number): Run {
  const chance = random(seed)
  const arms = rates.map((_, place) => `arm-${place}`)
  const [first = '', last = ''] = [arms[0], arms.at(-1)]
  const truth = (rates.at(-1) ?? 0) - (rates[0] ?? 0)
  const counted = rates.map(() => ({ trials: 0, rewarded: 0 }))
  const strata: Stratum[] = []
  let everMissed = false
  for (let version = 0; version < VISITORS / EVERY; version++) {
    const best = bestProbabilities(posteriors(counted)).probability
    const shares = toShares(version === 0 ? rates.map(() => 1) : floored(best, floor))
    const round = serve(shares, rates, chance)
    for (const [place, { shown, sum }] of round.entries()) {
      const arm = counted[place]
      if (arm) Object.assign(arm, { trials: arm.trials + shown, rewarded: arm.rewarded + sum })
    }
    strata.push({
      version,
      cells: new Map(arms.map((arm, place) => [arm, toCell(round[place], shares[place])])),
    })
    const found = contrast(strata, last, first)
    if (!found || found.visitors < LEAST_VISITORS) continue
    everMissed ||= !holds(differenceOf(found, alwaysReach(ALPHA)), truth)
  }
  const end = contrast(strata, last, first)
  if (!end) throw new Error('Nobody could have got either arm.')
  const ratio = ratioOf(end, onceReach())
  const { trials = 0, rewarded = 0 } = counted.at(-1) ?? {}
  return {
    everMissed,
    covered: holds(differenceOf(end, onceReach()), truth),
    ratioCovered: ratio && holds(ratio, (rates.at(-1) ?? 0) / (rates[0] ?? 1) - 1),
    difference: end.means[0] - end.means[1],
    plain: rewarded / Math.max(1, trials),
  }
}

const holds = ([low, high]: Interval, truth: number) => low <= truth && truth <= high

interface Served {
  readonly shown: number
  readonly sum: number
}

function toCell({ shown, sum }: Served = { shown: 0, sum: 0 }, share = 0) {
  return { shown, sum, squares: sum, odds: share / SHARES }
}

/** What becomes of one round's visitors under fixed shares. */
function serve(shares: readonly number[], rates: readonly number[], chance: Random): Served[] {
  const served = rates.map(() => ({ shown: 0, sum: 0 }))
  for (let visitor = 0; visitor < EVERY; visitor++) {
    let place = chance.uniform() * SHARES
    const arm = shares.findIndex((share) => {
      place -= share
      return place < 0
    })
    const found = served[arm]
    if (!found) continue
    found.shown += 1
    if (chance.uniform() < (rates[arm] ?? 0)) found.sum += 1
  }
  return served
}
