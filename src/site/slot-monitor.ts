import type { Sighting, SlotCounts } from '../model/slot-health.ts'
import type { Background } from './kept.ts'

/** An isolate tells the board this often, so that a slot that vanished shows within a minute. */
const TELL_EVERY_MS = 10_000

/** What the board is told of one slot: counts, and the framework of the page that was sampled. */
export interface SlotNews extends SlotCounts {
  /** Absent where no page was sampled, `''` where none was seen. */
  readonly framework?: string
}

interface Unsaid {
  readonly news: Record<string, SlotNews>
  readonly since: number
}

const unsaid = new Map<string, Unsaid>()

/** The first page after each telling is looked at more closely. */
export function isSampled(site: string): boolean {
  return !unsaid.has(site)
}

/** Notes how often each slot of a page was found, and now and then tells the site's board. */
export function watchSlots(
  site: string,
  sightings: ReadonlyMap<string, Sighting>,
  { env, background, now }: { env: Env; background: Background; now: number },
): void {
  const sampled = isSampled(site)
  const noted = unsaid.get(site) ?? { news: {}, since: now }
  for (const [slot, sighting] of sightings) {
    noted.news[slot] = {
      ...add(noted.news[slot], sighting),
      ...(sampled && sighting.matches > 0 && { framework: sighting.framework ?? '' }),
    }
  }
  unsaid.set(site, noted)
  if (now - noted.since < TELL_EVERY_MS) return
  unsaid.delete(site)
  background(env.BOARD.getByName(site).countSlots(noted.news, now))
}

function add(known: SlotNews | undefined, { matches }: Sighting): SlotNews {
  const { pages = 0, missing = 0, repeated = 0 } = known ?? {}
  return {
    ...known,
    pages: pages + 1,
    missing: missing + (matches === 0 ? 1 : 0),
    repeated: repeated + (matches > 1 ? 1 : 0),
  }
}
