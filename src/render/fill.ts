import type { Segment } from '../model/bundle.ts'
import type { Field, Module } from '../model/module.ts'
import { escapeHtml, toAscii } from './escape.ts'
import { isPersonal, parseTemplate, rootTag, type Token } from './template.ts'

type Content = Readonly<Record<string, unknown>>

/** Content with the fields it fills: a field left empty must not show one of that name further out. */
interface Scope {
  readonly fields: Readonly<Record<string, Field>>
  readonly content: Content
}

/** Attribute of a fragment's root element by which the beacon finds it. */
export const MARK_ATTRIBUTE = 'data-sv'

/** Stands for the exposure's mark, which depends on slot and rank; no template can contain it. */
export const MARK_PATH = '~mark'

/**
 * Fills a checked template with a variant's content at publish, so that a page view only has personal
 * values left to write. `whole` templates get a place for their exposure's mark in the root element.
 */
export function fillTemplate(
  module: Module,
  content: Content,
  { whole }: { whole: boolean },
): readonly Segment[] {
  const { tokens } = parseTemplate(module.template)
  const segments = merge(fill(tokens, [{ fields: module.fields, content }]))
  return whole ? withMark(module.template, segments) : segments
}

function fill(tokens: readonly Token[], scopes: readonly Scope[]): Segment[] {
  return tokens.flatMap((token): Segment[] => {
    if (token.kind === 'text') return [toAscii(token.text)]
    if (token.kind === 'value') {
      return isPersonal(token.path)
        ? [['v', token.path]]
        : [toAscii(escapeHtml(toText(lookUp(token.path, scopes).value)))]
    }
    if (isPersonal(token.path)) {
      return [[token.kind, token.path, merge(fill(token.tokens, scopes))]]
    }
    const { field, value } = lookUp(token.path, scopes)
    if (token.kind === '^') return isEmpty(value) ? fill(token.tokens, scopes) : []
    if (isEmpty(value)) return []
    if (field?.kind !== 'list' || !Array.isArray(value)) return fill(token.tokens, scopes)
    const { fields } = field
    return value.flatMap((content) => fill(token.tokens, [{ fields, content }, ...scopes]))
  })
}

function lookUp(path: string, scopes: readonly Scope[]): { field?: Field; value?: unknown } {
  const scope = scopes.find(({ fields }) => Object.hasOwn(fields, path))
  if (!scope) return {}
  const { fields, content } = scope
  return { field: fields[path], value: Object.hasOwn(content, path) ? content[path] : undefined }
}

/** What mustache's inverted sections test: false, nothing, zero, and the empty list or text. */
export function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === false ||
    value === 0 ||
    value === '' ||
    (Array.isArray(value) && value.length === 0)
  )
}

export function toText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function merge(segments: readonly Segment[]): Segment[] {
  const merged: Segment[] = []
  for (const segment of segments) {
    const last = merged.at(-1)
    if (typeof segment === 'string' && typeof last === 'string') {
      merged[merged.length - 1] = last + segment
    } else merged.push(segment)
  }
  return merged
}

function withMark(template: string, segments: readonly Segment[]): readonly Segment[] {
  const [first, ...rest] = segments
  const tag = rootTag(template)?.[0].length ?? 0
  if (typeof first !== 'string') return segments
  return [
    `${first.slice(0, tag)} ${MARK_ATTRIBUTE}="`,
    ['v', MARK_PATH],
    `"${first.slice(tag)}`,
    ...rest,
  ]
}
