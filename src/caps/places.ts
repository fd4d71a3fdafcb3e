import type { QuotaUse } from '../model/cap.ts'

/** How long an edge that was not heard of is believed to be there still. */
const ALIVE_MS = 60_000

/** Places that an edge gets at once: an eighth of what is free, so that many edges can share the rest. */
const MOST_AT_ONCE = 64
const PART_AT_ONCE = 8

/** What an edge did with places that it had, under an id of its own: told twice, it counts once. */
export interface Report {
  readonly id: number
  /** Who was given one. */
  readonly holders: readonly string[]
}

/** An edge that asks for a place for somebody, with what it has still to tell. */
export interface Ask {
  /** Name of the edge, that of one isolate. */
  readonly desk: string
  readonly reports: readonly Report[]
  /** Who wants a place; nobody where there is only something to tell. */
  readonly holder?: string
  /** Places in all. */
  readonly most: number
}

export interface Grant {
  /** Whether whoever asked has a place. */
  readonly granted: boolean
  /** Places that the edge may give by itself from now on, beside those that it has. */
  readonly places: number
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS quota (
    one INTEGER PRIMARY KEY CHECK (one = 1), most INTEGER NOT NULL, taken INTEGER NOT NULL);
  INSERT INTO quota VALUES (1, 0, 0) ON CONFLICT DO NOTHING;
  CREATE TABLE IF NOT EXISTS place (holder TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS lease (
    desk TEXT PRIMARY KEY, places INTEGER NOT NULL, heard_at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS report (
    desk TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (desk, id)) WITHOUT ROWID;
`

/**
 * Who has a place of a quota, and which edges may give how many more. A place that an edge may give counts
 * as used from then on, whatever becomes of the edge: so no more than `most` people ever have one,
 * and fewer where edges end without a word. A holder has one place for good. Synchronous: what one call
 * writes is one transaction.
 */
export class Places {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(SCHEMA)
  }

  /** Takes an edge's reports in, gives whoever asks a place if there is one, and the edge some to give. */
  take({ desk, reports, holder, most }: Ask, now: number): Grant {
    this.#sql.exec('UPDATE quota SET most = ?', most)
    for (const report of reports) this.#settle(desk, report)
    const granted = holder !== undefined && this.#grant(holder)
    const places = granted ? this.#toLease() : 0
    this.#sql.exec(
      `INSERT INTO lease VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE
       SET places = places + excluded.places, heard_at = MAX(heard_at, excluded.heard_at)`,
      ...[desk, places, now],
    )
    return { granted, places }
  }

  /** Places that an edge gave become those people's; who had one already leaves theirs to somebody else. */
  #settle(desk: string, { id, holders }: Report): void {
    const news = this.#sql.exec('INSERT INTO report VALUES (?, ?) ON CONFLICT DO NOTHING', desk, id)
    if (news.rowsWritten === 0) return
    const query = 'UPDATE lease SET places = places - ? WHERE desk = ?'
    this.#sql.exec(query, holders.length, desk)
    for (const holder of holders) this.#hold(holder)
  }

  #grant(holder: string): boolean {
    if (this.has(holder)) return true
    if (this.#free() <= 0) return false
    this.#hold(holder)
    return true
  }

  #hold(holder: string): void {
    const query = 'INSERT INTO place VALUES (?) ON CONFLICT DO NOTHING'
    if (this.#sql.exec(query, holder).rowsWritten > 0) {
      this.#sql.exec('UPDATE quota SET taken = taken + 1')
    }
  }

  #free(): number {
    const query = `SELECT most - taken - (SELECT COALESCE(SUM(places), 0) FROM lease) AS free FROM quota`
    return Number(this.#sql.exec(query).one().free)
  }

  #toLease(): number {
    return Math.max(0, Math.min(MOST_AT_ONCE, Math.floor(this.#free() / PART_AT_ONCE)))
  }

  /** How the quota stands. Once fewer than were taken are wanted, none is free. */
  use(now: number): Omit<QuotaUse, 'quota'> {
    const { most, taken } = this.#sql.exec('SELECT most, taken FROM quota').one()
    const sum = (when: string) =>
      Number(
        this.#sql
          .exec(
            `SELECT COALESCE(SUM(places), 0) AS places FROM lease WHERE heard_at ${when} ?`,
            now - ALIVE_MS,
          )
          .one().places,
      )
    return {
      ...{ most: Number(most), taken: Number(taken), leased: sum('>='), lost: sum('<') },
      free: Math.max(0, this.#free()),
    }
  }

  /** Whether somebody has a place. */
  has(holder: string): boolean {
    return this.#sql.exec('SELECT 1 FROM place WHERE holder = ?', holder).toArray().length > 0
  }

  /** Forgets who it was; the place stays taken. */
  erase(holder: string): void {
    this.#sql.exec('DELETE FROM place WHERE holder = ?', holder)
  }
}
