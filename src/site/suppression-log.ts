import type { Suppression } from '../model/policy.ts'
import { createTally } from './tally.ts'

/** Counts what policies kept from pages, by policy, wording and reason. */
const tally = createTally(
  (site, counts, env) => env.BOARD.getByName(site).countSuppressions(counts, Date.now()),
  'suppressions_lost',
)

interface Surroundings {
  readonly env: Env
  readonly background: (work: Promise<unknown>) => void
  readonly now: number
}

/** Counts a page's suppressions for the site's own record, of visitors known and unknown alike. */
export function countSuppressions(
  site: string,
  suppressions: readonly Suppression[],
  around: Surroundings,
): void {
  const names = suppressions.map(({ policy, version, reason }) => `${policy}/${version}/${reason}`)
  const counts = [...Map.groupBy(names, (name) => name)].map(([name, same]) => [name, same.length])
  tally(site, Object.fromEntries(counts), around)
}
