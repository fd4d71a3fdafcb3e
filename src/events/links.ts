/** A person as a site knows them, by a hash: who it is cannot be read from it. */
export interface PersonClaim {
  readonly person: string
  /** A verified sign-in says so; otherwise a page does. */
  readonly proven: boolean
}

/** A visitor's link to a person, which that person's object has still to hear of. */
export interface Untold extends PersonClaim {
  readonly visitor: string
  /** Grows with whatever is to be told. */
  readonly at: number
  /** Whether consent lets the visitor have a profile. */
  readonly remember: boolean
  /** Whether it was made, or taken back because consent was. */
  readonly kind: 'link' | 'unlink'
}

/** A link as it is given out; `at` in epoch ms. */
export interface LinkRecord extends PersonClaim {
  readonly at: number
}

/** A browser many people sign in at keeps the newest. */
const MOST_PEOPLE = 8

/** A link is dated anew at most this often: most deliveries write none. */
const REFRESH_MS = 24 * 3_600_000

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS link (
    visitor TEXT NOT NULL, person TEXT NOT NULL, at INTEGER NOT NULL, proven INTEGER NOT NULL,
    remember INTEGER NOT NULL, told INTEGER NOT NULL, gone INTEGER NOT NULL,
    PRIMARY KEY (visitor, person)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS link_untold ON link (told) WHERE told = 0;
`

/**
 * Who a shard's visitors are, as they were seen with consent. The visitor's side decides: a link that
 * is not here does not hold, whatever a person's object remembers.
 */
export class Links {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(SCHEMA)
  }

  /** Notes who a visitor is; `remember` is whether consent lets a profile be kept. */
  note(visitor: string, claims: readonly PersonClaim[], remember: boolean, now: number): void {
    for (const { person, proven } of claims) {
      this.#sql.exec(
        `INSERT INTO link VALUES (?, ?, ?, ?, ?, 0, 0) ON CONFLICT DO UPDATE
         SET at = excluded.at, proven = MAX(proven, excluded.proven), told = 0, gone = 0,
         remember = excluded.remember
         WHERE gone = 1 OR proven < excluded.proven OR remember <> excluded.remember OR at < ?`,
        ...[visitor, person, now, proven ? 1 : 0, remember ? 1 : 0, now - REFRESH_MS],
      )
    }
    if (claims.length > 0) this.#dropOldest(visitor)
  }

  /** The visitor's profile is another: whoever shares in it has to hear of it. */
  profileChanged(visitor: string, now: number): void {
    this.#sql.exec(
      `UPDATE link SET told = 0, at = MAX(at + 1, ?) WHERE visitor = ?
       AND proven = 1 AND remember = 1 AND gone = 0`,
      ...[now, visitor],
    )
  }

  #dropOldest(visitor: string): void {
    this.#sql.exec(
      `UPDATE link SET gone = 1, told = 0 WHERE visitor = ?1 AND gone = 0 AND person NOT IN
       (SELECT person FROM link WHERE visitor = ?1 AND gone = 0 ORDER BY at DESC LIMIT ${MOST_PEOPLE})`,
      visitor,
    )
  }

  /** Whether a visitor is this person, and may have a profile. */
  find(visitor: string, person: string): { readonly remember: boolean } | undefined {
    const [row] = this.#sql
      .exec(
        'SELECT remember FROM link WHERE visitor = ? AND person = ? AND gone = 0',
        ...[visitor, person],
      )
      .toArray()
    return row && { remember: row.remember === 1 }
  }

  /** Links of all visitors, or of one, that people's objects have still to hear of. */
  untold(limit: number, visitor?: string): Untold[] {
    const whose = 'WHERE told = 0 AND visitor = COALESCE(?, visitor) LIMIT ?'
    return this.#sql
      .exec(`SELECT * FROM link ${whose}`, visitor ?? null, limit)
      .toArray()
      .map((row) => ({
        visitor: String(row.visitor),
        person: String(row.person),
        at: Number(row.at),
        proven: row.proven === 1,
        remember: row.remember === 1,
        kind: row.gone === 1 ? 'unlink' : 'link',
      }))
  }

  /** Who a visitor is, for their own eyes: links taken back are here until all have heard of it. */
  of(visitor: string): LinkRecord[] {
    return this.#sql
      .exec('SELECT * FROM link WHERE visitor = ?', visitor)
      .toArray()
      .map(({ person, at, proven }) => ({
        ...{ person: String(person), at: Number(at), proven: proven === 1 },
      }))
  }

  /** The person's object knows; what changed meanwhile is still to be told. */
  markTold({ visitor, person, at, kind }: Untold): void {
    const query =
      kind === 'unlink'
        ? 'DELETE FROM link WHERE visitor = ? AND person = ? AND at = ? AND gone = 1'
        : 'UPDATE link SET told = 1 WHERE visitor = ? AND person = ? AND at = ? AND gone = 0'
    this.#sql.exec(query, visitor, person, at)
  }

  /** Takes a visitor's links back; their rows go once the people's objects know. */
  erase(visitor: string): void {
    this.#sql.exec('UPDATE link SET gone = 1, told = 0 WHERE visitor = ?', visitor)
  }
}
