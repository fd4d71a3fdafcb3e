import { COUNTERS } from '../model/learning.ts'

/** The columns of counts, as a statement lists them. */
export const COUNTER_COLUMNS = COUNTERS.join(', ')

/** As many placeholders. */
export const COUNTER_MARKS = COUNTERS.map(() => '?').join(', ')

/** The columns of counts in a table's definition. */
export const COUNTER_DEFINITIONS = COUNTERS.map((name) => `${name} REAL NOT NULL DEFAULT 0`).join(
  ', ',
)

/**
 * Adds counts to a row that is there already. Counts are whole thousandths: a sum rounded to them is
 * the same in whatever order it was added up, as long as it is below 2^42.
 */
export const ADD_COUNTERS = COUNTERS.map(
  (name) => `${name} = round(${name} + excluded.${name}, 3)`,
).join(', ')

/** Gives a table that an earlier version made the columns of counters that it does not have yet. */
export function addMissingCounters(sql: SqlStorage, table: string): void {
  const columns = sql.exec(`PRAGMA table_info(${table})`).toArray()
  const known = new Set(columns.map(({ name }) => name))
  for (const name of COUNTERS) {
    if (!known.has(name)) {
      sql.exec(`ALTER TABLE ${table} ADD COLUMN ${name} REAL NOT NULL DEFAULT 0`)
    }
  }
}
