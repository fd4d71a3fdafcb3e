import type { SlotCounts } from '../model/slot-health.ts'
import type { Background } from './kept.ts'

/** An isolate tells the board this often, so that a slot that vanished shows within a minute. */
const TELL_EVERY_MS = 10_000

interface Unsaid {
  counts: Record<string, SlotCounts>
  since: number
}

const unsaid = new Map<string, Unsaid>()

/** Notes how often each slot of a page was found, and now and then tells the site's board. */
export function watchSlots(
  site: string,
  found: ReadonlyMap<string, number>,
  { env, background, now }: { env: Env; background: Background; now: number },
): void {
  const noted = unsaid.get(site) ?? { counts: {}, since: now }
  for (const [slot, matches] of found) noted.counts[slot] = add(noted.counts[slot], matches)
  unsaid.set(site, noted)
  if (now - noted.since < TELL_EVERY_MS) return
  unsaid.delete(site)
  background(env.BOARD.getByName(site).countSlots(noted.counts, now))
}

function add(known: SlotCounts | undefined, matches: number): SlotCounts {
  const { pages = 0, missing = 0, repeated = 0 } = known ?? {}
  return {
    pages: pages + 1,
    missing: missing + (matches === 0 ? 1 : 0),
    repeated: repeated + (matches > 1 ? 1 : 0),
  }
}
