import { type Answer, call, sitePath } from '../call.ts'

/** A page of the site on which elements can be pointed at. */
export function openPick(
  site: string,
  path: string,
): Answer<{ readonly url: string; readonly expiresAt: number }> {
  return call('POST', sitePath(site, 'picks'), { path })
}

/** How many elements of the origin's page each selector finds; nothing where the page says nothing. */
export interface Found {
  readonly matches: Readonly<Record<string, number>> | null
  /** The status, or the reason, of a page that could not be looked at. */
  readonly why?: number | string
}

export function findSelectors(
  site: string,
  path: string,
  selectors: readonly string[],
): Answer<Found> {
  return call('POST', sitePath(site, 'selectors'), { path, selectors })
}

/** What a page tells of the element that was pointed at. */
export interface Picked {
  /** Most robust first; empty where nothing would find it again. */
  readonly selectors: readonly string[]
  readonly tag: string
  /** The beginning of its text. */
  readonly text: string
}

/** What a frame said, where that is a pick: the page in it is not ours, so nothing is taken on trust. */
export function toPicked(data: unknown): Picked | null {
  if (read(data, 'kind') !== 'picked') return null
  const selectors = read(data, 'selectors')
  const texts = Array.isArray(selectors) ? selectors.filter(isText).slice(0, 10) : []
  return { selectors: texts, tag: toText(read(data, 'tag')), text: toText(read(data, 'text')) }
}

function read(value: unknown, member: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, member) : undefined
}

const LONGEST_SELECTOR = 512

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_SELECTOR
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 80) : ''
}

/** A page's path without wildcards, to begin with. */
export function firstPage(pages: readonly string[]): string {
  return pages.find((pattern) => !/[*:{(?+]/.test(pattern)) ?? '/'
}

/** What the number of elements that a selector finds means for a slot. */
export function toVerdict(count: number | undefined): { readonly good: boolean; words: string } {
  if (count === undefined) return { good: false, words: 'not looked for' }
  if (count === 0) return { good: false, words: 'not in the page as it is sent' }
  return count === 1
    ? { good: true, words: 'finds this element alone' }
    : { good: false, words: `finds ${count} elements; the first would be the slot` }
}
