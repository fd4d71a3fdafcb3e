import type { Configuration } from '../model/configuration.ts'
import type { Warning } from '../model/problem.ts'
import type { Slot } from '../model/slot.ts'
import { type Looked, lookAt } from './live-page.ts'

/** Pages that one check looks at: an editor waits for the slowest of them. */
const MOST_PAGES = 10

interface Sought {
  readonly slot: Slot
  /** Its place among the slots. */
  readonly place: number
}

/**
 * What the site's own pages have of the slots, by the parser that will look for them. Each slot is sought
 * on the first of its pages that is written out; what stands only on pages of a pattern is left to
 * visitors' page views to tell.
 */
export async function checkLiveSlots({ site, slots }: Configuration): Promise<Warning[]> {
  const sought = slots.map((slot, place) => ({ slot, place }))
  const byPage = Map.groupBy(sought, ({ slot }) => slot.pages.find(isWrittenOut))
  byPage.delete(undefined)
  const place = { origin: site.origin, host: site.hosts[0] ?? '' }
  const looks = [...byPage].slice(0, MOST_PAGES).map(async ([path = '/', on]) => {
    const selectors = on.map(({ slot }) => slot.selector)
    const looked = await lookAt(path, place, selectors).catch(unreadable)
    return on.flatMap((one) => toWarning(one, path, looked))
  })
  return (await Promise.all(looks)).flat()
}

/** Whether a pattern is the path of one page. */
function isWrittenOut(pattern: string): boolean {
  return !/[*:{(?+\\]/.test(pattern)
}

function unreadable(error: unknown): Looked {
  return { kind: 'unreadable', why: String(error) }
}

function toWarning({ slot, place }: Sought, path: string, looked: Looked): Warning[] {
  if (looked.kind !== 'counted') {
    // Who is not signed in is sent elsewhere: that is how such pages are.
    if (looked.kind === 'status' && looked.status < 400) return []
    const said = looked.kind === 'status' ? `answers ${looked.status}` : 'cannot be read as a page'
    const detail = `It could not be looked for: ${path} ${said}.`
    return [{ code: 'page_not_seen', pointer: `/slots/${place}/pages`, detail }]
  }
  const pointer = `/slots/${place}/selector`
  const count = looked.matches.get(slot.selector) ?? 0
  if (count === 1) return []
  if (count > 1) {
    const detail = `It finds ${count} elements on ${path}; the first of them is the slot.`
    return [{ code: 'repeated_slot', pointer, detail }]
  }
  const missed = slot.required ? ', where it is required' : ''
  return [{ code: 'slot_not_found', pointer, detail: `It finds nothing on ${path}${missed}.` }]
}
