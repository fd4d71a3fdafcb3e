/** What somebody pointed at, as the picker inside the page tells it. */
export interface Pick {
  readonly selector: string
  readonly tag: string
  readonly text: string
  /** Elements of the page that the selector finds. */
  readonly matches: number
  readonly alternatives: readonly { readonly selector: string; readonly matches: number }[]
}

/** Reads a message from the frame; null for whatever is not a pick. It comes from the site's page: trusted with nothing. */
export function toPick(data: unknown): Pick | null {
  if (!isObject(data) || data.type !== 'selvedge-pick') return null
  const { selector, tag, text, matches, alternatives } = data
  if (!isSelector(selector)) return null
  return {
    selector,
    tag: toText(tag, 40),
    text: toText(text, 120),
    matches: toCount(matches),
    alternatives: Array.isArray(alternatives)
      ? alternatives.flatMap(toAlternative).slice(0, 8)
      : [],
  }
}

function toAlternative(value: unknown): Pick['alternatives'] {
  if (!isObject(value) || !isSelector(value.selector)) return []
  return [{ selector: value.selector, matches: toCount(value.matches) }]
}

/** The longest selector that a slot takes. */
const LONGEST = 512

const isSelector = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= LONGEST

const toText = (value: unknown, most: number) =>
  typeof value === 'string' ? value.slice(0, most) : ''

const toCount = (value: unknown) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
