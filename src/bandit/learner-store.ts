import { COUNTERS, type Counts, readCounts, type Total, type Weights } from '../model/learning.ts'
import type { LearnerState, Merge, Row, Tally } from './state.ts'

/** Counts of one arm in one hour, absolute. */
export interface Hourly {
  /** Hours since the epoch. */
  readonly hour: number
  readonly variant: string
  readonly segment: string
  readonly counts: Counts
}

const HOUR_MS = 3_600_000

const columns = (definition: string) =>
  COUNTERS.map((counter) => `${counter} ${definition}`).join(', ')
const marks = COUNTERS.map(() => '?').join(', ')

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS learner (one INTEGER PRIMARY KEY CHECK (one = 1), doc TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS source_total (
    source TEXT NOT NULL, version INTEGER NOT NULL, segment TEXT NOT NULL, variant TEXT NOT NULL,
    seq INTEGER NOT NULL, ${columns('REAL NOT NULL')},
    PRIMARY KEY (source, version, segment, variant)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS hourly (
    hour INTEGER NOT NULL, variant TEXT NOT NULL, segment TEXT NOT NULL,
    ${columns('REAL NOT NULL')}, changed INTEGER NOT NULL,
    PRIMARY KEY (hour, variant, segment)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS hourly_changed ON hourly (changed) WHERE changed > 0;
  CREATE TABLE IF NOT EXISTS unsent_version (version INTEGER PRIMARY KEY, doc TEXT NOT NULL);
`

/** The rows of one learner. Synchronous, so that what one call writes is one transaction. */
export class LearnerStore {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(SCHEMA)
  }

  state(): LearnerState | undefined {
    const [row] = this.#sql.exec('SELECT doc FROM learner').toArray()
    return row && JSON.parse(String(row.doc))
  }

  saveState(state: LearnerState): void {
    this.#sql.exec('INSERT OR REPLACE INTO learner VALUES (1, ?)', JSON.stringify(state))
  }

  /** What a source last said of an arm. */
  find({ source, version, segment, variant }: Row): Row | undefined {
    const [row] = this.#sql
      .exec(
        'SELECT * FROM source_total WHERE source = ? AND version = ? AND segment = ? AND variant = ?',
        source,
        version,
        segment,
        variant,
      )
      .toArray()
    return (
      row && { source, version, segment, variant, seq: Number(row.seq), counts: readCounts(row) }
    )
  }

  /** Writes a source's newest totals, and adds what is new in them to the current hour. */
  write({ row, delta }: Merge, now: number): void {
    const { source, version, segment, variant, seq, counts } = row
    this.#sql.exec(
      `INSERT OR REPLACE INTO source_total VALUES (?, ?, ?, ?, ?, ${marks})`,
      ...[source, version, segment, variant, seq],
      ...toValues(counts),
    )
    this.#addToHour(Math.floor(now / HOUR_MS), delta)
  }

  #addToHour(hour: number, { variant, segment, counts }: Total): void {
    this.#sql.exec(
      `INSERT INTO hourly VALUES (?, ?, ?, ${marks}, 1) ON CONFLICT DO UPDATE SET
       ${COUNTERS.map((counter) => `${counter} = ${counter} + excluded.${counter}`).join(', ')},
       changed = changed + 1`,
      ...[hour, variant, segment],
      ...toValues(counts),
    )
  }

  /** Sums per arm over all sources and versions. */
  tallies(): Tally[] {
    const sums = COUNTERS.map((counter) => `SUM(${counter}) AS ${counter}`).join(', ')
    return this.#sql
      .exec(`SELECT variant, ${sums} FROM source_total GROUP BY variant`)
      .toArray()
      .map((row) => ({ variant: String(row.variant), counts: readCounts(row) }))
  }

  /** Keeps a version until D1 has it. */
  saveVersion(weights: Weights): void {
    this.#sql.exec(
      'INSERT OR REPLACE INTO unsent_version VALUES (?, ?)',
      weights.version,
      JSON.stringify(weights),
    )
  }

  unsentVersions(): Weights[] {
    const rows = this.#sql.exec('SELECT doc FROM unsent_version ORDER BY version LIMIT 100')
    return rows.toArray().map((row) => JSON.parse(String(row.doc)))
  }

  /** Hours whose counts D1 does not have yet; `changed` says which state of them this is. */
  changedHours(): (Hourly & { readonly changed: number })[] {
    return this.#sql
      .exec('SELECT * FROM hourly WHERE changed > 0 LIMIT 500')
      .toArray()
      .map((row) => ({
        hour: Number(row.hour),
        variant: String(row.variant),
        segment: String(row.segment),
        counts: readCounts(row),
        changed: Number(row.changed),
      }))
  }

  /** Whether D1 lacks anything. */
  hasUnsent(): boolean {
    const query = `SELECT EXISTS (SELECT 1 FROM hourly WHERE changed > 0)
      OR EXISTS (SELECT 1 FROM unsent_version) AS unsent`
    return this.#sql.exec(query).one().unsent === 1
  }

  /** D1 has these; an hour that changed meanwhile stays due. */
  markSent(
    versions: readonly Weights[],
    hours: readonly (Hourly & { readonly changed: number })[],
  ): void {
    for (const { version } of versions) {
      this.#sql.exec('DELETE FROM unsent_version WHERE version = ?', version)
    }
    for (const { hour, variant, segment, changed } of hours) {
      this.#sql.exec(
        'UPDATE hourly SET changed = 0 WHERE hour = ? AND variant = ? AND segment = ? AND changed = ?',
        ...[hour, variant, segment, changed],
      )
    }
  }
}

function toValues(counts: Counts): number[] {
  return COUNTERS.map((counter) => counts[counter])
}
