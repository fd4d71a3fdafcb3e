import {
  DOUBLE_QUOTE,
  EQUALS,
  endsName,
  GREATER_THAN,
  isLetter,
  isSpace,
  SINGLE_QUOTE,
  SOLIDUS,
} from './states.ts'

/** A start tag as the rewriter gives it, in so far as its place in the page can be told by it. */
export interface StartTag {
  readonly name: Uint8Array
  /** Values that its attributes have; to ask the runtime for them has its price. */
  readonly values: () => readonly Uint8Array[]
}

/** What stands for itself in every charset that is read here. */
const ASCII = /^[\x20-\x7e]+$/
/** The beginning of a value tells enough. */
const LONGEST_VALUE = 64

const encoder = new TextEncoder()

/**
 * An element's start tag, or `undefined` where its place cannot be told by it. Attributes that have
 * been `changed` say nothing of the page.
 */
export function startTagOf(element: Element, changed: boolean): StartTag | undefined {
  const name = element.tagName.toLowerCase()
  if (!ASCII.test(name)) return undefined
  return { name: encoder.encode(name), values: changed ? () => [] : once(() => valuesOf(element)) }
}

function valuesOf(element: Element): Uint8Array[] {
  return [...element.attributes]
    .map(([, value = '']) => value)
    .filter((value) => ASCII.test(value))
    .map((value) => encoder.encode(value.slice(0, LONGEST_VALUE)))
}

function once<T>(work: () => T): () => T {
  let known: T | undefined
  return () => {
    known ??= work()
    return known
  }
}

/** Whether the tag may be the one that starts with the `<` at `start`: not known where it is cut off. */
export function isPerhaps(
  { name, values }: StartTag,
  bytes: Uint8Array,
  start: number,
): boolean | undefined {
  const from = start + 1
  if (from + name.length >= bytes.length) return undefined
  if (!isNamed(bytes, from, name)) return false
  const end = endOfTag(bytes, from + name.length)
  if (end >= bytes.length) return undefined
  return values().every((value) => holds(bytes, value, from, end))
}

function isNamed(bytes: Uint8Array, from: number, name: Uint8Array): boolean {
  for (let n = 0; n < name.length; n++) {
    const byte = bytes[from + n] ?? 0
    if ((isLetter(byte) ? byte | 0x20 : byte) !== name[n]) return false
  }
  return endsName(bytes[from + name.length] ?? 0)
}

function holds(bytes: Uint8Array, value: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at + value.length <= to; at++) {
    let n = 0
    while (n < value.length && bytes[at + n] === value[n]) n++
    if (n === value.length) return true
  }
  return false
}

/** The place of the `>` that ends the tag whose name ends at `from`, or the length if it is cut off. */
function endOfTag(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && bytes[at] !== GREATER_THAN) {
    const isBetween = isSpace(bytes[at] ?? 0) || bytes[at] === SOLIDUS
    at = isBetween ? at + 1 : endOfAttribute(bytes, at)
  }
  return at
}

/** The place after an attribute, the closing quote of its value included. */
function endOfAttribute(bytes: Uint8Array, from: number): number {
  const name = skip(bytes, from + 1, (byte) => byte !== EQUALS && !endsName(byte))
  const equals = skip(bytes, name, isSpace)
  if (bytes[equals] !== EQUALS) return name
  const value = skip(bytes, equals + 1, isSpace)
  const quote = bytes[value]
  if (quote !== DOUBLE_QUOTE && quote !== SINGLE_QUOTE) {
    return skip(bytes, value, (byte) => byte !== GREATER_THAN && !isSpace(byte))
  }
  const end = bytes.indexOf(quote, value + 1)
  return end < 0 ? bytes.length : end + 1
}

function skip(bytes: Uint8Array, from: number, passes: (byte: number) => boolean): number {
  let at = from
  while (at < bytes.length && passes(bytes[at] ?? 0)) at++
  return at
}
