import type { SampleRatio } from '../model/audit.ts'
import { SHARES, type Weights } from '../model/learning.ts'
import { chiSquareTail } from './chi-square.ts'
import { sharesOf } from './shares.ts'

/** Exposures of one arm under one version's weights, and in which segment. */
export interface Shown {
  readonly version: number
  readonly segment: string
  readonly variant: string
  readonly shown: number
}

/** False alarms come once in this many experiences, however often one looks. */
const ALARM_EVIDENCE = 1000
/**
 * Smaller mismatches are no alarm: who comes back under other weights is counted again only if
 * their arm is another, which favours arms whose share has grown.
 */
const LEAST_EXCESS = 0.02

/** Exposures under one version and in one segment, with the probability of each arm. */
interface Stratum {
  readonly total: number
  readonly arms: readonly {
    readonly place: number
    readonly shown: number
    readonly odds: number
  }[]
}

/**
 * Compares what was shown with the weights of the time, version by version and segment by segment;
 * weights may change with what was learned as they like. Versions that are not listed are left out.
 */
export function checkSampleRatio(
  shown: readonly Shown[],
  versions: readonly Weights[],
): SampleRatio {
  const names = [...new Set(shown.map(({ variant }) => variant))]
  const strata = toStrata(shown, versions, names)
  const total = strata.reduce((sum, stratum) => sum + stratum.total, 0)
  const { deviations, covariance } = toMoments(strata, names.length)
  const excess = total > 0 ? deviations.reduce((sum, d) => sum + Math.abs(d), 0) / 2 / total : 0
  const evidence = toEvidence(strata, names.length)
  const p = toP(deviations, covariance)
  return {
    shown: total,
    excess,
    p,
    evidence,
    alarm: evidence >= ALARM_EVIDENCE && excess >= LEAST_EXCESS,
  }
}

function toStrata(
  shown: readonly Shown[],
  versions: readonly Weights[],
  names: readonly string[],
): Stratum[] {
  const places = new Map(names.map((name, place) => [name, place]))
  const weights = new Map(versions.map((version) => [version.version, version]))
  const groups = Map.groupBy(shown, ({ version, segment }) => `${version}\n${segment}`)
  return [...groups.values()].flatMap((group) => {
    const [{ version, segment } = NOWHERE] = group
    const published = weights.get(version)
    const shares = published && sharesOf(published, segment)
    if (!shares) return []
    const counts = new Map(group.map((one) => [one.variant, Math.max(0, one.shown)]))
    // Arms of which nobody else knows are left out, such as the holdout.
    const arms = Object.entries(shares).map(([name, share]) => ({
      place: places.get(name) ?? -1,
      shown: counts.get(name) ?? 0,
      odds: share / SHARES,
    }))
    return [{ arms, total: arms.reduce((sum, arm) => sum + arm.shown, 0) }]
  })
}

const NOWHERE = { version: -1, segment: '' }

/** Σ (shown − expected) by arm, and its covariance Σ N (diag w − w wᵀ). */
function toMoments(strata: readonly Stratum[], arms: number) {
  const deviations = Array<number>(arms).fill(0)
  const covariance = deviations.map(() => Array<number>(arms).fill(0))
  for (const { total, arms: cells } of strata) {
    for (const one of cells) {
      if (one.place < 0) continue
      deviations[one.place] = (deviations[one.place] ?? 0) + one.shown - total * one.odds
      const row = covariance[one.place] ?? []
      for (const other of cells) {
        if (other.place < 0) continue
        const same = other.place === one.place ? one.odds : 0
        row[other.place] = (row[other.place] ?? 0) + total * (same - one.odds * other.odds)
      }
    }
  }
  return { deviations, covariance }
}

/** dᵀ Σ⁻¹ d over as many arms as are independent, against χ². */
function toP(deviations: readonly number[], covariance: readonly (readonly number[])[]): number {
  const left = covariance.map((row, place) => [...row, deviations[place] ?? 0])
  const scale = Math.max(0, ...covariance.map((row, place) => row[place] ?? 0))
  const open = new Set(left.keys())
  let [statistic, degrees] = [0, 0]
  // Cholesky with pivots: the largest variance that is left first, until nothing is left of it.
  while (open.size > 0) {
    const [pivot] = [...open].sort((a, b) => (left[b]?.[b] ?? 0) - (left[a]?.[a] ?? 0))
    const row = left[pivot ?? -1]
    const variance = row?.[pivot ?? -1] ?? 0
    if (pivot === undefined || row === undefined || variance <= 1e-9 * scale) break
    open.delete(pivot)
    statistic += (row.at(-1) ?? 0) ** 2 / variance
    degrees += 1
    for (const place of open) {
      const other = left[place] ?? []
      const factor = (other[pivot] ?? 0) / variance
      for (const [column, value] of row.entries())
        other[column] = (other[column] ?? 0) - factor * value
    }
  }
  return chiSquareTail(statistic, degrees)
}

/** How much an arm's odds may be off under the alternatives. */
const TILTS = [0.5, 0.8, 0.95, 1.05, 1.25, 2, 5]

/**
 * The mean over arms and tilts of the likelihood ratio of “this arm's odds are multiplied by λ”: a
 * martingale where the published odds are the true ones, so it reaches 1000 in one of 1000 runs.
 */
function toEvidence(strata: readonly Stratum[], arms: number): number {
  const logs = Array.from({ length: arms }, () => TILTS.map(() => 0))
  for (const { total, arms: cells } of strata) {
    for (const { place, shown, odds } of cells) {
      const row = logs[place]
      if (!row) continue
      for (const [at, tilt] of TILTS.entries()) {
        row[at] = (row[at] ?? 0) + shown * Math.log(tilt) - total * Math.log1p((tilt - 1) * odds)
      }
    }
  }
  const all = logs.flat()
  return all.reduce((sum, log) => sum + Math.exp(Math.min(700, log)), 0) / Math.max(1, all.length)
}
