import {
  Document,
  isCollection,
  LineCounter,
  type ParsedNode,
  parseDocument,
  type YAMLError,
} from 'yaml'
import { type Configuration, ConfigurationSchema, KINDS } from '../model/configuration.ts'
import type { Problem } from '../model/problem.ts'
import { err, ok, type Result } from '../model/result.ts'
import { toProblems } from '../problem.ts'

export type Format = 'yaml' | 'json'

/** A configuration as a file holds it, and the draft that it was made from. */
export interface ConfigurationFile {
  readonly configuration: Configuration
  /** Entity tag of the draft that was exported; nothing for a file that was begun by hand. */
  readonly etag?: string
  /** Where something stands in the file, by JSON pointer. */
  readonly placeOf: (pointer: string) => Place
}

/** Line and column, from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** A mistake of a file, and where it is. */
export interface Mistake extends Place {
  readonly code: string
  readonly pointer: string
  readonly detail: string
}

/** By the name's ending; YAML unless it says JSON. */
export function formatOf(name: string): Format {
  return /\.json$/i.test(name) ? 'json' : 'yaml'
}

const ETAG = /^# etag: ("\d{1,15}")$/m

/**
 * A configuration as people review it: in the order in which it was made, a line a value, texts of several
 * lines as such. What it has none of is left out.
 */
export function printFile(
  configuration: Configuration,
  { format, etag }: { readonly format: Format; readonly etag?: string },
): string {
  const { site } = configuration
  const lists = KINDS.filter((kind) => configuration[kind].length > 0)
  const written = { site, ...Object.fromEntries(lists.map((kind) => [kind, configuration[kind]])) }
  if (format === 'json') return `${JSON.stringify(written, null, 2)}\n`
  const document = new Document(written, { aliasDuplicateObjects: false })
  document.commentBefore = [
    ` The draft of the site “${site.id}”. “config -- apply” replaces exactly this version of it:`,
    ...(etag ? [` etag: ${etag}`] : []),
  ].join('\n')
  return document.toString({ lineWidth: 0 })
}

/** The same file with another version in its head. */
export function withEtag(text: string, etag: string): string {
  return text.replace(ETAG, `# etag: ${etag}`)
}

/** What a file says, or all that is wrong with how it says it. */
export function parseFile(text: string): Result<ConfigurationFile, readonly Mistake[]> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const placeOf = (pointer: string) => toPlace(offsetOf(document, pointer), lines)
  const wrong = [...document.errors, ...document.warnings]
  if (wrong.length > 0) return err(wrong.map((error) => toMistake(error, lines)))
  const parsed = ConfigurationSchema.safeParse(document.toJS())
  if (!parsed.success) return err(locate(toProblems(parsed.error), { placeOf }))
  const etag = ETAG.exec(text)?.[1]
  return ok({ configuration: parsed.data, placeOf, ...(etag !== undefined && { etag }) })
}

/** Problems that were told of a configuration, at their places in its file. */
export function locate(
  problems: readonly Problem[],
  { placeOf }: Pick<ConfigurationFile, 'placeOf'>,
): Mistake[] {
  return problems.map((problem) => ({ ...problem, ...placeOf(problem.pointer) }))
}

/** `site.yaml:12:5  unknown_reference  There is no “hero” among the slots.`, as editors link it. */
export function printMistake(name: string, { line, column, code, detail }: Mistake): string {
  return `${name}:${line}:${column}  ${code}  ${detail}`
}

function toMistake({ pos: [start], message }: YAMLError, lines: LineCounter): Mistake {
  return { ...toPlace(start, lines), code: 'bad_syntax', pointer: '', detail: message }
}

function toPlace(offset: number, lines: LineCounter): Place {
  const { line, col } = lines.linePos(offset)
  return { line: Math.max(1, line), column: Math.max(1, col) }
}

/** Where a value begins; for one that is not there, what should hold it. */
function offsetOf(document: Document.Parsed<ParsedNode>, pointer: string): number {
  let node: unknown = document.contents
  let offset = document.contents?.range[0] ?? 0
  for (const name of pointer.split('/').slice(1).map(fromToken)) {
    if (!isCollection(node)) break
    node = node.get(name, true)
    offset = startOf(node) ?? offset
  }
  return offset
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined
  return Array.isArray(node.range) ? Number(node.range[0]) : undefined
}

/** A name as it stands in a pointer (RFC 6901), read back. */
function fromToken(name: string): string {
  return name.replaceAll('~1', '/').replaceAll('~0', '~')
}
