import {
  ADD_COUNTERS,
  addMissingCounters,
  COUNTER_COLUMNS,
  COUNTER_DEFINITIONS,
  COUNTER_MARKS,
} from '../db/counter-columns.ts'
import { COUNTERS, plus, readCounts, type Total } from '../model/learning.ts'
import { type Account, type Counted, difference, endOf, enter, settle, tally } from './account.ts'
import { fromText, toText } from './account-text.ts'
import type { Credit, Item, Touch } from './attribution.ts'
import { FormerExposures } from './former-exposures.ts'
import { Messages, REMEMBER_MS } from './messages.ts'

/** Totals of one experience that its learner has not been told yet. */
export interface Unsent {
  readonly experience: string
  readonly totals: readonly (Total & { readonly seq: number })[]
}

/** One visitor's events. */
export interface Entry {
  readonly visitor: string
  readonly items: readonly Item[]
}

/** What a visitor's events change in the totals of one experience's arm. */
export interface Change extends Counted {
  readonly experience: string
}

/** What became of one visitor's events. */
export interface Booking {
  /** Those that had not come before. */
  readonly fresh: readonly Item[]
  readonly changes: readonly Change[]
}

interface Whose {
  readonly visitor: string
  readonly experience: string
}

type StoredRow = Readonly<Record<string, SqlStorageValue>>

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS account (
    visitor TEXT NOT NULL, experience TEXT NOT NULL, doc TEXT NOT NULL, last_day INTEGER NOT NULL,
    PRIMARY KEY (visitor, experience));
  CREATE INDEX IF NOT EXISTS account_last_day ON account (last_day);
  CREATE TABLE IF NOT EXISTS total (
    experience TEXT NOT NULL, version INTEGER NOT NULL, segment TEXT NOT NULL, arm TEXT NOT NULL,
    ${COUNTER_DEFINITIONS},
    seq INTEGER NOT NULL, sent INTEGER NOT NULL,
    PRIMARY KEY (experience, version, segment, arm)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS total_unsent ON total (experience) WHERE seq > sent;
`

/** A visitor's exposures to one experience and what they earned. */
export interface AccountRecord {
  readonly experience: string
  readonly doc: string
}

/**
 * The books of one visitor shard: which events came, each visitor's account with each experience, and
 * the cumulative totals per arm. Every method is synchronous: what one call writes is one transaction.
 */
export class Ledger {
  readonly #sql: SqlStorage
  readonly #messages: Messages
  readonly #former: FormerExposures

  constructor(sql: SqlStorage, now: number) {
    this.#sql = sql
    this.#messages = new Messages(sql, now)
    this.#former = new FormerExposures(sql)
    sql.exec(SCHEMA)
    addMissingCounters(sql, 'total')
  }

  /** Books events; gives what was new in each entry, and what that changed. */
  book(entries: readonly Entry[], now: number): Booking[] {
    const bookings = entries.map(({ visitor, items }) => {
      const fresh = this.#messages.takeNew(visitor, items)
      const changes = [...byExperience(fresh)].flatMap(([experience, news]) =>
        this.#enter({ visitor, experience }, news, now),
      )
      return { fresh, changes }
    })
    for (const change of summed(bookings.flatMap(({ changes }) => changes))) this.#add(change)
    return bookings
  }

  /** Whether an event is a visitor's already, or one of its rewards would be; nothing is booked. */
  wouldTake(visitor: string, item: Item, now: number): boolean {
    if (this.#messages.has(visitor, item.event.messageId)) return true
    return [...byExperience([item])].some(([experience, news]) => {
      const { before, after } = this.#open({ visitor, experience }, news, now)
      return difference(tally(before), tally(after)).some(({ counts }) => counts.rewarded > 0)
    })
  }

  /** Whether the visitor sent anything that is still remembered. */
  knows(visitor: string): boolean {
    const query = 'SELECT 1 FROM account WHERE visitor = ? LIMIT 1'
    return this.#messages.knows(visitor) || this.#sql.exec(query, visitor).toArray().length > 0
  }

  /** Enters what is new into an account; gives what that changes in the totals. */
  #enter(whose: Whose, news: News, now: number): Change[] {
    const { row, before, after } = this.#open(whose, news, now)
    this.#keep(whose, after, row)
    const { experience } = whose
    return difference(tally(before), tally(after)).map((counted) => ({ ...counted, experience }))
  }

  #open({ visitor, experience }: Whose, { touches, credits }: News, now: number) {
    const [row] = this.#sql
      .exec(
        'SELECT doc, last_day FROM account WHERE visitor = ? AND experience = ?',
        ...[visitor, experience],
      )
      .toArray()
    const known = row ? fromText(String(row.doc)) : this.#former.find(visitor, experience)
    const before = settle(known, now - REMEMBER_MS)
    return { row, before, after: enter(before, touches, credits) }
  }

  /** The day stands in an index, and changes once a day: only then is the index written to. */
  #keep({ visitor, experience }: Whose, account: Account, row: StoredRow | undefined): void {
    const doc = toText(account)
    const day = Math.ceil((endOf(account) + REMEMBER_MS) / DAY_MS)
    if (!row) {
      this.#sql.exec('INSERT INTO account VALUES (?, ?, ?, ?)', visitor, experience, doc, day)
      this.#former.remove(visitor, experience)
      return
    }
    if (doc === row.doc) return
    const where = 'WHERE visitor = ? AND experience = ?'
    if (day === row.last_day) {
      this.#sql.exec(`UPDATE account SET doc = ? ${where}`, doc, visitor, experience)
    } else {
      const set = 'doc = ?, last_day = ?'
      this.#sql.exec(`UPDATE account SET ${set} ${where}`, doc, day, visitor, experience)
    }
  }

  #add({ experience, version, segment, arm, counts }: Change): void {
    this.#sql.exec(
      `INSERT INTO total (experience, version, segment, arm, ${COUNTER_COLUMNS}, seq, sent)
       VALUES (?, ?, ?, ?, ${COUNTER_MARKS}, 1, 0)
       ON CONFLICT DO UPDATE SET seq = seq + 1, ${ADD_COUNTERS}`,
      ...[experience, version, segment, arm],
      ...COUNTERS.map((counter) => counts[counter]),
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
        ...[seq, experience, version, segment, variant],
      )
    }
  }

  /** What is kept of a visitor: their accounts, as text, and the ids of their messages. */
  of(visitor: string): { readonly accounts: AccountRecord[]; readonly messages: string[] } {
    const accounts = this.#sql
      .exec('SELECT experience, doc FROM account WHERE visitor = ?', visitor)
      .toArray()
      .map(({ experience, doc }) => ({ experience: String(experience), doc: String(doc) }))
    return {
      accounts: [...accounts, ...this.#former.of(visitor)],
      messages: this.#messages.of(visitor),
    }
  }

  /** Forgets a visitor. Totals stay: they name nobody. */
  erase(visitor: string): void {
    this.#sql.exec('DELETE FROM account WHERE visitor = ?', visitor)
    this.#messages.erase(visitor)
    this.#former.erase(visitor)
  }

  /** Forgets ids that cannot come again any more, and accounts that nothing can be entered in. */
  prune(now: number): void {
    this.#messages.prune(now)
    this.#sql.exec('DELETE FROM account WHERE last_day < ?', Math.floor(now / DAY_MS))
    this.#former.prune(now)
  }
}

const DAY_MS = 86_400_000

/** What an account is to take in. */
interface News {
  readonly touches: Touch[]
  readonly credits: Credit[]
}

/** Changes of one row of totals as one change. */
function summed(changes: readonly Change[]): Iterable<Change> {
  const sums = new Map<string, Change>()
  for (const change of changes) {
    const { experience, version, segment, arm } = change
    const key = JSON.stringify([experience, version, segment, arm])
    sums.set(key, { ...change, counts: plus(change.counts, sums.get(key)?.counts ?? {}) })
  }
  return sums.values()
}

function byExperience(items: readonly Item[]): ReadonlyMap<string, News> {
  const news = new Map<string, News>()
  const of = (experience: string) => {
    const own = news.get(experience) ?? { touches: [], credits: [] }
    news.set(experience, own)
    return own
  }
  for (const { event, step, rewards } of items) {
    const { messageId: id, at } = event
    if (step) {
      const { experience, version, segment, arm } = step.exposure
      const { window, watched = [] } = step
      for (const book of [experience, ...watched]) {
        of(book).touches.push({ arm, version, segment, step: step.step, at, window })
      }
    }
    for (const { experience, ...reward } of rewards) {
      if (!Number.isFinite(reward.value)) throw new Error(`reward_not_finite: ${experience}`)
      of(experience).credits.push({ ...reward, id, at })
    }
  }
  return news
}
