import type { AttributeType, AttributeValue } from '../../model/attribute.ts'

/** Longest text of an attribute, and of all that a list holds, in characters. */
const LONGEST_TEXT = 256
const LONGEST_LIST = 1000

const FLAGS: Readonly<Record<string, boolean>> = {
  true: true,
  false: false,
  '1': true,
  '0': false,
  yes: true,
  no: false,
}

/** A value as its attribute wants it: nothing (`null`) for an empty cell, `undefined` for a bad one. */
export function toValue(type: AttributeType, given: unknown): AttributeValue | null | undefined {
  const value = typeof given === 'string' ? given.trim() : given
  return value === '' || value === null ? null : PARSERS[type](value)
}

const PARSERS: Readonly<Record<AttributeType, (value: unknown) => AttributeValue | undefined>> = {
  text: toText,
  number: toNumber,
  flag: (value) => (Object.hasOwn(FLAGS, key(value)) ? FLAGS[key(value)] : undefined),
  date: (value) => (typeof value === 'string' && isDay(value) ? value : undefined),
  list: toList,
}

const key = (value: unknown): string => String(value).toLowerCase()

/** Control characters but tabs and line breaks have no place in what people read. */
const CONTROL = /[^\P{Cc}\t\n\r]/u

function toText(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  return value.length <= LONGEST_TEXT && !CONTROL.test(value) ? value : undefined
}

/** `1234.5` and `-2e3`; neither `1.234,5`, of which nobody can tell what it means, nor hexadecimals. */
function toNumber(value: unknown): number | undefined {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string' || !/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return undefined
  return Number.isFinite(Number(text)) ? Number(text) : undefined
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const at = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}

function toList(value: unknown): readonly string[] | undefined {
  const items: unknown = typeof value === 'string' ? splitList(value) : value
  if (!Array.isArray(items)) return undefined
  const texts = items.map(toText).filter((text) => text !== undefined)
  const whole = texts.length === items.length && texts.join('|').length <= LONGEST_LIST
  return whole ? texts : undefined
}

function splitList(text: string): unknown {
  if (!text.startsWith('[')) return text.split('|').map((item) => item.trim())
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
