/** Attributes by which authors name parts of a page, most telling first. */
const NAMING = [
  ...['data-slot', 'data-module', 'data-component', 'data-testid', 'data-test', 'data-id'],
  ...['name', 'role', 'aria-label'],
] as const

/** Elements that a page usually has one of. */
const LANDMARKS: ReadonlySet<string> = new Set(['main', 'header', 'footer', 'nav', 'aside', 'h1'])

/** Names that a build or a framework makes up change with the next release. */
const MADE_UP =
  /\d{3}|[0-9a-f]{6}|^(?:css|sc|jss|svelte|astro|ember|radix|react|headlessui)-|:|__\w{5}$/i

/** States and layout, by which an element is not what it is. */
const PASSING =
  /^(?:is-|has-|js-|active|open|visible|hidden|selected|current|[mp][trblxy]?-\d|col-|w-|h-)/

/** A part of an element's own: tag, names, and what else tells it from others. */
interface Element {
  readonly tag: string
  readonly id: string
  readonly classes: readonly string[]
  readonly attributes: Readonly<Record<string, string>>
  /** Its place among brothers and sisters of its tag, from 1. */
  readonly nth: number
}

export type PickedElement = Element

/**
 * Selectors for an element, most robust first, of the kind that the worker's parser knows. `line` is the
 * element and what it stands in, innermost first; `count` tells how many elements a selector finds.
 */
export function selectorsFor(
  line: readonly Element[],
  count: (selector: string) => number,
): readonly string[] {
  const [element, ...around] = line
  if (!element) return []
  const own = namesOf(element).filter((selector) => count(selector) === 1)
  const within = around
    .flatMap((outer, depth) =>
      namesOf(outer)
        .filter((anchor) => count(anchor) === 1)
        .slice(0, 1)
        .map((anchor) => `${anchor} ${pathTo(line.slice(0, depth + 1))}`),
    )
    .filter((selector) => count(selector) === 1)
  return [...new Set([...own, ...within])].slice(0, 5)
}

/** What an element can be called by itself. */
function namesOf({ tag, id, classes, attributes }: Element): readonly string[] {
  const lasting = classes.filter(
    (name) => isPlain(name) && !MADE_UP.test(name) && !PASSING.test(name),
  )
  return [
    ...(isPlain(id) && !MADE_UP.test(id) ? [`#${id}`] : []),
    ...NAMING.flatMap((name) => {
      const value = attributes[name]
      return value && isQuotable(value) ? [`${tag}[${name}="${value}"]`] : []
    }),
    ...(LANDMARKS.has(tag) ? [tag] : []),
    ...lasting.map((name) => `${tag}.${name}`),
    ...(lasting.length > 1 ? [`${tag}${lasting.map((name) => `.${name}`).join('')}`] : []),
  ]
}

/** From right below an anchor to the element, step by step. */
function pathTo(line: readonly Element[]): string {
  const steps = line.toReversed().map(stepOf)
  return `> ${steps.join(' > ')}`
}

function stepOf(element: Element): string {
  const [named] = namesOf(element).filter((name) => name !== element.tag && !name.includes('"'))
  return named ?? `${element.tag}:nth-of-type(${element.nth})`
}

/** Names that need no escaping. */
function isPlain(name: string): boolean {
  return /^-?[a-z_][\w-]*$/i.test(name)
}

function isQuotable(value: string): boolean {
  return value.length <= 64 && !/["\\\n\r\f]/.test(value) && !MADE_UP.test(value)
}
