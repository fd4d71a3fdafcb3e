import type { Kind } from '../model/configuration.ts'
import { isKind } from './kinds.ts'

/** Screens of a site that are neither its figures nor its things. */
export const TOOLS = ['gallery', 'preview', 'publish', 'history', 'settings', 'log'] as const

export type Tool = (typeof TOOLS)[number]

/** Where in the console one is. */
export type Route =
  | { readonly screen: 'overview' }
  /** What a site's experiences do. */
  | { readonly screen: 'site'; readonly site: string }
  /** One experience's report; `asked` is what it is asked for, as a query. */
  | {
      readonly screen: 'report'
      readonly site: string
      readonly experience: string
      readonly asked: string
    }
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

export type ReportRoute = Extract<Route, { readonly screen: 'report' }>

/** A site's screens that make and publish. */
export type StudioRoute = Exclude<SiteRoute, { readonly screen: 'site' | 'report' }>

/** Stands for the id of what has none yet; no id has a tilde. */
const NEW = '~new'

/**
 * Reads a route from `location.hash`. The hash and not the path, because a static asset answers
 * only under its own path, so a reload works wherever the console is served from.
 */
export function parseRoute(hash: string): Route {
  const [path = '', asked = ''] = hash.replace(/^#/, '').split('?')
  const [first, site, third, id, ...rest] = path.split('/').filter(Boolean).map(decode)
  if (first === undefined) return { screen: 'overview' }
  if (first !== 'sites' || rest.length > 0) return { screen: 'unknown', path }
  if (site === undefined) return { screen: 'overview' }
  if (third === undefined) return { screen: 'site', site }
  if (third === 'figures' && id !== undefined) {
    return { screen: 'report', site, experience: id, asked }
  }
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
  return isKind(name)
    ? { screen: 'thing', site, kind: name, id: id === NEW ? null : id }
    : undefined
}

/** The hash that leads to a route. */
export function toHash(route: Route): string {
  if (route.screen === 'overview') return '#/'
  if (route.screen === 'unknown') return `#${route.path}`
  const parts = ['sites', route.site, ...partsOf(route)]
  const query = route.screen === 'report' && route.asked !== '' ? `?${route.asked}` : ''
  return `#/${parts.map(encodeURIComponent).join('/')}${query}`
}

function partsOf(route: SiteRoute): readonly string[] {
  switch (route.screen) {
    case 'site':
      return []
    case 'report':
      return ['figures', route.experience]
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
  return toHash(route.screen === 'report' ? { ...route, asked: '' } : route)
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
