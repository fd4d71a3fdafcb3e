import type { Standing } from '../model/overview.ts'

/** What has something to say comes first. */
const RANKS: Readonly<Record<Standing['verdict']['kind'], number>> = {
  ...{ better: 0, control: 0, alike: 0, open: 0, too_few: 0, listed: 1 },
  ...{ single: 2, no_goal: 3, nothing: 4 },
}

/** Comparisons first, then by how often they were shown lately. */
export function byInterest(a: Standing, b: Standing): number {
  return RANKS[a.verdict.kind] - RANKS[b.verdict.kind] || b.lately - a.lately
}
