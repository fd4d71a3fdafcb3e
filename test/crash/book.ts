import { GOAL_OF } from './site.ts'
import type { Happening, Visit } from './visit.ts'

/** What the counts of one arm have to be. */
export type Counts = Readonly<Record<(typeof COUNTS)[number], number>>

export const COUNTS = [
  ...(['delivered', 'survived', 'seen', 'clicked'] as const),
  ...(['rewarded', 'value', 'value2', 'delay'] as const),
] as const

export const NO_COUNTS: Counts = {
  ...{ delivered: 0, survived: 0, seen: 0, clicked: 0 },
  ...{ rewarded: 0, value: 0, value2: 0, delay: 0 },
}

/**
 * The clients' own book: what the counts have to be once everything that happened is acknowledged,
 * worked out from the visits alone. Each arm is in one experience, and on one page once.
 */
export function countsOf(visits: Iterable<Visit>): Map<string, Counts> {
  const counts = new Map<string, Counts>()
  for (const visit of visits) {
    visit.exposures.forEach(({ experience, arm }, index) => {
      const name = `${experience}/${arm}`
      counts.set(
        name,
        sum(counts.get(name) ?? NO_COUNTS, countsOfExposure(visit, experience, index)),
      )
    })
  }
  return counts
}

/** Whole thousandths: a sum of floating point numbers would differ by the order of adding. */
export function sum(left: Counts, right: Counts): Counts {
  const total: Record<string, number> = {}
  for (const count of COUNTS) total[count] = Math.round((left[count] + right[count]) * 1000) / 1000
  return { ...NO_COUNTS, ...total }
}

function countsOfExposure({ happenings }: Visit, experience: string, index: number): Counts {
  const steps = happenings.filter(({ what }) => what.kind === 'step' && what.index === index)
  const begun = Math.min(...steps.map(({ at }) => at))
  const reached = (...proofs: string[]) =>
    steps.some(({ what }) => what.kind === 'step' && proofs.includes(what.step)) ? 1 : 0
  const goal = GOAL_OF[experience]
  const meets = ({ what }: Happening) =>
    goal === 'clicked'
      ? what.kind === 'step' && what.index === index && what.step === 'clicked'
      : what.kind === goal
  const [first] = happenings.filter(meets).sort((a, b) => a.at - b.at)
  const worth = first?.what.kind === 'paid' ? first.what.worth : 1
  return {
    delivered: steps.length > 0 ? 1 : 0,
    survived: reached('survived', 'clicked'),
    seen: reached('seen', 'clicked'),
    clicked: reached('clicked'),
    ...(first && steps.length > 0
      ? {
          rewarded: 1,
          value: worth,
          value2: Math.round(worth * worth * 1000) / 1000,
          delay: (first.at - begun) / 1000,
        }
      : { rewarded: 0, value: 0, value2: 0, delay: 0 }),
  }
}

/** Where found counts differ from what they have to be, in words. */
export function differences(
  where: string,
  found: ReadonlyMap<string, Counts>,
  wanted: ReadonlyMap<string, Counts>,
): string[] {
  return [...new Set([...wanted.keys(), ...found.keys()])].sort().flatMap((arm) => {
    const [is, should] = [found.get(arm) ?? NO_COUNTS, wanted.get(arm) ?? NO_COUNTS]
    return COUNTS.filter((count) => is[count] !== should[count]).map(
      (count) => `${where}: ${arm} has ${count} ${is[count]} instead of ${should[count]}`,
    )
  })
}

/** Counts by arm alone, whichever experience it is in. */
export function byArm(counts: ReadonlyMap<string, Counts>): Map<string, Counts> {
  const sums = new Map<string, Counts>()
  for (const [name, own] of counts) {
    const arm = name.split('/').at(-1) ?? ''
    sums.set(arm, sum(sums.get(arm) ?? NO_COUNTS, own))
  }
  return sums
}
