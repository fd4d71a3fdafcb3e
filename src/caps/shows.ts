import type { Claim } from '../model/cap.ts'
import { nameOfClaim } from '../model/cap.ts'

/** Something that a person can be shown only so often, or by one campaign at a time. */
export type Counted = Exclude<Claim, { kind: 'place' }>

/** Longest window of a cap or a policy: a year. */
const KEEP_MS = 366 * 86_400_000

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS shown (holder TEXT NOT NULL, cap TEXT NOT NULL, at INTEGER NOT NULL);
  CREATE INDEX IF NOT EXISTS shown_holder ON shown (holder, cap, at);
  CREATE INDEX IF NOT EXISTS shown_at ON shown (at);
  CREATE TABLE IF NOT EXISTS addressed (
    holder TEXT NOT NULL, policy TEXT NOT NULL, campaign TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (holder, policy, campaign)) WITHOUT ROWID;
`

/** What is kept of what somebody was shown. Times in epoch ms. */
export interface ShowRecord {
  readonly shown: readonly { readonly cap: string; readonly at: number }[]
  readonly addressed: readonly {
    readonly policy: string
    readonly campaign: string
    readonly at: number
  }[]
}

/** How often each holder was shown what is capped, and who addressed them. Synchronous. */
export class Shows {
  readonly #sql: SqlStorage

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(SCHEMA)
  }

  /** Counts all of the claims as shown now, or none of them: the names of those that are refused. */
  spend(holder: string, claims: readonly Counted[], now: number): string[] {
    const refused = claims.filter((claim) => this.#isSpent(holder, claim, now))
    if (refused.length === 0) for (const claim of claims) this.#note(holder, claim, now)
    return refused.map(nameOfClaim)
  }

  #isSpent(holder: string, claim: Counted, now: number): boolean {
    const since = now - claim.window
    if (claim.kind === 'frequency') {
      const query = 'SELECT COUNT(*) AS count FROM shown WHERE holder = ? AND cap = ? AND at > ?'
      return Number(this.#sql.exec(query, holder, claim.cap, since).one().count) >= claim.times
    }
    const query = `SELECT 1 FROM addressed WHERE holder = ? AND policy = ? AND campaign <> ? AND at > ? LIMIT 1`
    const { policy, campaign } = claim
    return this.#sql.exec(query, holder, policy, campaign, since).toArray().length > 0
  }

  #note(holder: string, claim: Counted, now: number): void {
    if (claim.kind === 'frequency') {
      this.#sql.exec('INSERT INTO shown VALUES (?, ?, ?)', holder, claim.cap, now)
      return
    }
    this.#sql.exec(
      `INSERT INTO addressed VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET at = MAX(at, excluded.at)`,
      ...[holder, claim.policy, claim.campaign, now],
    )
  }

  /** All that is kept of a holder. */
  of(holder: string): ShowRecord {
    const rows = (query: string) => this.#sql.exec(query, holder).toArray()
    return {
      shown: rows('SELECT cap, at FROM shown WHERE holder = ? ORDER BY at').map(({ cap, at }) => ({
        ...{ cap: String(cap), at: Number(at) },
      })),
      addressed: rows('SELECT * FROM addressed WHERE holder = ? ORDER BY at').map((row) => ({
        ...{ policy: String(row.policy), campaign: String(row.campaign), at: Number(row.at) },
      })),
    }
  }

  erase(holder: string): void {
    this.#sql.exec('DELETE FROM shown WHERE holder = ?', holder)
    this.#sql.exec('DELETE FROM addressed WHERE holder = ?', holder)
  }

  prune(now: number): void {
    this.#sql.exec('DELETE FROM shown WHERE at < ?', now - KEEP_MS)
    this.#sql.exec('DELETE FROM addressed WHERE at < ?', now - KEEP_MS)
  }
}
