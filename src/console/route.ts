import type { Kind } from '../model/configuration.ts'
import { isKind } from './kinds.ts'

/** Screens of a site that are neither its figures nor its things. */
export const TOOLS = ['gallery', 'preview', 'publish', 'history', 'settings', 'log'] as const

export type Tool = (typeof TOOLS)[number]

/** Where in the console one is. */
export type Route =
  | { readonly screen: 'overview' }
  /** A site's figures; with an experience when one of them is meant. */
  | { readonly screen: 'site'; readonly site: string; readonly experience: string | null }
  /** All of a kind. */
  | { readonly screen: 'things'; readonly site: string; readonly kind: Kind }
  /** One of a kind; a new one where it has no id yet. */
  | {
      readonly screen: 'thing'
      readonly site: string
      readonly kind: Kind
      readonly id: string | null
    }
  | { readonly screen: 'tool'; readonly site: string; readonly tool: Tool }
  | { readonly screen: 'unknown'; readonly path: string }

/** Where one is within a site. */
export type SiteRoute = Exclude<Route, { readonly screen: 'overview' | 'unknown' }>

/** A site's screens that make and publish. */
export type StudioRoute = Exclude<SiteRoute, { readonly screen: 'site' }>

/** Stands for the id of what has none yet; no id has a tilde. */
const NEW = '~new'

/**
 * Reads a route from `location.hash`. The hash and not the path, because a static asset answers
 * only under its own path, so a reload works wherever the console is served from.
 */
export function parseRoute(hash: string): Route {
  const path = hash.replace(/^#/, '')
  const [first, site, third, id, ...rest] = path.split('/').filter(Boolean).map(decode)
  if (first === undefined) return { screen: 'overview' }
  if (first !== 'sites' || rest.length > 0) return { screen: 'unknown', path }
  if (site === undefined) return { screen: 'overview' }
  if (third === undefined) return { screen: 'site', site, experience: null }
  return (
    (id === undefined ? parseScreen(site, third) : parsePart(site, third, id)) ?? {
      screen: 'unknown',
      path,
    }
  )
}

function parseScreen(site: string, name: string): Route | undefined {
  if (isKind(name)) return { screen: 'things', site, kind: name }
  const tool = TOOLS.find((known) => known === name)
  return tool && { screen: 'tool', site, tool }
}

function parsePart(site: string, name: string, id: string): Route | undefined {
  if (name === 'figures') return { screen: 'site', site, experience: id }
  return isKind(name)
    ? { screen: 'thing', site, kind: name, id: id === NEW ? null : id }
    : undefined
}

/** The hash that leads to a route. */
export function toHash(route: Route): string {
  if (route.screen === 'overview') return '#/'
  if (route.screen === 'unknown') return `#${route.path}`
  const parts = ['sites', route.site, ...partsOf(route)]
  return `#/${parts.map(encodeURIComponent).join('/')}`
}

function partsOf(route: SiteRoute): readonly string[] {
  switch (route.screen) {
    case 'site':
      return route.experience === null ? [] : ['figures', route.experience]
    case 'things':
      return [route.kind]
    case 'thing':
      return [route.kind, route.id ?? NEW]
    case 'tool':
      return [route.tool]
  }
}

/** What a screen change is: the same key means that the reader stays where they are. */
export function toScreenKey(route: Route): string {
  return route.screen === 'site' ? `site ${route.site}` : toHash(route)
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
