import { type CsvRow, createCsvReader } from './csv.ts'
import { createArrayCutter } from './json-array.ts'
import { Refused } from './refused.ts'

/** One row, by column; nothing in it has been checked. */
export interface RawRecord {
  readonly line: number
  /** Missing where the row cannot be read at all. */
  readonly fields?: Readonly<Record<string, unknown>>
}

export type Format = 'csv' | 'ndjson' | 'json'

/** The rows of a body, as it arrives. `columns` are those that a file may have. */
export function readRecords(
  format: Format,
  body: AsyncIterable<Uint8Array>,
  columns: ReadonlySet<string>,
): AsyncGenerator<RawRecord> {
  const texts = readText(body)
  if (format === 'csv') return readCsv(texts, columns)
  return format === 'json' ? readArray(texts) : readLines(texts)
}

/** UTF-8 only: another encoding would turn names into other names without anybody noticing. */
async function* readText(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  // Wrong bytes become U+FFFD, so that the line can be told; a fatal decoder tells nothing.
  const decoder = new TextDecoder('utf-8')
  let lines = 1
  for await (const bytes of body) {
    const text = decoder.decode(bytes, { stream: true })
    lines += check(text, lines)
    yield text
  }
  const rest = decoder.decode()
  check(rest, lines)
  yield rest
}

/** Counts line breaks; refuses text that was not UTF-8. */
function check(text: string, line: number): number {
  const wrong = text.indexOf('\uFFFD')
  const breaks = (part: string): number => part.split('\n').length - 1
  if (wrong < 0) return breaks(text)
  const detail = 'This is not UTF-8 (Windows-1252 or UTF-16, perhaps); save the file as UTF-8.'
  throw new Refused('bad_encoding', line + breaks(text.slice(0, wrong)), detail)
}

async function* readCsv(
  texts: AsyncIterable<string>,
  columns: ReadonlySet<string>,
): AsyncGenerator<RawRecord> {
  let header: readonly string[] | undefined
  for await (const row of csvRows(texts)) {
    if (header) yield toRecord(row, header)
    else header = checkHeader(row, columns)
  }
  if (!header) throw new Refused('empty', 1, 'The file is empty; it needs a header and rows.')
}

async function* csvRows(texts: AsyncIterable<string>): AsyncGenerator<CsvRow> {
  const reader = createCsvReader()
  for await (const text of texts) yield* reader.push(text)
  yield* reader.end()
}

function toRecord({ line, cells, broken }: CsvRow, header: readonly string[]): RawRecord {
  if (broken || cells.length !== header.length) return { line }
  return { line, fields: Object.fromEntries(header.map((name, at) => [name, cells[at]])) }
}

function checkHeader({ cells, line }: CsvRow, columns: ReadonlySet<string>): readonly string[] {
  const names = cells.map((name) => name.trim())
  const refuse = (code: Refused['code'], detail: string): never => {
    throw new Refused(code, line, detail)
  }
  if (names.length > columns.size) refuse('too_many_columns', `There can be ${columns.size}.`)
  const unknown = names.find((name) => !columns.has(name))
  if (unknown !== undefined) {
    refuse('unknown_column', `The site has no attribute “${unknown.slice(0, 64)}”.`)
  }
  if (new Set(names).size < names.length) refuse('duplicate_column', 'A column is there twice.')
  if (!names.includes('userId')) refuse('missing_column', 'There is no column “userId”.')
  return names
}

/** Longest line of NDJSON, in characters. */
const LONGEST_LINE = 500_000

async function* readLines(texts: AsyncIterable<string>): AsyncGenerator<RawRecord> {
  let line = 1
  let rest = ''
  for await (const text of texts) {
    const parts = text.split('\n')
    for (const [at, part] of parts.entries()) {
      // Beyond the bound a line is bad, whatever follows; it is not gathered up.
      if (rest.length <= LONGEST_LINE) rest += part
      if (at === parts.length - 1) break
      if (rest.trim() !== '') yield parseLine(rest, line)
      rest = ''
      line += 1
    }
  }
  if (rest.trim() !== '') yield parseLine(rest, line)
}

async function* readArray(texts: AsyncIterable<string>): AsyncGenerator<RawRecord> {
  const cutter = createArrayCutter()
  let begun = false
  for await (const text of texts) {
    if (!begun && text.trim() !== '') {
      begun = true
      if (!text.trimStart().startsWith('[')) throw notAnArray()
    }
    for (const { line, text: element } of cutter.push(text)) yield parseLine(element, line)
  }
  if (!cutter.isClosed()) throw notAnArray()
}

function notAnArray(): Refused {
  return new Refused('not_an_array', 1, 'Send one array of objects, whole: [{"userId": "…"}, …].')
}

function parseLine(text: string, line: number): RawRecord {
  if (text.length > LONGEST_LINE) return { line }
  try {
    const fields: unknown = JSON.parse(text)
    return isObject(fields) ? { line, fields } : { line }
  } catch {
    return { line }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
