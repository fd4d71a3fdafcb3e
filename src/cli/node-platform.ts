import 'urlpattern-polyfill'
import { HTMLRewriter } from 'htmlrewriter'
import type { Platform } from '../admin/check.ts'
import { isPublicHttps } from '../admin/public-https.ts'
import type { Configuration } from '../model/configuration.ts'

/**
 * What checks ask of the platform, answered in Node by the parser that the worker has, as WebAssembly.
 * Origins are judged as a deployment would that may not fetch from private networks, unless `isPrivate`.
 */
export async function nodePlatform(
  { slots }: Configuration,
  { isPrivate = false } = {},
): Promise<Platform> {
  const selectors = [...new Set(slots.map(({ selector }) => selector))]
  const answers = await Promise.all(selectors.map(isKnown))
  const known = new Set(selectors.filter((_, place) => answers[place]))
  return {
    isSelector: (selector) => known.has(selector),
    isAllowedUrl: (url) => isPrivate || isPublicHttps(url),
  }
}

/** The WebAssembly build takes no compound selector within `:not()`, which the worker does. */
async function isKnown(selector: string): Promise<boolean> {
  const within = [...selector.matchAll(/:not\(([^()]*)\)/g)].map(([, inner = '']) => inner)
  const outside = selector.replace(/:not\([^()]*\)/g, ':not(a)')
  const parts = await Promise.all([outside, ...within].map(isParsed))
  return parts.every(Boolean)
}

/** A selector is parsed only when something is rewritten by it. */
async function isParsed(selector: string): Promise<boolean> {
  try {
    await new HTMLRewriter().on(selector, {}).transform(new Response('<p>')).text()
    return true
  } catch {
    return false
  }
}
