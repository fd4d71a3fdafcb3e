import { type Account, NEW_ACCOUNT } from './account.ts'

/** The longest window of an experience, and a week for events that come late. */
const LONGEST_MS = 97 * 86_400_000
const LONGEST_WINDOW_MS = 90 * 86_400_000

/**
 * Exposures in the table of before there were accounts. A visitor's go over into their account when
 * it is opened; the others live out, and the table goes with the last of them.
 */
export class FormerExposures {
  readonly #sql: SqlStorage
  #any: boolean

  constructor(sql: SqlStorage) {
    this.#sql = sql
    const query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'exposure'"
    this.#any = sql.exec(query).toArray().length > 0
  }

  /** A visitor's exposures to an experience, as an account. */
  find(visitor: string, experience: string): Account {
    if (!this.#any) return NEW_ACCOUNT
    const query = 'SELECT * FROM exposure WHERE visitor = ? AND experience = ?'
    const rows = this.#sql.exec(query, visitor, experience).toArray()
    const settled = rows.map((row) => ({
      arm: String(row.arm),
      version: Number(row.version),
      segment: String(row.segment),
      window: LONGEST_WINDOW_MS,
      firstAt: Number(row.first_at),
      lastAt: Number(row.last_at),
      steps: Number(row.steps),
      rewarded: row.rewarded === 1,
    }))
    return { ...NEW_ACCOUNT, settled }
  }

  /** They are in an account now. */
  remove(visitor: string, experience: string): void {
    const query = 'DELETE FROM exposure WHERE visitor = ? AND experience = ?'
    if (this.#any) this.#sql.exec(query, visitor, experience)
  }

  /** All of a visitor, one record each. */
  of(visitor: string): { readonly experience: string; readonly doc: string }[] {
    if (!this.#any) return []
    return this.#sql
      .exec('SELECT * FROM exposure WHERE visitor = ?', visitor)
      .toArray()
      .map((row) => ({ experience: String(row.experience), doc: JSON.stringify(row) }))
  }

  erase(visitor: string): void {
    if (this.#any) this.#sql.exec('DELETE FROM exposure WHERE visitor = ?', visitor)
  }

  prune(now: number): void {
    if (!this.#any) return
    this.#sql.exec('DELETE FROM exposure WHERE last_at < ?', now - LONGEST_MS)
    const left = this.#sql.exec('SELECT EXISTS (SELECT 1 FROM exposure) AS any').one()
    if (left.any === 1) return
    this.#sql.exec('DROP TABLE exposure')
    this.#any = false
  }
}
