import type { Operation, Slot } from '../model/slot.ts'

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
  Record<Operation, (element: Element, html: string, slot: Slot) => void>
> = {
  replace: (element, html) => void element.replace(html, HTML),
  inner: (element, html) => void element.setInnerContent(html, HTML),
  prepend: (element, html) => void element.prepend(html, HTML),
  append: (element, html) => void element.append(html, HTML),
  before: (element, html) => void element.before(html, HTML),
  after: (element, html) => void element.after(html, HTML),
  remove: (element) => void element.remove(),
  'set-attribute': (element, html, slot) => setAttributes(element, slot, html),
}

/** The attribute that a slot is about, and the mark: no element is inserted that could carry it. */
export function setAttributes(
  element: Element,
  { id, attribute = '' }: { readonly id: string; readonly attribute?: string | undefined },
  value: string,
): void {
  element.setAttribute('data-sv', id)
  element.setAttribute(attribute, value)
}

/** What is put inside an element, which it must be able to have. */
export const NEEDS_CONTENT: ReadonlySet<Operation> = new Set(['inner', 'prepend', 'append'])

/**
 * What is done up to or at an element's end tag. Without one, HTMLRewriter removes all that follows,
 * and inserts at the end tag of whatever encloses it; `replace` and `remove` take that along too.
 */
export const NEEDS_END: ReadonlySet<Operation> = new Set([
  'replace',
  'inner',
  'remove',
  'append',
  'after',
])
