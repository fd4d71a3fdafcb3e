import type { Result } from '../../model/result.ts'
import type { BadRow } from './bad-row.ts'
import type { RawRecord } from './records.ts'
import { Refused } from './refused.ts'

/** Rows that are written at once, and after how much text a batch is full: D1 binds 2 MB at most. */
const BATCH_ROWS = 2000
const BATCH_CHARACTERS = 200_000

/** Bad rows that are told one by one; the others are counted. */
const MOST_LISTED = 1000

export interface Progress {
  readonly read: number
  readonly kept: number
  readonly bad: number
}

export interface Summary extends Progress {
  readonly errors: readonly BadRow[]
}

/** What the rows of one kind of import are. */
export interface RowKind<Row> {
  check(record: RawRecord): Result<Row, BadRow>
  /** Characters of a row as it is written, nearly. */
  sizeOf(row: Row): number
  /** What is written when this is done is durable; gives the rows that could not be kept. */
  write(rows: readonly Row[]): Promise<readonly BadRow[]>
}

/** Checks and writes rows batch by batch; tells after each how far it is, and at last what was bad. */
export async function* importRows<Row>(
  records: AsyncIterable<RawRecord>,
  { check, sizeOf, write }: RowKind<Row>,
  note: (progress: Progress) => Promise<void>,
): AsyncGenerator<Progress, Summary> {
  const errors: BadRow[] = []
  let [kept, bad, size, line, durable] = [0, 0, 0, 0, 0]
  let batch: Row[] = []
  const refuse = (row: BadRow): void => {
    bad += 1
    if (errors.length < MOST_LISTED) errors.push(row)
  }
  const keep = async (): Promise<Progress> => {
    const refused = await write(batch)
    kept += batch.length - refused.length
    refused.forEach(refuse)
    batch = []
    size = 0
    const progress = { read: kept + bad, kept, bad }
    await note(progress)
    durable = line
    return progress
  }
  const flush = (): Promise<Progress> =>
    keep().catch((cause: unknown) => {
      throw unavailable(durable, cause)
    })
  for await (const record of records) {
    line = record.line
    const row = check(record)
    if (row.ok) {
      batch.push(row.value)
      size += sizeOf(row.value)
    } else {
      refuse(row.error)
    }
    if (batch.length >= BATCH_ROWS || size >= BATCH_CHARACTERS) yield await flush()
  }
  return { ...(await flush()), errors }
}

/** Where the store fails: `line` is the last one up to which rows are kept. */
function unavailable(line: number, cause: unknown): Refused {
  console.error('import', cause instanceof Error ? cause.message : cause)
  const detail = `Rows up to line ${line} are kept; send the file again later.`
  return new Refused('unavailable', line, detail)
}
