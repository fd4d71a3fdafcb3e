import { createTally } from '../site/tally.ts'

/** Counts what became of a site's events; its board hears of it a moment later. */
export const tally = createTally(
  (site, counts, env) => env.BOARD.getByName(site).countEvents(counts, Date.now()),
  'counts_lost',
)
