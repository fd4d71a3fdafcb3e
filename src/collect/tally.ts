import { type OutcomeCounts, sumOutcomes } from '../model/event-counts.ts'
import type { Background } from '../site/kept.ts'

/** An isolate tells a site's board this often; what it had not told when it dies is not counted. */
const TELL_EVERY_MS = 1_000
/** A request that was to tell and has not by now was cut off; another one takes over. */
const GIVE_UP_MS = 5_000

const untold = new Map<string, OutcomeCounts>()
const tellingSince = new Map<string, number>()

interface Surroundings {
  readonly env: Env
  readonly background: Background
  readonly now: number
}

/** Counts what became of a site's events; its board hears of it a moment later. */
export function tally(
  site: string,
  counts: OutcomeCounts,
  { env, background, now }: Surroundings,
): void {
  untold.set(site, sumOutcomes(untold.get(site) ?? {}, counts))
  if (now - (tellingSince.get(site) ?? 0) < GIVE_UP_MS) return
  tellingSince.set(site, now)
  background(tell(site, env))
}

async function tell(site: string, env: Env): Promise<void> {
  await scheduler.wait(TELL_EVERY_MS)
  const counts = untold.get(site) ?? {}
  untold.delete(site)
  tellingSince.delete(site)
  try {
    await env.BOARD.getByName(site).countEvents(counts, Date.now())
  } catch (error) {
    console.warn(JSON.stringify({ event: 'counts_lost', site, counts, detail: String(error) }))
  }
}
