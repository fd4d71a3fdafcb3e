import type { AttributeRow } from '../../db/customers.ts'
import type { Attribute } from '../../model/attribute.ts'
import { type BadRow, type CustomerRow, toCustomerRow } from './customer-row.ts'
import type { RawRecord } from './records.ts'

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

export interface ImportDeps {
  readonly attributes: ReadonlyMap<string, Attribute>
  readonly now: number
  personOf(userId: string): Promise<string>
  /** What is written when this is done is durable. */
  write(rows: readonly AttributeRow[], progress: Progress): Promise<void>
}

/** Checks and writes rows batch by batch; tells after each how far it is, and at last what was bad. */
export async function* importCustomers(
  records: AsyncIterable<RawRecord>,
  deps: ImportDeps,
): AsyncGenerator<Progress, Summary> {
  const errors: BadRow[] = []
  let [kept, bad, size] = [0, 0, 0]
  let batch: CustomerRow[] = []
  const flush = async (): Promise<Progress> => {
    const progress = { read: kept + bad, kept, bad }
    await deps.write(await toAttributeRows(batch, deps), progress)
    batch = []
    size = 0
    return progress
  }
  for await (const record of records) {
    const row = toCustomerRow(record, deps.attributes, deps.now)
    if (row.ok) {
      kept += 1
      batch.push(row.value)
      size += sizeOf(row.value)
    } else {
      bad += 1
      if (errors.length < MOST_LISTED) errors.push(row.error)
    }
    if (batch.length >= BATCH_ROWS || size >= BATCH_CHARACTERS) yield await flush()
  }
  return { ...(await flush()), errors }
}

async function toAttributeRows(
  batch: readonly CustomerRow[],
  { personOf }: ImportDeps,
): Promise<AttributeRow[]> {
  const people = await Promise.all(batch.map(({ userId }) => personOf(userId)))
  return batch.flatMap(({ at, values }, index) =>
    values.map(([attribute, value]) => ({ person: people[index] ?? '', attribute, value, at })),
  )
}

/** Characters of a row as it is written, nearly. */
function sizeOf({ values }: CustomerRow): number {
  return values.reduce((sum, [name, value]) => sum + name.length + JSON.stringify(value).length, 0)
}
