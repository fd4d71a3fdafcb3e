import type { Segment } from '../model/bundle.ts'
import type { Module } from '../model/module.ts'
import { escapeHtml, toAscii } from './escape.ts'
import { isPersonal, parseTemplate, rootTag, type Token } from './template.ts'

type Content = Readonly<Record<string, unknown>>

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
  const segments = merge(fill(tokens, [content]))
  return whole ? withMark(module.template, segments) : segments
}

function fill(tokens: readonly Token[], scopes: readonly Content[]): Segment[] {
  return tokens.flatMap((token): Segment[] => {
    if (token.kind === 'text') return [toAscii(token.text)]
    if (token.kind === 'value') {
      return isPersonal(token.path)
        ? [['v', token.path]]
        : [toAscii(escapeHtml(toText(lookUp(token.path, scopes))))]
    }
    if (isPersonal(token.path)) {
      return [[token.kind, token.path, merge(fill(token.tokens, scopes))]]
    }
    const value = lookUp(token.path, scopes)
    if (token.kind === '^') return isEmpty(value) ? fill(token.tokens, scopes) : []
    if (isEmpty(value)) return []
    const items = Array.isArray(value) ? value : [value]
    return items.flatMap((item) =>
      fill(token.tokens, isContent(item) ? [item, ...scopes] : scopes),
    )
  })
}

function lookUp(path: string, scopes: readonly Content[]): unknown {
  for (const scope of scopes) if (Object.hasOwn(scope, path)) return scope[path]
  return undefined
}

/** What mustache's inverted sections test: false, nothing, and the empty list or text. */
export function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === false ||
    value === '' ||
    (Array.isArray(value) && value.length === 0)
  )
}

export function toText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function isContent(value: unknown): value is Content {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
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
