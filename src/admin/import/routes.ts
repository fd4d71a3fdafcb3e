import { type Context, Hono } from 'hono'
import { writeCustomers } from '../../db/customers.ts'
import { beginImport, listImports, noteImport } from '../../db/imports.ts'
import type { Configuration } from '../../model/configuration.ts'
import { Id } from '../../model/id.ts'
import { problem } from '../../problem.ts'
import { requireRole, type StaffEnv } from '../../staff/guard.ts'
import { personOf } from '../../visitor/person.ts'
import { readDraft } from '../drafts.ts'
import { importCustomers, type Progress, type Summary } from './import-customers.ts'
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
    const columns = new Set(['userId', 'asOf', ...draft.attributes.map(({ id }) => id)])
    return importFile(c, draft, source.data, readRecords(format, body, columns))
  })

/** The body, unpacked; nothing for an encoding that is not known. */
function bodyOf({ body, headers }: Request): ReadableStream<Uint8Array> | undefined {
  const stream = body ?? new Blob([]).stream()
  const encoding = headers.get('content-encoding') ?? 'identity'
  if (encoding === 'identity') return stream
  return encoding === 'gzip' ? stream.pipeThrough(new DecompressionStream('gzip')) : undefined
}

async function importFile(
  c: Context<StaffEnv>,
  draft: Configuration,
  source: string,
  records: AsyncGenerator<RawRecord>,
): Promise<Response> {
  // A header that is wrong is told by a status, before anything is written.
  const first = await records.next().catch(toRefused)
  if (first instanceof Refused) {
    return problem(c, 'invalid', { errors: [{ ...toLine(first), pointer: '' }] })
  }
  const { site, attributes } = draft
  const now = Date.now()
  const record = { site: site.id, id: crypto.randomUUID(), source, kind: 'attributes', at: now }
  const by = c.get('staff').subject
  await beginImport(c.env.DB, { ...record, by, rows: 0, bad: 0, finished: null })
  const note = ({ read, bad }: Progress, finished: number | null) =>
    noteImport(c.env.DB, { site: site.id, id: record.id, rows: read, bad, finished })
  const run = importCustomers(resume(first, records), {
    attributes: new Map(attributes.map((attribute) => [attribute.id, attribute])),
    now,
    personOf: (userId) => personOf(site, userId),
    async write(rows, progress) {
      await writeCustomers(c.env.DB, site.id, source, rows)
      await note(progress, null)
    },
  })
  const lines = toLines(run, record.id, (summary) => note(summary, Date.now()))
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
  finish: (summary: Summary) => Promise<void>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let gone = false
  const drive = async (tell: (line: object) => void): Promise<void> => {
    while (!gone) {
      const step = await run.next()
      if (step.done) {
        await finish(step.value)
        return tell({ id, done: true, ...step.value })
      }
      tell(step.value)
    }
  }
  return new ReadableStream({
    start(controller) {
      const tell = (line: object): void => {
        if (!gone) controller.enqueue(encoder.encode(`${JSON.stringify(line)}\n`))
      }
      drive(tell)
        .catch((error: unknown) => tell({ id, done: false, error: toLine(toRefused(error)) }))
        .finally(() => gone || controller.close())
    },
    cancel() {
      gone = true
    },
  })
}

function toLine({ code, line, message }: Refused): { code: string; line: number; detail: string } {
  return { code, line, detail: message }
}

/** What else goes wrong is the sender's connection or compression, or D1; the log tells which. */
function toRefused(error: unknown): Refused {
  if (error instanceof Refused) return error
  console.error('import', error instanceof Error ? error.message : error)
  return new Refused('unreadable', 0, 'The import could not go on; send the file again.')
}
