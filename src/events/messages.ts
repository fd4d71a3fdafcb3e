import type { Item } from './attribution.ts'

/** Senders' ids are remembered at least this long; events are taken for 7 days. */
export const REMEMBER_MS = 8 * 24 * 3_600_000

const layout = (half: number) => `
  CREATE TABLE IF NOT EXISTS message_${half} (
    visitor TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (visitor, id)) WITHOUT ROWID;
`

const SCHEMA = `
  ${layout(0)} ${layout(1)}
  CREATE TABLE IF NOT EXISTS message_half (
    one INTEGER PRIMARY KEY CHECK (one = 1), half INTEGER NOT NULL, since INTEGER NOT NULL);
`

/**
 * Which messages came. Ids are written to one of two tables; when that has been in use long enough,
 * the other is emptied and takes over. So ids need no time and no index of their own, and forgetting
 * millions of them costs nothing.
 */
export class Messages {
  readonly #sql: SqlStorage
  #half: number

  constructor(sql: SqlStorage, now: number) {
    this.#sql = sql
    this.#inherit()
    sql.exec(SCHEMA)
    sql.exec('INSERT OR IGNORE INTO message_half VALUES (1, 0, ?)', now)
    this.#half = this.#read().half
  }

  /** Before there were halves there was one table; its further column does not matter in the older half. */
  #inherit(): void {
    const query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'message'"
    if (this.#sql.exec(query).toArray().length === 0) return
    this.#sql.exec('DROP INDEX IF EXISTS message_at')
    this.#sql.exec('ALTER TABLE message RENAME TO message_1')
  }

  #read(): { readonly half: number; readonly since: number } {
    const { half, since } = this.#sql.exec('SELECT half, since FROM message_half').one()
    return { half: Number(half), since: Number(since) }
  }

  /** Notes messages, and gives those that had not come before, each once. */
  takeNew(visitor: string, items: readonly Item[]): Item[] {
    if (items.length === 0) return []
    const byId = new Map<string, Item>()
    for (const item of items) {
      const { messageId } = item.event
      if (!byId.has(messageId)) byId.set(messageId, item)
    }
    const noted = this.#sql.exec(
      `INSERT INTO message_${this.#half} (visitor, id)
       SELECT ?1, value FROM json_each(?2)
       WHERE NOT EXISTS (
         SELECT 1 FROM message_${1 - this.#half} WHERE visitor = ?1 AND id = value)
       ON CONFLICT DO NOTHING RETURNING id`,
      ...[visitor, JSON.stringify([...byId.keys()])],
    )
    return noted.toArray().flatMap(({ id }) => byId.get(String(id)) ?? [])
  }

  /** Whether a message of a visitor came before. */
  has(visitor: string, id: string): boolean {
    const query = [0, 1].map(
      (half) => `SELECT 1 FROM message_${half} WHERE visitor = ?1 AND id = ?2`,
    )
    return this.#sql.exec(query.join(' UNION ALL '), visitor, id).toArray().length > 0
  }

  /** Whether any message of the visitor is remembered. */
  knows(visitor: string): boolean {
    const query = `SELECT EXISTS (SELECT 1 FROM message_0 WHERE visitor = ?1)
      OR EXISTS (SELECT 1 FROM message_1 WHERE visitor = ?1) AS known`
    return this.#sql.exec(query, visitor).one().known === 1
  }

  /** The ids of a visitor's messages. */
  of(visitor: string): string[] {
    const query = [0, 1].map((half) => `SELECT id FROM message_${half} WHERE visitor = ?1`)
    return this.#sql
      .exec(query.join(' UNION ALL '), visitor)
      .toArray()
      .map(({ id }) => String(id))
  }

  erase(visitor: string): void {
    for (const half of [0, 1]) {
      this.#sql.exec(`DELETE FROM message_${half} WHERE visitor = ?`, visitor)
    }
  }

  /** Forgets the older half once every id in it is too old to come again. */
  prune(now: number): void {
    const { half, since } = this.#read()
    if (now - since < REMEMBER_MS) return
    const next = 1 - half
    this.#sql.exec(`DROP TABLE message_${next}; ${layout(next)}`)
    this.#sql.exec('UPDATE message_half SET half = ?, since = ?', next, now)
    this.#half = next
  }
}
