import type { Operation } from '../model/slot.ts'

/** A fragment on its way to an element. */
interface Insertion {
  readonly html: string
  readonly attribute: string
}

const HTML = { html: true } as const

/**
 * Elements no slot may be: they run, load or frame something, or hold text that is not markup. A
 * selector is checked at publish, but only the page shows what it selects.
 */
export const UNTOUCHABLE: ReadonlySet<string> = new Set([
  ...['script', 'style', 'link', 'meta', 'base', 'iframe', 'frame', 'frameset', 'object', 'embed'],
  ...['template', 'noscript', 'textarea', 'title', 'xmp', 'plaintext', 'noembed', 'noframes'],
])

/** What each operation does to the slot's element. Insertions are strings: nothing is awaited. */
export const OPERATIONS_ON_ELEMENT: Readonly<
  Record<Operation, (element: Element, insertion: Insertion) => void>
> = {
  replace: (element, { html }) => void element.replace(html, HTML),
  inner: (element, { html }) => void element.setInnerContent(html, HTML),
  prepend: (element, { html }) => void element.prepend(html, HTML),
  append: (element, { html }) => void element.append(html, HTML),
  before: (element, { html }) => void element.before(html, HTML),
  after: (element, { html }) => void element.after(html, HTML),
  remove: (element) => void element.remove(),
  'set-attribute': (element, { html, attribute }) => void element.setAttribute(attribute, html),
}
