/** Where in the console one is. */
export type Route =
  | { readonly screen: 'overview' }
  /** A site's figures; with an experience when one of them is meant. */
  | { readonly screen: 'site'; readonly site: string; readonly experience: string | null }
  | { readonly screen: 'unknown'; readonly path: string }

/**
 * Reads a route from `location.hash`. The hash and not the path, because a static asset answers
 * only under its own path, so a reload works wherever the console is served from.
 */
export function parseRoute(hash: string): Route {
  const path = hash.replace(/^#/, '')
  const [first, site, third, experience, ...rest] = path.split('/').filter(Boolean).map(decode)
  if (first === undefined) return { screen: 'overview' }
  if (first !== 'sites' || rest.length > 0) return { screen: 'unknown', path }
  if (site === undefined) return { screen: 'overview' }
  if (third === undefined) return { screen: 'site', site, experience: null }
  if (third !== 'experiences' || experience === undefined) return { screen: 'unknown', path }
  return { screen: 'site', site, experience }
}

/** The hash that leads to a route. */
export function toHash(route: Route): string {
  if (route.screen === 'overview') return '#/'
  if (route.screen === 'unknown') return `#${route.path}`
  const site = `#/sites/${encodeURIComponent(route.site)}`
  return route.experience === null
    ? site
    : `${site}/experiences/${encodeURIComponent(route.experience)}`
}

/** What a screen change is: the same key means that the reader stays where they are. */
export function toScreenKey(route: Route): string {
  return route.screen === 'site' ? `site ${route.site}` : route.screen
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
