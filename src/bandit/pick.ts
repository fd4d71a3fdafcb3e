import { SHARES } from '../model/learning.ts'
import type { Share } from './shares.ts'

/** An arm by its place in the list it was picked from, and the exact probability of that. */
export interface Picked {
  readonly index: number
  readonly propensity: number
}

/** Arms placed first to last, each with its probability given those placed before it. */
export interface Ranked {
  readonly order: readonly number[]
  readonly propensities: readonly number[]
}

/**
 * Where an id falls among ten thousand buckets, uniform over ids and independent between seeds.
 * GrowthBook's bucketing, version 2, so that either system can replay the other's splits.
 */
export function bucket(seed: string, id: string): number {
  return fnv32a(String(fnv32a(seed + id))) % SHARES
}

/** Where an id falls in (0, 1), with 2³² levels where `bucket` has 10⁴. */
export function uniform(seed: string, id: string): number {
  return (mixed(fnv32a(seed + id)) + 0.5) / 2 ** 32
}

/**
 * The first arm whose cumulative share exceeds the bucket; undefined only for shares that sum to
 * less than `SHARES`.
 */
export function pickByShares(shares: readonly Share[], bucket: number): Picked | undefined {
  let cumulative = 0
  for (const [index, [, share]] of shares.entries()) {
    cumulative += share
    if (bucket < cumulative) return { index, propensity: share / SHARES }
  }
  return undefined
}

/**
 * Up to `show` arms in an order drawn from the Plackett–Luce model: each place goes to one of the
 * arms not yet placed, in proportion to their weights (of any scale). Sorting by −ln(u)/w draws
 * all places at once (Efraimidis & Spirakis 2006). An arm without a weight is never placed.
 */
export function rankByShares(
  arms: readonly string[],
  weights: readonly number[],
  show: number,
  unit: (arm: string) => number,
): Ranked {
  const placed = arms
    .map((arm, index) => ({ arm, index, weight: weights[index] ?? 0 }))
    .filter(({ weight }) => weight > 0)
    .map((entry) => ({ ...entry, key: -Math.log(unit(entry.arm)) / entry.weight }))
    .toSorted((left, right) => left.key - right.key)
  // Summed from the last place up: no rounding lets a propensity exceed 1.
  let rest = 0
  const propensities = placed.toReversed().map(({ weight }) => {
    rest += weight
    return weight / rest
  })
  return {
    order: placed.slice(0, show).map(({ index }) => index),
    propensities: propensities.toReversed().slice(0, show),
  }
}

/** 32-bit FNV-1a over UTF-16 units, as GrowthBook's SDKs for JavaScript compute it. */
function fnv32a(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  }
  return hash >>> 0
}

/** MurmurHash3's finaliser: FNV alone leaves the high bits of similar texts alike. */
function mixed(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35)
  return (twice ^ (twice >>> 16)) >>> 0
}
