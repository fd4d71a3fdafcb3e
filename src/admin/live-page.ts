import { isRewritable } from '../rewrite/headers.ts'
import { fetchFromOrigin, toOriginRequest } from '../site/origin.ts'

/** What a page says of selectors, or why it says nothing. */
export type Looked =
  | {
      readonly kind: 'counted'
      /** Selector → how many elements it finds. */
      readonly matches: ReadonlyMap<string, number>
    }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'unreadable'; readonly why: string }

/** Ms for the head of a page: an editor waits for it. */
const PATIENCE_MS = 5_000

/** Where a page is looked at: the origin's scheme, host and port, and a host of the site. */
export interface Place {
  readonly origin: string
  readonly host: string
}

/**
 * How many elements of a page, as its origin sends it, each selector finds, by the parser that will look
 * for slots on it. A selector that the parser does not know is told as one that finds nothing.
 */
export async function lookAt(
  path: string,
  { origin, host }: Place,
  selectors: readonly string[],
): Promise<Looked> {
  const url = new URL(path, `https://${host}`)
  const asked = new Request(url, { headers: { accept: 'text/html', 'user-agent': 'Selvedge' } })
  const toOrigin = toOriginRequest(asked, { origin: new URL(origin).origin, whole: true })
  const page = await fetchFromOrigin(toOrigin, PATIENCE_MS)
  const readable = isRewritable(page)
  if (readable === true) return { kind: 'counted', matches: await count(page, selectors) }
  await page.body?.cancel()
  return readable === 'status'
    ? { kind: 'status', status: page.status }
    : { kind: 'unreadable', why: readable }
}

async function count(
  page: Response,
  selectors: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const matches = new Map<string, number>()
  const rewriter = new HTMLRewriter()
  for (const selector of new Set(selectors)) {
    matches.set(selector, 0)
    try {
      rewriter.on(selector, {
        element: () => void matches.set(selector, (matches.get(selector) ?? 0) + 1),
      })
    } catch {
      // Not a selector of this parser: it finds nothing.
    }
  }
  await rewriter.transform(page).body?.pipeTo(new WritableStream())
  return matches
}
