import { SUPPRESSIONS, type Suppression, type SuppressionReason } from '../model/policy.ts'

/** A variant that a policy kept from a visitor, as it stays on record. */
export interface SuppressionRecord extends Suppression {
  /** Epoch ms of the first and the last page view. */
  readonly firstAt: number
  readonly lastAt: number
  readonly views: number
}

/** As long as a year's complaints may come, and a month for them to be looked into. */
const KEEP_MS = 396 * 86_400_000

/** Different records of one visitor: policies × variants of a busy site. */
const MOST_RECORDS = 1_000

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS suppression (
    visitor TEXT NOT NULL, policy TEXT NOT NULL, version TEXT NOT NULL, experience TEXT NOT NULL,
    variant TEXT NOT NULL, reason TEXT NOT NULL, first_at INTEGER NOT NULL, last_at INTEGER NOT NULL,
    views INTEGER NOT NULL,
    PRIMARY KEY (visitor, policy, version, experience, variant, reason)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS suppression_last_at ON suppression (last_at);
`

/** What policies kept from a shard's visitors: the proof that they were, and by which wording. */
export class Suppressions {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(SCHEMA)
  }

  note(visitor: string, suppressions: readonly Suppression[], now: number): void {
    let room = MOST_RECORDS - this.#count(visitor)
    for (const { policy, version, experience, variant, reason } of suppressions) {
      const key = [visitor, policy, version, experience, variant, reason]
      const known = this.#sql.exec(
        `UPDATE suppression SET last_at = MAX(last_at, ?), views = views + 1 WHERE visitor = ?
         AND policy = ? AND version = ? AND experience = ? AND variant = ? AND reason = ?`,
        ...[now, ...key],
      )
      if (known.rowsWritten > 0 || room <= 0) continue
      room--
      const marks = 'INSERT INTO suppression VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)'
      this.#sql.exec(marks, ...key, now, now)
    }
  }

  #count(visitor: string): number {
    const query = 'SELECT COUNT(*) AS count FROM suppression WHERE visitor = ?'
    return Number(this.#sql.exec(query, visitor).one().count)
  }

  /** A visitor's records, newest first. */
  of(visitor: string): SuppressionRecord[] {
    const query = 'SELECT * FROM suppression WHERE visitor = ? ORDER BY last_at DESC'
    return this.#sql
      .exec(query, visitor)
      .toArray()
      .map((row) => ({
        policy: String(row.policy),
        version: String(row.version),
        experience: String(row.experience),
        variant: String(row.variant),
        reason: toReason(String(row.reason)),
        firstAt: Number(row.first_at),
        lastAt: Number(row.last_at),
        views: Number(row.views),
      }))
  }

  erase(visitor: string): void {
    this.#sql.exec('DELETE FROM suppression WHERE visitor = ?', visitor)
  }

  prune(now: number): void {
    this.#sql.exec('DELETE FROM suppression WHERE last_at < ?', now - KEEP_MS)
  }
}

/** Only this class writes the table; a reason of another version is none that is known here. */
function toReason(text: string): SuppressionReason {
  return SUPPRESSIONS.find((reason) => reason === text) ?? 'unknown'
}
