import Mustache from 'mustache'
import type { Field, Module, ScalarField } from '../model/module.ts'
import { isSubjectPath } from '../model/subject.ts'
import { MarkupScanner, URL_ATTRIBUTES } from './markup.ts'

/** One mistake in a template. */
export interface TemplateProblem {
  readonly code: 'invalid_template' | 'unknown_variable' | 'unsafe_template'
  readonly detail: string
}

/** A parsed template: literal text, a variable, or a section (`#`) and its opposite (`^`). */
export type Token =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly path: string }
  | { readonly kind: '#' | '^'; readonly path: string; readonly tokens: readonly Token[] }

type Fields = Readonly<Record<string, Field>>

/** Parses with mustache, then takes the few kinds of token that modules may use. */
export function parseTemplate(source: string): { tokens: Token[]; problems: TemplateProblem[] } {
  const problems: TemplateProblem[] = []
  try {
    return { tokens: toTokens(Mustache.parse(source), problems), problems }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return { tokens: [], problems: [{ code: 'invalid_template', detail }] }
  }
}

/** Every mistake of a module's template; an empty list means that it is safe to fill and to insert. */
export function checkTemplate(module: Module, { whole }: { whole: boolean }): TemplateProblem[] {
  const { tokens, problems } = parseTemplate(module.template)
  if (problems.length > 0) return problems
  if (!whole) return checkAttributeTemplate(tokens, module.fields)
  const scanner = new MarkupScanner()
  const { mark } = scanner
  walk(tokens, { scanner, scopes: [module.fields], problems })
  if (scanner.mark !== mark) {
    problems.push({
      code: 'invalid_template',
      detail: 'Close every element that the template opens.',
    })
  }
  if (!rootTag(module.template)) {
    problems.push({
      code: 'invalid_template',
      detail: 'Begin the template with its root element, such as <section>.',
    })
  }
  return [...problems, ...scanner.problems]
}

/** The root element's start, into which the mark of an exposure is written. */
export function rootTag(template: string): RegExpExecArray | null {
  return /^[\t\n\f\r ]*<[a-zA-Z][\w-]*/.exec(template)
}

function toTokens(spans: Mustache.TemplateSpans, problems: TemplateProblem[]): Token[] {
  const tokens = spans.flatMap((span): Token[] => {
    const [kind, text] = span
    if (kind === 'text') return [{ kind, text }]
    if (kind === 'name') return [{ kind: 'value', path: text }]
    if (kind === '!') return []
    if ((kind === '#' || kind === '^') && Array.isArray(span[4])) {
      return [{ kind, path: text, tokens: toTokens(span[4], problems) }]
    }
    problems.push({
      code: 'unsafe_template',
      detail: `“${text}” is written raw, as a partial or with other delimiters; write {{${text}}}.`,
    })
    return []
  })
  return joined(tokens)
}

/** Texts on both sides of a comment are one text: `<scr{{! }}ipt>` is a tag, and is checked as one. */
function joined(tokens: readonly Token[]): Token[] {
  const result: Token[] = []
  for (const token of tokens) {
    const last = result.at(-1)
    if (token.kind === 'text' && last?.kind === 'text') {
      result[result.length - 1] = { kind: 'text', text: last.text + token.text }
    } else result.push(token)
  }
  return result
}

interface Walk {
  readonly scanner: MarkupScanner
  /** Fields in scope, innermost first. */
  readonly scopes: readonly Fields[]
  readonly problems: TemplateProblem[]
}

function walk(tokens: readonly Token[], state: Walk): void {
  const { scanner, scopes, problems } = state
  for (const [place, token] of tokens.entries()) {
    if (token.kind === 'text') scanner.feed(token.text)
    else if (token.kind === 'value') checkValue(token.path, state, tokens[place + 1])
    else {
      const field = fieldOf(token.path, scopes)
      if (!field && !isPersonal(token.path)) problems.push(unknownVariable(token.path))
      checkSectionPlace(token.path, state)
      const before = scanner.mark
      const inner = field?.kind === 'list' ? [field.fields, ...scopes] : scopes
      walk(token.tokens, { ...state, scopes: inner })
      if (scanner.mark !== before) {
        problems.push({
          code: 'invalid_template',
          detail: `What {{#${token.path}}} encloses must close what it opens.`,
        })
      }
    }
  }
}

/** A part of a tag or of a URL cannot be judged by itself. */
function checkSectionPlace(path: string, { scanner, problems }: Walk): void {
  const position = scanner.position()
  if (position.kind === 'text') return
  if (position.kind === 'attribute' && !URL_ATTRIBUTES.has(position.name)) return
  const where = position.kind === 'unsafe' ? position.where : `the URL of “${position.name}”`
  problems.push({
    code: 'unsafe_template',
    detail: `{{#${path}}} stands in ${where}; let it enclose whole elements or text.`,
  })
}

function checkValue(path: string, { scanner, scopes, problems }: Walk, next?: Token): void {
  const field = fieldOf(path, scopes)
  if (!field && !isPersonal(path)) return void problems.push(unknownVariable(path))
  if (field?.kind === 'list') {
    return void problems.push({
      code: 'invalid_template',
      detail: `“${path}” is a list; use {{#${path}}}…{{/${path}}}.`,
    })
  }
  const position = scanner.position()
  if (position.kind === 'unsafe') {
    problems.push({
      code: 'unsafe_template',
      detail: `{{${path}}} stands in ${position.where}; only text and quoted attributes are safe.`,
    })
  }
  if (position.kind === 'attribute' && URL_ATTRIBUTES.has(position.name)) {
    const isUrl = field?.kind === 'url' || field?.kind === 'image'
    const isWhole =
      scanner.fed === position.start && next?.kind === 'text' && /^["']/.test(next.text)
    if (!isUrl || !isWhole) {
      problems.push({
        code: 'unsafe_template',
        detail: `${position.name}="{{${path}}}" needs a url or image field as its whole value.`,
      })
    }
  }
}

/** Templates of `set-attribute` are plain text: no markup, one level of variables. */
function checkAttributeTemplate(tokens: readonly Token[], fields: Fields): TemplateProblem[] {
  return tokens.flatMap((token): TemplateProblem[] => {
    if (token.kind === 'text') return []
    const known = fieldOf(token.path, [fields]) !== undefined || isPersonal(token.path)
    const inner = token.kind === 'value' ? [] : checkAttributeTemplate(token.tokens, fields)
    return known ? inner : [unknownVariable(token.path), ...inner]
  })
}

/** The field a variable names, innermost scope first. */
export function fieldOf(path: string, scopes: readonly Fields[]): Field | ScalarField | undefined {
  for (const fields of scopes) if (Object.hasOwn(fields, path)) return fields[path]
  return undefined
}

/** Personal values are filled in per request; all others were known at publish. */
export function isPersonal(path: string): boolean {
  return isSubjectPath(path)
}

function unknownVariable(path: string): TemplateProblem {
  return {
    code: 'unknown_variable',
    detail: `“${path}” is neither a field of this module nor something known of a visitor.`,
  }
}

/** A URL attribute set by a slot takes nothing but one checked URL. */
export function checkAttributeUse(module: Module, attribute: string): TemplateProblem[] {
  if (!URL_ATTRIBUTES.has(attribute)) return []
  const { tokens } = parseTemplate(module.template.trim())
  const [only, ...rest] = tokens
  const field = only?.kind === 'value' ? fieldOf(only.path, [module.fields]) : undefined
  return rest.length === 0 && (field?.kind === 'url' || field?.kind === 'image')
    ? []
    : [
        {
          code: 'unsafe_template',
          detail: `A module for the attribute “${attribute}” is one url or image field and nothing else.`,
        },
      ]
}
