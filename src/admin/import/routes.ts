import { type Context, Hono } from 'hono'
import { logAct } from '../../db/change-log.ts'
import { beginImport, type ImportRecord, listImports, noteImport } from '../../db/imports.ts'
import { Id } from '../../model/id.ts'
import { problem } from '../../problem.ts'
import { requireRole, type StaffEnv } from '../../staff/guard.ts'
import { changeOf } from '../change.ts'
import { readDraft } from '../drafts.ts'
import { importRows, type Progress, type RowKind, type Summary } from './import-rows.ts'
import { customersOf, linksOf } from './kinds.ts'
import { LINK_COLUMNS } from './link-row.ts'
import { type Format, type RawRecord, readRecords } from './records.ts'
import { Refused } from './refused.ts'

const FORMATS: Readonly<Record<string, Format>> = {
  'text/csv': 'csv',
  'application/x-ndjson': 'ndjson',
  'application/json': 'json',
}

/** Imports of what the business knows; mounted at `/sites/:site`. */
export const imports = new Hono<StaffEnv>()
  .get('/people/imports', requireRole('marketer'), async (c) => {
    const site = c.req.param('site') ?? ''
    if (!(await readDraft(c.env.DB, site))) return problem(c, 'not_found')
    return c.json({ imports: await listImports(c.env.DB, site) })
  })

  /** Takes a file as it arrives; answers with a line for each batch that is durable, and a last one. */
  .post('/people/import', requireRole('editor'), async (c) => {
    const draft = await readDraft(c.env.DB, c.req.param('site') ?? '')
    if (!draft) return problem(c, 'not_found')
    const type = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
    const format = Object.hasOwn(FORMATS, type) ? FORMATS[type] : undefined
    if (!format) {
      return problem(c, 'unsupported_media', {
        detail: `Send ${Object.keys(FORMATS).join(' or ')}.`,
      })
    }
    const source = Id.safeParse(c.req.query('source'))
    if (!source.success) {
      return problem(c, 'invalid', { detail: 'Name where the rows come from: ?source=crm.' })
    }
    const body = bodyOf(c.req.raw)
    if (!body) return problem(c, 'bad_encoding')
    const by = c.get('staff').subject
    const record = { site: draft.site.id, id: crypto.randomUUID(), source: source.data, by }
    const now = Date.now()
    const kind = c.req.query('kind') ?? 'attributes'
    if (kind === 'links') {
      const records = readRecords(format, body, new Set(LINK_COLUMNS))
      return importFile(c, { ...record, kind, at: now }, records, linksOf(draft, c.env))
    }
    if (kind !== 'attributes') {
      return problem(c, 'invalid', { detail: 'There are imports of ?kind=attributes and links.' })
    }
    const columns = new Set(['userId', 'asOf', ...draft.attributes.map(({ id }) => id)])
    const rows = customersOf(draft, source.data, c.env, now)
    return importFile(c, { ...record, kind, at: now }, readRecords(format, body, columns), rows)
  })

/** The body, unpacked; nothing for an encoding that is not known. */
function bodyOf({ body, headers }: Request): ReadableStream<Uint8Array> | undefined {
  const stream = body ?? new Blob([]).stream()
  const encoding = headers.get('content-encoding') ?? 'identity'
  if (encoding === 'identity') return stream
  return encoding === 'gzip' ? stream.pipeThrough(new DecompressionStream('gzip')) : undefined
}

async function importFile<Row>(
  c: Context<StaffEnv>,
  record: Pick<ImportRecord, 'site' | 'id' | 'source' | 'kind' | 'at' | 'by'>,
  records: AsyncGenerator<RawRecord>,
  kind: RowKind<Row>,
): Promise<Response> {
  // A header that is wrong is told by a status, before anything is written.
  const first = await records.next().catch(toRefused)
  if (first instanceof Refused) {
    return problem(c, 'invalid', { errors: [{ ...toLine(first), pointer: '' }] })
  }
  const { site, id, kind: what, source } = record
  const summary = `Began to import ${what} from “${source}”.`
  await logAct(c.env.DB, changeOf(c), { action: 'import', site, kind: 'imports', id, summary })
  await beginImport(c.env.DB, { ...record, rows: 0, bad: 0, finished: null })
  let progress: Progress = { read: 0, kept: 0, bad: 0 }
  const note = (finished: number | null) =>
    noteImport(c.env.DB, { site, id, rows: progress.read, bad: progress.bad, finished })
  const run = importRows(resume(first, records), kind, (now) => {
    progress = now
    return note(null)
  })
  const { lines, ended } = toLines(run, id, () => note(Date.now()))
  // The end is noted even where nobody reads on.
  c.executionCtx.waitUntil(ended)
  return c.body(lines, 200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' })
}

async function* resume<T>(first: IteratorResult<T>, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  if (first.done) return
  yield first.value
  yield* rest
}

/** The run as NDJSON. It is not held up by a sender that reads no answer before all is sent. */
function toLines(
  run: AsyncGenerator<Progress, Summary>,
  id: string,
  finish: () => Promise<void>,
): { lines: ReadableStream<Uint8Array>; ended: Promise<void> } {
  const encoder = new TextEncoder()
  const end = Promise.withResolvers<void>()
  let gone = false
  const drive = async (tell: (line: object) => void): Promise<void> => {
    while (!gone) {
      const step = await run.next()
      if (!step.done) {
        tell(step.value)
        continue
      }
      await finish()
      return tell({ id, done: true, ...step.value })
    }
    await run.return({ read: 0, kept: 0, bad: 0, errors: [] })
    await finish()
  }
  const lines = new ReadableStream<Uint8Array>({
    start(controller) {
      const tell = (line: object): void => {
        if (!gone) controller.enqueue(encoder.encode(`${JSON.stringify(line)}\n`))
      }
      drive(tell)
        .catch(async (error: unknown) => {
          tell({ id, done: false, error: toLine(toRefused(error)) })
          await finish().catch(toRefused)
        })
        .finally(() => {
          if (!gone) controller.close()
          end.resolve()
        })
    },
    cancel() {
      gone = true
    },
  })
  return { lines, ended: end.promise }
}

function toLine({ code, line, message }: Refused): { code: string; line: number; detail: string } {
  return { code, line, detail: message }
}

/** What else goes wrong is the sender's connection or compression; the log tells which. */
function toRefused(error: unknown): Refused {
  if (error instanceof Refused) return error
  console.error('import', error instanceof Error ? error.message : error)
  return new Refused('unreadable', 0, 'The import could not go on; send the file again.')
}
