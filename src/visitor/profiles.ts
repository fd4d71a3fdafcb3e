import { EMPTY_PROFILE, PROFILE_FORMAT, type Profile } from '../model/profile.ts'
import { fromFormer } from './former-profile.ts'
import { type Done, fold } from './profile.ts'

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
    return row ? parse(String(row.doc)) : EMPTY_PROFILE
  }

  #row(visitor: string) {
    return this.#sql.exec('SELECT doc FROM profile WHERE visitor = ?', visitor).toArray()[0]
  }

  /** Folds what a visitor did into their profile; whether that made it another. */
  remember(visitor: string, deeds: readonly Done[]): boolean {
    const before = this.read(visitor)
    const profile = deeds.reduce(fold, before)
    if (profile === before) return false
    const row = [visitor, JSON.stringify(profile)]
    this.#sql.exec('INSERT OR REPLACE INTO profile VALUES (?, ?)', ...row)
    return true
  }

  erase(visitor: string): void {
    this.#sql.exec('DELETE FROM profile WHERE visitor = ?', visitor)
  }
}

function parse(text: string): Profile {
  const doc = JSON.parse(text)
  return doc.format === PROFILE_FORMAT ? { ...EMPTY_PROFILE, ...doc } : fromFormer(doc)
}
