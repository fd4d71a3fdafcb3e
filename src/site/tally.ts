import type { Background } from './kept.ts'

/** An isolate tells what it counted this often; what it had not told when it dies is not counted. */
const TELL_EVERY_MS = 1_000
/** A request that was to tell and has not by now was cut off; another one takes over. */
const GIVE_UP_MS = 5_000

/** How often something was met, by its name. */
export type Counts = Readonly<Partial<Record<string, number>>>

interface Surroundings {
  readonly env: Env
  readonly background: Background
  readonly now: number
}

/** Counts for a site in an isolate's memory, and tells them a moment later. */
export type Tally = (site: string, counts: Counts, around: Surroundings) => void

/** @param tell tells a site's board; where that fails, the log has the counts under the name `lost` */
export function createTally(
  tell: (site: string, counts: Counts, env: Env) => Promise<void>,
  lost: string,
): Tally {
  const untold = new Map<string, Map<string, number>>()
  const tellingSince = new Map<string, number>()

  async function tellSoon(site: string, env: Env): Promise<void> {
    await scheduler.wait(TELL_EVERY_MS)
    const counts = Object.fromEntries(untold.get(site) ?? [])
    untold.delete(site)
    tellingSince.delete(site)
    try {
      await tell(site, counts, env)
    } catch (error) {
      console.warn(JSON.stringify({ event: lost, site, counts, detail: String(error) }))
    }
  }

  return (site, counts, { env, background, now }) => {
    const sums = untold.get(site) ?? new Map<string, number>()
    untold.set(site, sums)
    for (const [name, count = 0] of Object.entries(counts)) {
      if (count > 0) sums.set(name, (sums.get(name) ?? 0) + count)
    }
    if (now - (tellingSince.get(site) ?? 0) < GIVE_UP_MS) return
    tellingSince.set(site, now)
    background(tellSoon(site, env))
  }
}
