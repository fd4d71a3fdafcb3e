import type { Counts } from './tally.ts'

interface Options {
  readonly table: string
  /** Ms of a period. */
  readonly period: number
  /** Periods that are kept. */
  readonly most: number
}

/** What was counted in one period, by name. */
export interface Counted {
  /** Periods since the epoch. */
  readonly period: number
  readonly counts: Readonly<Record<string, number>>
}

/** How often something was met, by name and period of time; what is older goes with the next count. */
export class PeriodCounts {
  readonly #sql: SqlStorage
  readonly #options: Options

  constructor(sql: SqlStorage, options: Options) {
    this.#sql = sql
    this.#options = options
    sql.exec(
      `CREATE TABLE IF NOT EXISTS ${options.table} (period INTEGER NOT NULL, name TEXT NOT NULL,
       count INTEGER NOT NULL, PRIMARY KEY (period, name)) WITHOUT ROWID`,
    )
  }

  add(counts: Counts, now: number): void {
    const { table, most } = this.#options
    const period = Math.floor(now / this.#options.period)
    for (const [name, count = 0] of Object.entries(counts)) {
      this.#sql.exec(
        `INSERT INTO ${table} VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET count = count + excluded.count`,
        ...[period, name, count],
      )
    }
    this.#sql.exec(`DELETE FROM ${table} WHERE period < ?`, period - most)
  }

  /** Newest period first. */
  read(): Counted[] {
    const query = `SELECT * FROM ${this.#options.table} ORDER BY period DESC`
    const rows = this.#sql.exec(query).toArray()
    return [...Map.groupBy(rows, (row) => Number(row.period))].map(([period, counted]) => ({
      period,
      counts: Object.fromEntries(counted.map((row) => [String(row.name), Number(row.count)])),
    }))
  }
}
