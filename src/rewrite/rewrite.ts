import type { Fragment } from '../model/fragment.ts'
import type { Slot } from '../model/slot.ts'
import type { Sighting } from '../model/slot-health.ts'
import { allowedScript, type ScriptForm } from './csp.ts'
import { isRewritable, makePersonal, SHARED_CACHE_FIELDS, type Untouchable } from './headers.ts'
import { type HydrationWatch, watchHydration } from './hydration.ts'
import { OPERATIONS_ON_ELEMENT, UNTOUCHABLE } from './operations.ts'

export interface Plan {
  readonly fragments: readonly Fragment[]
  /** Slots that should be on the page and get nothing this time: they are looked for all the same. */
  readonly watched: readonly Slot[]
  /** Whether to look for frameworks that hydrate, which costs something on every element. */
  readonly sampled: boolean
  /** The beacon's script, in the form that the page's policies allow; nothing where none may run. */
  readonly beacon?: (form: ScriptForm) => string
  /** Cookies of ours to add. */
  readonly cookies: readonly string[]
  /** `Server-Timing` to add. */
  readonly timing: string
}

/** Told at the end of the page how each slot fared. */
export type Report = (sightings: ReadonlyMap<string, Sighting>) => void

export type Rewritten =
  | { readonly kind: 'rewritten'; readonly response: Response }
  | {
      readonly kind: 'untouched'
      readonly response: Response
      readonly why: Untouchable | 'charset' | 'nothing_to_do'
    }

/**
 * Makes fragments part of the origin's page while it streams. A response that cannot be rewritten
 * comes back as it was; bytes outside the slots are never changed.
 */
export function rewrite(origin: Response, plan: Plan, report: Report): Rewritten {
  if (plan.fragments.length === 0 && !plan.beacon) {
    return { kind: 'untouched', why: 'nothing_to_do', response: withCookies(origin, plan.cookies) }
  }
  const rewritable = isRewritable(origin)
  if (rewritable !== true) return { kind: 'untouched', why: rewritable, response: origin }
  const page = new Response(origin.body, origin)
  makePersonal(page.headers, plan)
  if (!origin.body) return { kind: 'rewritten', response: page }
  try {
    return { kind: 'rewritten', response: toRewriter(origin, plan, report).transform(page) }
  } catch {
    // The runtime throws at once, before a byte is read, for a charset that its parser does not know.
    return { kind: 'untouched', why: 'charset', response: origin }
  }
}

/** A response that sets a cookie of ours is one visitor's own, whatever the origin says of caching. */
function withCookies(origin: Response, cookies: readonly string[]): Response {
  if (cookies.length === 0) return origin
  const response = new Response(origin.body, origin)
  for (const cookie of cookies) response.headers.append('set-cookie', cookie)
  response.headers.set('cache-control', 'private, no-store')
  for (const name of SHARED_CACHE_FIELDS) response.headers.delete(name)
  return response
}

function toRewriter(origin: Response, plan: Plan, report: Report): HTMLRewriter {
  const rewriter = new HTMLRewriter()
  const hydration = plan.sampled ? watchHydration(rewriter) : undefined
  const lookout = createLookout(hydration)
  for (const slot of plan.watched) {
    rewriter.on(slot.selector, { element: () => void lookout.sight(slot) })
  }
  for (const fragment of plan.fragments) {
    rewriter.on(fragment.slot.selector, {
      element: (element) => {
        if (lookout.sight(fragment.slot) === 1) insert(element, fragment, lookout)
      },
    })
  }
  const policies = policiesOf(origin.headers)
  if (plan.beacon) {
    rewriter.on('meta[http-equiv="content-security-policy" i]', {
      element: (element) => void policies.push(element.getAttribute('content') ?? ''),
    })
  }
  return rewriter.onDocument({
    end: (end) => {
      const script = attempt(() => plan.beacon?.(allowedScript(policies)))
      if (script) end.append(script, { html: true })
      attempt(() =>
        report(lookout.sightings([...plan.watched, ...plan.fragments.map(({ slot }) => slot)])),
      )
    },
  })
}

/** A handler that throws would cut the page off in the middle, so none may: its slot stays as it is. */
function insert(element: Element, { slot, html, marks }: Fragment, lookout: Lookout): void {
  try {
    if (UNTOUCHABLE.has(element.tagName.toLowerCase())) throw new Error('Not a place for content.')
    // This operation inserts no element that could carry the mark.
    if (slot.operation === 'set-attribute') element.setAttribute('data-sv', marks[0] ?? '')
    OPERATIONS_ON_ELEMENT[slot.operation](element, { html, attribute: slot.attribute ?? '' })
  } catch {
    lookout.lose(slot)
  }
}

/** The page is nearly out: whatever is left to do must not cut off its end. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

/** Counts the slots of one page as they stream past. */
interface Lookout {
  /** How many of a slot's elements there have been, this one included. */
  sight(slot: Slot): number
  /** The slot was there, and nothing could be done with it. */
  lose(slot: Slot): void
  sightings(slots: readonly Slot[]): ReadonlyMap<string, Sighting>
}

function createLookout(hydration: HydrationWatch | undefined): Lookout {
  const seen = new Map<string, Sighting>()
  return {
    sight({ id }) {
      const matches = (seen.get(id)?.matches ?? 0) + 1
      const framework = seen.get(id)?.framework ?? hydration?.inside()
      seen.set(id, { matches, ...(framework && { framework }) })
      return matches
    },
    lose: ({ id }) => void seen.delete(id),
    sightings(slots) {
      const everywhere = hydration?.wholeDocument()
      const toSighting = ({ id }: Slot): [string, Sighting] => {
        const { matches, framework = everywhere } = seen.get(id) ?? { matches: 0 }
        return [id, { matches, ...(framework && { framework }) }]
      }
      return new Map(slots.map(toSighting))
    },
  }
}

function policiesOf(headers: Headers): string[] {
  return ['content-security-policy', 'content-security-policy-report-only'].flatMap((name) => {
    const value = headers.get(name)
    return value === null ? [] : [value]
  })
}
