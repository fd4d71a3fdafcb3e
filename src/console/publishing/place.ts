import type { Configuration } from '../../model/configuration.ts'
import { isKind, KIND_WORDS } from '../kinds.ts'
import { type Route, toHash } from '../route.ts'

/** Where in a draft something is: the thing, the way to it, and the field. */
export interface Place {
  readonly title: string
  readonly href: string | null
  readonly field: string
}

/** The thing and field that a pointer into the whole draft means: `/variants/3/content/title`. */
export function placeOf(pointer: string, site: string, draft: Configuration | null): Place {
  const [kind = '', index = '', ...rest] = pointer.split('/').slice(1).map(unescapePointer)
  if (kind === 'site') {
    const href = toHash({ screen: 'tool', site, tool: 'settings' })
    return { title: 'Site settings', href, field: [index, ...rest].filter(Boolean).join(' › ') }
  }
  if (!isKind(kind)) return { title: 'Configuration', href: null, field: pointer }
  const thing = draft?.[kind][Number(index)]
  const route: Route | null = thing ? { screen: 'thing', site, kind, id: thing.id } : null
  return {
    title: `${capital(KIND_WORDS[kind].one)} “${thing ? thing.name || thing.id : index}”`,
    href: route && toHash(route),
    field: rest.join(' › '),
  }
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

const unescapePointer = (name: string) => name.replaceAll('~1', '/').replaceAll('~0', '~')
