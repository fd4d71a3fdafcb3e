import { toBase64Url } from '../model/base64url.ts'

/** Nothing comes with a cookie that is older than cookies get (180 days), and a day of doubt. */
export const COOKIES_LIVE_MS = 181 * 86_400_000

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS erased (mark TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS erased_at ON erased (at);
`

/**
 * What stands for a visitor whose id is not to be kept: 72 bits of SHA-256, base64url. The id is 128
 * random bits, so nobody finds it by trying, and cookies that are still about are known by it.
 */
export async function markOf(visitor: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(visitor))
  return toBase64Url(new Uint8Array(digest).subarray(0, 9))
}

/** Visitors of a shard who were erased, and stay so: what comes late with an old cookie is not taken. */
export class Erased {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(SCHEMA)
  }

  add(mark: string, now: number): void {
    this.#sql.exec('INSERT OR REPLACE INTO erased VALUES (?, ?)', mark, now)
  }

  has(mark: string): boolean {
    return this.#sql.exec('SELECT 1 FROM erased WHERE mark = ?', mark).toArray().length > 0
  }

  prune(now: number): void {
    this.#sql.exec('DELETE FROM erased WHERE at < ?', now - COOKIES_LIVE_MS)
  }
}
