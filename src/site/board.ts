import { DurableObject } from 'cloudflare:workers'
import type { HourOfEvents } from '../model/event-counts.ts'
import type { Weights, WeightsByExperience } from '../model/learning.ts'
import type { SlotHealth } from '../model/slot-health.ts'
import { type Counted, PeriodCounts } from './period-counts.ts'
import type { SlotNews } from './slot-monitor.ts'
import type { Counts } from './tally.ts'

const MINUTE_MS = 60_000
const HEALTH_MINUTES = 60

/** Counts of events are kept for two weeks, those of suppressions for thirteen months. */
const EVENT_COUNTS = { table: 'event_tally', period: 3_600_000, most: 14 * 24 }
const SUPPRESSION_COUNTS = { table: 'suppression_tally', period: 86_400_000, most: 396 }

/** What is current of one site. */
export interface Current {
  /** Grows with every change; the key of a conditional read. */
  readonly revision: number
  /** Hash of the published bundle; nothing before the first publish. */
  readonly bundle: string | undefined
  /** The emergency switch: every page passes as the origin sent it. */
  readonly off: boolean
  readonly weights: WeightsByExperience
  /** By a visitor's mark: cookies that browsers still hold, and what they are worth. */
  readonly revoked: Revocations
}

/** A cookie that is void, or good for this tier of consent at most. */
export type Revocation = 'void' | 0 | 1

export type Revocations = ReadonlyMap<string, Revocation>

/** As long as a visitor's cookie lives, and a day; and as many as edges can read again and again (100 kB). */
const REVOKED_MS = 181 * 86_400_000
const MOST_REVOKED = 5_000

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS board (
    one INTEGER PRIMARY KEY CHECK (one = 1), revision INTEGER NOT NULL, bundle TEXT, off INTEGER NOT NULL);
  INSERT INTO board VALUES (1, 0, NULL, 0) ON CONFLICT DO NOTHING;
  CREATE TABLE IF NOT EXISTS weights (
    experience TEXT PRIMARY KEY, version INTEGER NOT NULL, doc TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS slot (
    slot TEXT NOT NULL, minute INTEGER NOT NULL, pages INTEGER NOT NULL, missing INTEGER NOT NULL,
    repeated INTEGER NOT NULL, PRIMARY KEY (slot, minute)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS revoked (
    mark TEXT PRIMARY KEY, tier INTEGER, at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS revoked_at ON revoked (at);
  CREATE TABLE IF NOT EXISTS surroundings (slot TEXT PRIMARY KEY, framework TEXT NOT NULL) WITHOUT ROWID;
`

/** Says what is current of the site it is named after. Publish, learners and staff write; edges read. */
export class Board extends DurableObject<Env> {
  readonly #sql: SqlStorage
  readonly #events: PeriodCounts
  readonly #suppressions: PeriodCounts

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#sql = ctx.storage.sql
    this.#sql.exec(SCHEMA)
    this.#events = new PeriodCounts(this.#sql, EVENT_COUNTS)
    this.#suppressions = new PeriodCounts(this.#sql, SUPPRESSION_COUNTS)
  }

  /** What is current, or nothing when it is still what the caller has. */
  read(known: number | undefined): Current | undefined {
    const board = this.#sql.exec('SELECT * FROM board').one()
    const revision = Number(board.revision)
    if (revision === known) return undefined
    const rows = this.#sql.exec('SELECT experience, doc FROM weights').toArray()
    return {
      revision,
      bundle: board.bundle === null ? undefined : String(board.bundle),
      off: board.off === 1,
      weights: Object.fromEntries(
        rows.map((row): [string, Weights] => [String(row.experience), JSON.parse(String(row.doc))]),
      ),
      revoked: this.#revoked(),
    }
  }

  #revoked(): Revocations {
    const rows = this.#sql.exec('SELECT mark, tier FROM revoked').toArray()
    return new Map(
      rows.map(({ mark, tier }): [string, Revocation] => [
        String(mark),
        tier === null ? 'void' : tier === 1 ? 1 : 0,
      ]),
    )
  }

  /** Makes cookies void, or good for less, everywhere within 5 s; the oldest make room for the newest. */
  revoke(marks: readonly string[], revocation: Revocation, now: number): void {
    if (marks.length === 0) return
    const tier = revocation === 'void' ? null : revocation
    for (const mark of marks) {
      this.#sql.exec('INSERT OR REPLACE INTO revoked VALUES (?, ?, ?)', mark, tier, now)
    }
    this.#sql.exec('DELETE FROM revoked WHERE at < ?', now - REVOKED_MS)
    this.#sql.exec(
      'DELETE FROM revoked WHERE mark NOT IN (SELECT mark FROM revoked ORDER BY at DESC LIMIT ?)',
      MOST_REVOKED,
    )
    this.#change('off = off')
  }

  /** What was allowed less may be allowed more again; void cookies stay void. */
  restore(marks: readonly string[]): void {
    const removed = marks.map((mark) =>
      this.#sql.exec('DELETE FROM revoked WHERE mark = ? AND tier IS NOT NULL', mark),
    )
    if (removed.some(({ rowsWritten }) => rowsWritten > 0)) this.#change('off = off')
  }

  publish(bundle: string): void {
    this.#change('bundle = ?', bundle)
  }

  switchOff(off: boolean): void {
    this.#change('off = ?', off ? 1 : 0)
  }

  /** An older version than the one on the board changes nothing: learners may repeat themselves. */
  setWeights(experience: string, weights: Weights): void {
    const { rowsWritten } = this.#sql.exec(
      `INSERT INTO weights VALUES (?, ?, ?) ON CONFLICT DO UPDATE
       SET version = excluded.version, doc = excluded.doc WHERE excluded.version > version`,
      experience,
      weights.version,
      JSON.stringify(weights),
    )
    if (rowsWritten > 0) this.#change('off = off')
  }

  /** Adds what edges saw of the site's slots; kept by the minute for an hour. */
  countSlots(news: Readonly<Record<string, SlotNews>>, now: number): void {
    const minute = Math.floor(now / MINUTE_MS)
    for (const [slot, { pages, missing, repeated, framework }] of Object.entries(news)) {
      this.#sql.exec(
        `INSERT INTO slot VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET pages = pages + excluded.pages,
         missing = missing + excluded.missing, repeated = repeated + excluded.repeated`,
        ...[slot, minute, pages, missing, repeated],
      )
      if (framework === undefined) continue
      this.#sql.exec('INSERT OR REPLACE INTO surroundings VALUES (?, ?)', slot, framework)
    }
    this.#sql.exec('DELETE FROM slot WHERE minute < ?', minute - HEALTH_MINUTES)
  }

  /** How each slot fared in the last hour. */
  slotHealth(): SlotHealth[] {
    return this.#sql
      .exec(
        `SELECT slot, SUM(pages) AS pages, SUM(missing) AS missing, SUM(repeated) AS repeated,
         MAX(CASE WHEN pages > missing THEN minute ELSE 0 END) AS found, COALESCE(framework, '') AS framework
         FROM slot LEFT JOIN surroundings USING (slot) GROUP BY slot`,
      )
      .toArray()
      .map((row) => ({
        slot: String(row.slot),
        pages: Number(row.pages),
        missing: Number(row.missing),
        repeated: Number(row.repeated),
        lastFoundAt: Number(row.found) * MINUTE_MS,
        framework: String(row.framework),
      }))
  }

  /** Adds what became of events at one of the site's doors; kept by the hour. */
  countEvents(counts: Counts, now: number): void {
    this.#events.add(counts, now)
  }

  /** What became of the site's events, newest hour first. */
  eventCounts(): HourOfEvents[] {
    return this.#events.read().map(({ period: hour, counts }) => ({ hour, counts }))
  }

  /** Adds what policies kept from pages, as `policy/version/reason`; kept by the day. */
  countSuppressions(counts: Counts, now: number): void {
    this.#suppressions.add(counts, now)
  }

  /** What policies kept from pages, newest day first. */
  suppressionCounts(): Counted[] {
    return this.#suppressions.read()
  }

  #change(assignment: string, ...values: (string | number)[]): void {
    this.#sql.exec(`UPDATE board SET revision = revision + 1, ${assignment}`, ...values)
  }
}
