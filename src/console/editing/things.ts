import type { Configuration, Kind } from '../../model/configuration.ts'
import { type Answer, call, sitePath } from '../call.ts'

/** What a kind's documents look like. */
export type DocOf<K extends Kind> = Configuration[K][number]

/** Something an editor makes, with the version by which nobody overwrites anybody. */
export interface Thing<Doc> {
  readonly doc: Doc
  readonly version: number
  /** Epoch ms. */
  readonly updatedAt: number
  readonly updatedBy: string
}

export interface Page<T> {
  readonly items: readonly T[]
  /** Where to go on; null after the last page. */
  readonly next: string | null
}

export interface Question {
  readonly q?: string
  readonly cursor?: string
}

/** Things of a kind, a page at a time. */
export function listThings<K extends Kind>(
  site: string,
  kind: K,
  { q, cursor }: Question = {},
): Answer<Page<Thing<DocOf<K>>>> {
  const query = new URLSearchParams({ limit: '50', ...(q && { q }), ...(cursor && { cursor }) })
  return call('GET', `${sitePath(site, kind)}?${query}`)
}

export function readThing<K extends Kind>(
  site: string,
  kind: K,
  id: string,
): Answer<Thing<DocOf<K>>> {
  return call('GET', sitePath(site, kind, id))
}

/** Saves over exactly that version; makes it anew, and only then, where there is none. */
export function saveThing<K extends Kind>(
  site: string,
  kind: K,
  doc: DocOf<K>,
  version: number | null,
): Answer<Thing<DocOf<K>>> {
  const condition: Record<string, string> =
    version === null ? { 'if-none-match': '*' } : { 'if-match': `"${version}"` }
  return call('PUT', sitePath(site, kind, doc.id), doc, condition)
}

export function deleteThing(site: string, kind: Kind, id: string, version: number): Answer<null> {
  return call('DELETE', sitePath(site, kind, id), undefined, { 'if-match': `"${version}"` })
}

/** The whole draft, for what refers to what. */
export function readConfiguration(site: string): Answer<Configuration> {
  return call('GET', sitePath(site, 'configuration'))
}
