import { COUNTERS, readCounts, type Total } from '../model/learning.ts'
import { attribute, type Change, climb, type ExposureRecord, type Item } from './attribution.ts'

/** Senders' ids are remembered this long; the design's promise is 7 days. */
export const REMEMBER_MS = 8 * 24 * 3_600_000

/** An experience's window is 90 days at most; events come up to a week late. */
const LONGEST_WINDOW_MS = 97 * 24 * 3_600_000

/** Totals of one experience that its learner has not been told yet. */
export interface Unsent {
  readonly experience: string
  readonly totals: readonly (Total & { readonly seq: number })[]
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS message (
    visitor TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (visitor, id)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS message_at ON message (at);
  CREATE TABLE IF NOT EXISTS exposure (
    visitor TEXT NOT NULL, experience TEXT NOT NULL, arm TEXT NOT NULL,
    version INTEGER NOT NULL, segment TEXT NOT NULL, first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL, steps INTEGER NOT NULL, rewarded INTEGER NOT NULL,
    PRIMARY KEY (visitor, experience, arm)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS exposure_last ON exposure (last_at);
  CREATE TABLE IF NOT EXISTS total (
    experience TEXT NOT NULL, version INTEGER NOT NULL, segment TEXT NOT NULL, arm TEXT NOT NULL,
    ${COUNTERS.map((counter) => `${counter} REAL NOT NULL`).join(', ')},
    seq INTEGER NOT NULL, sent INTEGER NOT NULL,
    PRIMARY KEY (experience, version, segment, arm)) WITHOUT ROWID;
`

/**
 * The books of one visitor shard: which events came, which exposures are open, and the cumulative
 * totals per arm. Every method is synchronous, so what one call writes is one transaction.
 */
export class Ledger {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(SCHEMA)
  }

  /** Notes a sender's id; false when it came before. */
  isNew(visitor: string, messageId: string, now: number): boolean {
    return (
      this.#sql.exec(
        'INSERT INTO message VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
        visitor,
        messageId,
        now,
      ).rowsWritten > 0
    )
  }

  /** Books one event's exposure step and rewards. */
  book(visitor: string, { event, step, rewards }: Item): void {
    if (step) {
      const { exposure } = step
      const [known] = this.#records(visitor, exposure.experience, exposure.arm)
      this.#apply(visitor, climb(known, exposure, step.step, event.at, step.window))
    }
    for (const reward of rewards) {
      const change = attribute(this.#records(visitor, reward.experience), reward, event.at)
      if (change) this.#apply(visitor, change)
    }
  }

  /** Of all arms, or of one: a visitor to a long list has a record for each of its offers. */
  #records(visitor: string, experience: string, ...arm: string[]): ExposureRecord[] {
    const only = arm.length > 0 ? ' AND arm = ?' : ''
    return this.#sql
      .exec(
        `SELECT * FROM exposure WHERE visitor = ? AND experience = ?${only}`,
        ...[visitor, experience, ...arm],
      )
      .toArray()
      .map((row) => ({
        experience,
        arm: String(row.arm),
        version: Number(row.version),
        segment: String(row.segment),
        firstAt: Number(row.first_at),
        lastAt: Number(row.last_at),
        steps: Number(row.steps),
        rewarded: row.rewarded === 1,
      }))
  }

  #apply(visitor: string, { record, adds }: Change): void {
    const { experience, arm, version, segment, firstAt, lastAt, steps, rewarded } = record
    this.#sql.exec(
      'INSERT OR REPLACE INTO exposure VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      visitor,
      experience,
      arm,
      version,
      segment,
      firstAt,
      lastAt,
      steps,
      rewarded ? 1 : 0,
    )
    if (COUNTERS.every((counter) => adds[counter] === 0)) return
    this.#sql.exec(
      `INSERT INTO total VALUES (?, ?, ?, ?, ${COUNTERS.map(() => '?').join(', ')}, 1, 0)
       ON CONFLICT DO UPDATE SET seq = seq + 1,
       ${COUNTERS.map((counter) => `${counter} = ${counter} + excluded.${counter}`).join(', ')}`,
      experience,
      version,
      segment,
      arm,
      ...COUNTERS.map((counter) => adds[counter]),
    )
  }

  /** What learners have not been told, a bounded number of rows at a time. */
  unsent(limit: number): Unsent[] {
    const rows = this.#sql.exec('SELECT * FROM total WHERE seq > sent LIMIT ?', limit).toArray()
    const byExperience = Map.groupBy(rows, (row) => String(row.experience))
    return [...byExperience].map(([experience, group]) => ({
      experience,
      totals: group.map((row) => ({
        version: Number(row.version),
        segment: String(row.segment),
        variant: String(row.arm),
        seq: Number(row.seq),
        counts: readCounts(row),
      })),
    }))
  }

  /** The learner has these; what changed meanwhile has a higher `seq` and stays unsent. */
  markSent({ experience, totals }: Unsent): void {
    for (const { version, segment, variant, seq } of totals) {
      this.#sql.exec(
        'UPDATE total SET sent = MAX(sent, ?) WHERE experience = ? AND version = ? AND segment = ? AND arm = ?',
        seq,
        experience,
        version,
        segment,
        variant,
      )
    }
  }

  /** Forgets a visitor. Totals stay: they name nobody. */
  erase(visitor: string): void {
    this.#sql.exec('DELETE FROM exposure WHERE visitor = ?', visitor)
    this.#sql.exec('DELETE FROM message WHERE visitor = ?', visitor)
  }

  /** Forgets ids of senders that cannot be repeated any more, and exposures that no reward can reach. */
  prune(now: number): void {
    this.#sql.exec('DELETE FROM message WHERE at < ?', now - REMEMBER_MS)
    this.#sql.exec('DELETE FROM exposure WHERE last_at < ?', now - LONGEST_WINDOW_MS)
  }
}
