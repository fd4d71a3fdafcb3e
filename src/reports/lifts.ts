import type { Estimate, Lift } from '../model/report.ts'
import { type Contrast, type Counted, contrast, varianceOf } from './contrast.ts'
import {
  ALPHA,
  alwaysReach,
  differenceOf,
  type Interval,
  LEAST_VISITORS,
  onceReach,
  ratioOf,
  visitorsUntilClear,
} from './interval.ts'
import type { Stratum } from './strata.ts'

/**
 * A contrast as a report tells it. `comparisons` are those of the whole report: what is clear is so at
 * an error of 5 % in all (Bonferroni), whereas each interval stands for itself.
 */
export function toLift(found: Contrast, comparisons: number): Lift {
  const reach = alwaysReach(ALPHA / Math.max(1, comparisons))
  const [arm, against] = found.means
  const isMany = found.visitors >= LEAST_VISITORS
  const always = isMany ? differenceOf(found, alwaysReach()) : null
  const clear = isMany ? sideOf(differenceOf(found, reach)) : null
  const ratio = ratioOf(found, onceReach())
  return {
    visitors: found.visitors,
    difference: {
      estimate: arm - against,
      once: pair(differenceOf(found, onceReach())),
      always: pair(always),
    },
    relative:
      against > 0 && ratio
        ? {
            estimate: arm / against - 1,
            once: pair(ratio),
            always: isMany ? pair(ratioOf(found, alwaysReach())) : null,
          }
        : null,
    clear,
    more: toMore(found, reach),
  }
}

/** So many times the visitors so far are more than anybody waits for. */
const LONGEST_WAIT = 50

function toMore(found: Contrast, reach: ReturnType<typeof alwaysReach>): number | null {
  const more = visitorsUntilClear(found, reach)
  if (more === null || more > LONGEST_WAIT * Math.max(found.visitors, LEAST_VISITORS)) return null
  return Math.max(more, LEAST_VISITORS - found.visitors, 0)
}

function sideOf([low, high]: Interval): Lift['clear'] {
  if (low > 0) return 'above'
  return high < 0 ? 'below' : null
}

function pair(interval: Interval | null): [number, number] | null {
  return interval && [interval[0], interval[1]]
}

/** The lift of an arm over another one; nothing where no visitor could have got either. */
export function liftOf(
  strata: readonly Stratum[],
  arm: string,
  control: string,
  comparisons: number,
): Lift | null {
  const found = contrast(strata, arm, control)
  return found ? toLift(found, comparisons) : null
}

/** A mean with its variance per visitor. */
export interface Sample {
  readonly visitors: number
  readonly mean: number
  readonly variance: number
}

/** Everybody who was counted, as one sample. */
export function sampleOf(counted: Counted): Sample | undefined {
  if (counted.shown <= 0) return undefined
  const mean = counted.sum / counted.shown
  return { visitors: counted.shown, mean, variance: varianceOf(counted, counted) }
}

/** What an arm would bring if everybody got it, among all who could have. */
export function armSample(strata: readonly Stratum[], arm: string): Sample | undefined {
  const found = contrast(strata, arm, arm)
  if (!found) return undefined
  const variance = Math.max(found.empirical.arm, found.plugIn.arm)
  return { visitors: found.visitors, mean: found.means[0], variance }
}

/** Two samples of different visitors, such as those who are left alone and all others. */
export function independent(own: Sample, other: Sample): Contrast {
  const visitors = own.visitors + other.visitors
  const spread = {
    arm: (own.variance * visitors) / own.visitors,
    against: (other.variance * visitors) / other.visitors,
    both: 0,
  }
  return { visitors, means: [own.mean, other.mean], empirical: spread, plugIn: spread }
}

/**
 * What was gained in all by shares other than even ones: Σ (shown − even) · mean over the arms, each
 * mean being what the arm would bring if everybody got it.
 */
export function savedOf(strata: readonly Stratum[]): Estimate | null {
  const surplus = surplusOf(strata)
  let [sum, variance] = [0, 0]
  for (const [arm, more] of surplus) {
    const sample = armSample(strata, arm)
    if (!sample) continue
    sum += more * sample.mean
    variance += (more ** 2 * sample.variance) / sample.visitors
  }
  if (variance === 0) return null
  const half = onceReach()(1) * Math.sqrt(variance)
  return { estimate: sum, once: [sum - half, sum + half], always: null }
}

/** How many visitors more than an even split would have given each arm. */
function surplusOf(strata: readonly Stratum[]): Map<string, number> {
  const surplus = new Map<string, number>()
  for (const { cells } of strata) {
    const all = [...cells.values()].reduce((sum, { shown }) => sum + shown, 0)
    for (const [arm, { shown }] of cells) {
      surplus.set(arm, (surplus.get(arm) ?? 0) + shown - all / cells.size)
    }
  }
  return surplus
}
