import type { Event } from '../model/event.ts'
import { EMPTY_PROFILE, type Profile } from '../model/profile.ts'
import { fold } from './profile.ts'

const SCHEMA =
  'CREATE TABLE IF NOT EXISTS profile (visitor TEXT PRIMARY KEY, doc TEXT NOT NULL) WITHOUT ROWID'

/** The profiles of a shard's visitors. Synchronous: what one call writes is one transaction. */
export class Profiles {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(SCHEMA)
  }

  has(visitor: string): boolean {
    return this.#row(visitor) !== undefined
  }

  read(visitor: string): Profile {
    const row = this.#row(visitor)
    return row ? { ...EMPTY_PROFILE, ...JSON.parse(String(row.doc)) } : EMPTY_PROFILE
  }

  #row(visitor: string) {
    return this.#sql.exec('SELECT doc FROM profile WHERE visitor = ?', visitor).toArray()[0]
  }

  /** Folds what a visitor did into their profile, and gives it as it is then. */
  remember(visitor: string, events: readonly Event[]): Profile {
    const before = this.read(visitor)
    const profile = events.reduce(fold, before)
    if (profile !== before) {
      this.#sql.exec(
        'INSERT OR REPLACE INTO profile VALUES (?, ?)',
        ...[visitor, JSON.stringify(profile)],
      )
    }
    return profile
  }

  erase(visitor: string): void {
    this.#sql.exec('DELETE FROM profile WHERE visitor = ?', visitor)
  }
}
