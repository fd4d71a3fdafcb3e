import {
  ADD_COUNTERS,
  addMissingCounters,
  COUNTER_COLUMNS,
  COUNTER_DEFINITIONS,
  COUNTER_MARKS,
} from '../db/counter-columns.ts'
import { COUNTERS, type Counts, readCounts, type Total, type Weights } from '../model/learning.ts'
import type { HistoryRows, Hourly } from './history.ts'
import type { Kept } from './rollback.ts'
import type { LearnerState, Merge, Policy, Row } from './state.ts'
import { record, type Timeline } from './timeline.ts'

/** `changed` says which state of a row this is: it grows with every change. */
export type Changed<T> = T & { readonly changed: number }

/** What D1 is about to be told. */
export interface Unsent {
  readonly versions: readonly Weights[]
  readonly hours: readonly Changed<Hourly>[]
  readonly totals: readonly Changed<Total>[]
}

const HOUR_MS = 3_600_000

/** Hours after which nothing is added to one any more, were the clock to be put back. */
const KEPT_HOURS = 72

/** Versions that can be gone back to, and that sample ratios are checked over. */
const KEPT_VERSIONS = 50

const COUNTER_SUMS = COUNTERS.map((name) => `SUM(${name}) AS ${name}`).join(', ')

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS learner (one INTEGER PRIMARY KEY CHECK (one = 1), doc TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS source_total (
    source TEXT NOT NULL, version INTEGER NOT NULL, segment TEXT NOT NULL, variant TEXT NOT NULL,
    seq INTEGER NOT NULL, ${COUNTER_DEFINITIONS},
    PRIMARY KEY (source, version, segment, variant)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS hourly (
    hour INTEGER NOT NULL, variant TEXT NOT NULL, segment TEXT NOT NULL,
    ${COUNTER_DEFINITIONS}, changed INTEGER NOT NULL,
    PRIMARY KEY (hour, variant, segment)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS arm_total (
    version INTEGER NOT NULL, segment TEXT NOT NULL, variant TEXT NOT NULL,
    ${COUNTER_DEFINITIONS}, changed INTEGER NOT NULL,
    PRIMARY KEY (version, segment, variant)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS arm_total_changed ON arm_total (changed) WHERE changed > 0;
  CREATE INDEX IF NOT EXISTS hourly_changed ON hourly (changed) WHERE changed > 0;
  CREATE TABLE IF NOT EXISTS unsent_version (version INTEGER PRIMARY KEY, doc TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS kept_version (version INTEGER PRIMARY KEY, doc TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS slice (since INTEGER PRIMARY KEY, doc TEXT NOT NULL);
`

/** The rows of one learner. Synchronous, so that what one call writes is one transaction. */
export class LearnerStore {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(SCHEMA)
    for (const table of ['source_total', 'hourly', 'arm_total']) addMissingCounters(sql, table)
    this.#sumSources()
  }

  /** Totals of a learner from before they were kept, once. */
  #sumSources(): void {
    this.#sql.exec(
      `INSERT INTO arm_total (version, segment, variant, ${COUNTER_COLUMNS}, changed)
       SELECT version, segment, variant, ${COUNTER_SUMS}, 1 FROM source_total
       WHERE NOT EXISTS (SELECT 1 FROM arm_total) GROUP BY version, segment, variant`,
    )
  }

  state(): LearnerState | undefined {
    const [row] = this.#sql.exec('SELECT doc FROM learner').toArray()
    return row && upgraded(JSON.parse(String(row.doc)))
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

  /** Writes a source's newest totals, and adds what is new in them to the sums. */
  write({ row, delta }: Merge, now: number): void {
    const { source, version, segment, variant, seq, counts } = row
    this.#sql.exec(
      `INSERT OR REPLACE INTO source_total (source, version, segment, variant, seq, ${COUNTER_COLUMNS})
       VALUES (?, ?, ?, ?, ?, ${COUNTER_MARKS})`,
      ...[source, version, segment, variant, seq],
      ...toValues(counts),
    )
    this.#addToTotal(delta)
    this.#addToHour(Math.floor(now / HOUR_MS), delta)
  }

  /** Writes what was counted elsewhere, as one more source that never speaks again. */
  writeHistory({ totals, hours }: HistoryRows): void {
    for (const { version, segment, variant, counts } of totals) {
      this.#sql.exec(
        `INSERT INTO source_total (source, version, segment, variant, seq, ${COUNTER_COLUMNS})
         VALUES ('history', ?, ?, ?, 0, ${COUNTER_MARKS})`,
        ...[version, segment, variant],
        ...toValues(counts),
      )
      this.#addToTotal({ version, segment, variant, counts })
    }
    for (const { hour, ...told } of hours) this.#addToHour(hour, told)
  }

  #addToTotal({ version, segment, variant, counts }: Total): void {
    this.#sql.exec(
      `INSERT INTO arm_total (version, segment, variant, ${COUNTER_COLUMNS}, changed)
       VALUES (?, ?, ?, ${COUNTER_MARKS}, 1)
       ON CONFLICT DO UPDATE SET ${ADD_COUNTERS}, changed = changed + 1`,
      ...[version, segment, variant],
      ...toValues(counts),
    )
  }

  #addToHour(hour: number, { variant, segment, counts }: Omit<Total, 'version'>): void {
    this.#sql.exec(
      `INSERT INTO hourly (hour, variant, segment, ${COUNTER_COLUMNS}, changed)
       VALUES (?, ?, ?, ${COUNTER_MARKS}, 1)
       ON CONFLICT DO UPDATE SET ${ADD_COUNTERS}, changed = changed + 1`,
      ...[hour, variant, segment],
      ...toValues(counts),
    )
  }

  /** What was told by time; a learner from before there were times was told everything just now. */
  timeline(now: number): Timeline {
    const rows = this.#sql.exec('SELECT doc FROM slice ORDER BY since').toArray()
    if (rows.length > 0 || this.#isCurrent()) return rows.map((row) => JSON.parse(String(row.doc)))
    const timeline = record([], this.totals(), now)
    this.saveTimeline([], timeline)
    return timeline
  }

  /** Whether everything it was ever told is in its slices. */
  #isCurrent(): boolean {
    const [row] = this.#sql
      .exec("SELECT json_extract(doc, '$.voided') AS voided FROM learner")
      .toArray()
    return row === undefined ? this.totals().length === 0 : row.voided !== null
  }

  /** Writes the slices in which one timeline differs from another. */
  saveTimeline(before: Timeline, after: Timeline): void {
    const [old, current] = [new Set(before), new Set(after)]
    for (const slice of before) {
      if (!current.has(slice)) this.#sql.exec('DELETE FROM slice WHERE since = ?', slice.from)
    }
    for (const slice of after) {
      if (old.has(slice)) continue
      const doc = JSON.stringify(slice)
      this.#sql.exec('INSERT OR REPLACE INTO slice VALUES (?, ?)', slice.from, doc)
    }
  }

  /** Sums over all sources: by version, segment and arm. */
  totals(): Total[] {
    return this.#sql.exec('SELECT * FROM arm_total').toArray().map(toTotal)
  }

  /** Those of them that D1 does not have yet. */
  changedTotals(): Changed<Total>[] {
    return this.#sql
      .exec('SELECT * FROM arm_total WHERE changed > 0 LIMIT 500')
      .toArray()
      .map((row) => ({ ...toTotal(row), changed: Number(row.changed) }))
  }

  /** Sums over all versions and segments: by source and arm. */
  sources(): Pick<Row, 'source' | 'variant' | 'counts'>[] {
    return this.#sql
      .exec(`SELECT source, variant, ${COUNTER_SUMS} FROM source_total GROUP BY source, variant`)
      .toArray()
      .map((row) => ({
        source: String(row.source),
        variant: String(row.variant),
        counts: readCounts(row),
      }))
  }

  /** Keeps a published version, and of those before it only the newest. */
  keepVersion(kept: Kept): void {
    const { version } = kept.weights
    const doc = JSON.stringify(kept)
    this.#sql.exec('INSERT OR REPLACE INTO kept_version VALUES (?, ?)', version, doc)
    this.#sql.exec('DELETE FROM kept_version WHERE version <= ?', version - KEPT_VERSIONS)
  }

  keptVersion(version: number): Kept | undefined {
    const query = 'SELECT doc FROM kept_version WHERE version = ?'
    const [row] = this.#sql.exec(query, version).toArray()
    return row && JSON.parse(String(row.doc))
  }

  /** The weights of all kept versions. */
  keptWeights(): Weights[] {
    const query = "SELECT json_extract(doc, '$.weights') AS weights FROM kept_version"
    return this.#sql
      .exec(query)
      .toArray()
      .map((row) => JSON.parse(String(row.weights)))
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

  /** Hours whose counts D1 does not have yet. */
  changedHours(): Changed<Hourly>[] {
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
      OR EXISTS (SELECT 1 FROM arm_total WHERE changed > 0)
      OR EXISTS (SELECT 1 FROM unsent_version) AS unsent`
    return this.#sql.exec(query).one().unsent === 1
  }

  /** D1 has these; what changed meanwhile stays due. Hours that are over are in D1 alone from then on. */
  markSent({ versions, hours, totals }: Unsent, now: number): void {
    for (const { version } of versions) {
      this.#sql.exec('DELETE FROM unsent_version WHERE version = ?', version)
    }
    for (const { hour, variant, segment, changed } of hours) {
      this.#sql.exec(
        'UPDATE hourly SET changed = 0 WHERE hour = ? AND variant = ? AND segment = ? AND changed = ?',
        ...[hour, variant, segment, changed],
      )
    }
    for (const { version, segment, variant, changed } of totals) {
      this.#sql.exec(
        'UPDATE arm_total SET changed = 0 WHERE version = ? AND segment = ? AND variant = ? AND changed = ?',
        ...[version, segment, variant, changed],
      )
    }
    const over = Math.floor(now / HOUR_MS) - KEPT_HOURS
    this.#sql.exec('DELETE FROM hourly WHERE hour < ? AND changed = 0', over)
  }
}

function toTotal(row: Record<string, SqlStorageValue>): Total {
  return {
    version: Number(row.version),
    segment: String(row.segment),
    variant: String(row.variant),
    counts: readCounts(row),
  }
}

function toValues(counts: Counts): number[] {
  return COUNTERS.map((counter) => counts[counter])
}

/** A learner's document from before evidence was kept by time. */
interface FormerState extends Pick<LearnerState, 'arms' | 'weights'> {
  readonly policy: Pick<Policy, 'kind' | 'floor' | 'rung'>
}

/** Until the next publish says more. */
const FORMER_POLICY = {
  window: 24 * HOUR_MS,
  aim: 'rewards',
  pace: 'auto',
  segments: [],
} as const

function upgraded(doc: LearnerState | FormerState): LearnerState {
  if ('voided' in doc) return doc
  const { arms, weights, policy } = doc
  const learnedFrom = { trials: 0, rewarded: 0 }
  return { arms, weights, policy: { ...FORMER_POLICY, ...policy }, learnedFrom, voided: [] }
}
