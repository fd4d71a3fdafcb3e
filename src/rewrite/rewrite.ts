import type { Fragment } from '../model/fragment.ts'
import { allowedScript, watchPolicies } from './csp.ts'
import { isVoid } from './elements.ts'
import { createGuard, type Guard } from './guard.ts'
import { isRewritable, makePersonal } from './headers.ts'
import { watchHydration } from './hydration.ts'
import { createLookout, type Lookout } from './lookout.ts'
import { NEEDS_CONTENT, NEEDS_END, OPERATIONS_ON_ELEMENT, UNTOUCHABLE } from './operations.ts'
import { isIdle, leave, type Plan, type Report, type Rewritten } from './plan.ts'

/**
 * Makes fragments part of the origin's page while it streams. A response that cannot be rewritten
 * comes back as it was; bytes outside the slots are never changed.
 */
export function rewrite(origin: Response, plan: Plan, report: Report): Rewritten {
  if (isIdle(plan)) return leave(origin, plan)
  const rewritable = isRewritable(origin)
  if (rewritable !== true) return { kind: 'untouched', why: rewritable, response: origin }
  const guard = origin.body ? createGuard(origin.body) : undefined
  const page = new Response(guard?.body, origin)
  makePersonal(page.headers, plan)
  if (!guard) return { kind: 'rewritten', response: page }
  try {
    const response = toRewriter(origin, plan, report, guard).transform(page)
    return { kind: 'rewritten', response }
  } catch {
    // The runtime throws at once, before a byte is read, for a charset that its parser does not know.
    return { kind: 'untouched', why: 'charset', response: origin }
  }
}

function toRewriter(origin: Response, plan: Plan, report: Report, guard: Guard): HTMLRewriter {
  const rewriter = new HTMLRewriter()
  guard.attach(rewriter)
  const hydration = plan.sampled ? watchHydration(rewriter) : undefined
  const lookout = createLookout(hydration)
  const changed = plan.fragments.some(({ slot }) => slot.operation === 'set-attribute')
  for (const slot of plan.watched) {
    rewriter.on(slot.selector, {
      element: (element) => {
        if (!guard.isOwn(element)) lookout.sight(slot)
      },
    })
  }
  for (const fragment of plan.fragments) {
    rewriter.on(fragment.slot.selector, {
      element: (element) => {
        if (guard.isOwn(element) || lookout.sight(fragment.slot) > 1) return
        const closes = !NEEDS_END.has(fragment.slot.operation) || guard.closes(element, changed)
        return settle(closes, (does) => {
          if (does) insert(element, fragment, lookout)
          else lookout.lose(fragment.slot)
        })
      },
    })
  }
  const policies = plan.atEnd ? watchPolicies(rewriter, origin.headers) : []
  return rewriter.onDocument({
    end: (end) => {
      const markup = attempt(() => plan.atEnd?.(allowedScript(policies)))
      if (markup && guard.takesMarkup()) end.append(markup, { html: true })
      const slots = [...plan.watched, ...plan.fragments.map(({ slot }) => slot)]
      attempt(() => report(lookout.sightings(slots), guard.stop))
    },
  })
}

/** At once where the answer is known, as a handler that waits holds the page up. */
function settle(
  answer: boolean | Promise<boolean>,
  use: (answer: boolean) => void,
): void | Promise<void> {
  if (typeof answer === 'boolean') return use(answer)
  // Where there is no answer the origin has broken off, and the page does so with it.
  return answer.then(use, () => use(false))
}

/** A handler that throws would cut the page off in the middle, so none may: its slot stays as it is. */
function insert(element: Element, { slot, html }: Fragment, lookout: Lookout): void {
  try {
    const name = element.tagName.toLowerCase()
    const isPlace = !isVoid(name) || !NEEDS_CONTENT.has(slot.operation)
    if (!isPlace || UNTOUCHABLE.has(name)) throw new Error('Not a place for content.')
    OPERATIONS_ON_ELEMENT[slot.operation](element, html, slot)
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
