import { allowedScript, type ScriptForm } from './csp.ts'
import { isRewritable, SHARED_CACHE_FIELDS, toPersonalHeaders, type Untouchable } from './headers.ts'
import { OPERATIONS_ON_ELEMENT } from './operations.ts'
import type { Fragment } from '../model/fragment.ts'

export interface Plan {
  readonly fragments: readonly Fragment[]
  /** The beacon's script, in the form that the page's policies allow; nothing where none may run. */
  readonly beacon?: (form: ScriptForm) => string
  /** Cookies of ours to add. */
  readonly cookies: readonly string[]
  /** `Server-Timing` to add. */
  readonly timing: string
}

/** Told at the end of the page how often each slot was found. */
export type Report = (found: ReadonlyMap<string, number>) => void

export type Rewritten =
  | { readonly kind: 'rewritten'; readonly response: Response }
  | { readonly kind: 'untouched'; readonly response: Response; readonly why: Untouchable | 'charset' | 'nothing_to_do' }

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
  const page = new Response(origin.body, {
    status: origin.status,
    statusText: origin.statusText,
    headers: toPersonalHeaders(origin.headers, plan),
  })
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
  const found = new Map<string, number>()
  for (const fragment of plan.fragments) {
    rewriter.on(fragment.slot.selector, { element: (element) => insert(element, fragment, found) })
  }
  const policies = policiesOf(origin.headers)
  if (plan.beacon) {
    rewriter.on('meta[http-equiv="content-security-policy" i]', {
      element: (element) => void policies.push(element.getAttribute('content') ?? ''),
    })
  }
  return rewriter.onDocument({
    end: (end) => {
      const script = plan.beacon?.(allowedScript(policies))
      if (script) end.append(script, { html: true })
      report(found)
    },
  })
}

/** A handler that throws would cut the page off in the middle, so none may: its slot stays as it is. */
function insert(element: Element, { slot, html, marks }: Fragment, found: Map<string, number>): void {
  const count = (found.get(slot.id) ?? 0) + 1
  found.set(slot.id, count)
  if (count > 1) return
  try {
    // This operation inserts no element that could carry the mark.
    if (slot.operation === 'set-attribute') element.setAttribute('data-sv', marks[0] ?? '')
    OPERATIONS_ON_ELEMENT[slot.operation](element, { html, attribute: slot.attribute ?? '' })
  } catch {
    found.set(slot.id, 0)
  }
}

function policiesOf(headers: Headers): string[] {
  return ['content-security-policy', 'content-security-policy-report-only'].flatMap((name) => {
    const value = headers.get(name)
    return value === null ? [] : [value]
  })
}
