import { DurableObject } from 'cloudflare:workers'
import type { Item } from './events/attribution.ts'
import { Ledger } from './events/ledger.ts'
import { EMPTY_PROFILE, type Profile, type Snapshot } from './model/profile.ts'
import { fold, toSnapshot } from './visitor/profile.ts'

/** Learners hear of new totals this long after the first of them. */
const PUSH_MS = 1_000

/** Wait after a learner could not be reached, doubling up to the longest. */
const RETRY_MS = 2_000
const LONGEST_RETRY_MS = 60_000

/** Rows told to learners in one go. */
const PUSH_ROWS = 2_000

const PRUNE_EVERY_MS = 3_600_000

/** One visitor's accepted events, as `collect` hands them over. */
export interface Delivery {
  readonly visitor: string
  readonly items: readonly Item[]
  /** Profile paths the site's rules read; empty where consent ends at measurement. */
  readonly reads: readonly string[]
  /** Whether consent lets a profile be kept. */
  readonly remember: boolean
}

export interface Receipt {
  readonly accepted: number
  readonly duplicates: number
  readonly snapshot: Snapshot
}

/**
 * Remembers a share of one site's visitors: profiles, and the books of exposures and rewards. Named
 * `<site>:<region>:<n>`. What a call writes is on disk before its answer leaves (output gate).
 */
export class VisitorShard extends DurableObject<Env> {
  readonly #sql: SqlStorage
  readonly #ledger: Ledger
  #failures = 0
  #prunedAt = 0

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#sql = ctx.storage.sql
    this.#ledger = new Ledger(this.#sql)
    this.#sql.exec(
      'CREATE TABLE IF NOT EXISTS profile (visitor TEXT PRIMARY KEY, doc TEXT NOT NULL) WITHOUT ROWID',
    )
  }

  /** The part of a visitor's profile that rules read. */
  profile(visitor: string, reads: readonly string[]): Snapshot {
    return toSnapshot(this.#read(visitor), reads, Date.now())
  }

  /** Takes events in, each messageId once; all of a delivery is written, or none of it. */
  async accept({ visitor, items, reads, remember }: Delivery): Promise<Receipt> {
    const now = Date.now()
    const receipt = this.ctx.storage.transactionSync(() => {
      const fresh = items.filter((item) => this.#ledger.isNew(visitor, item.event.messageId, now))
      for (const item of fresh) this.#ledger.book(visitor, item)
      const profile = remember ? this.#remember(visitor, fresh) : EMPTY_PROFILE
      return {
        accepted: fresh.length,
        duplicates: items.length - fresh.length,
        snapshot: toSnapshot(profile, reads, now),
      }
    })
    await this.#wakeIn(PUSH_MS)
    return receipt
  }

  /** Forgets a visitor who withdrew consent. */
  erase(visitor: string): void {
    this.ctx.storage.transactionSync(() => {
      this.#ledger.erase(visitor)
      this.#sql.exec('DELETE FROM profile WHERE visitor = ?', visitor)
    })
  }

  override async alarm(): Promise<void> {
    const now = Date.now()
    if (now - this.#prunedAt > PRUNE_EVERY_MS) {
      this.#ledger.prune(now)
      this.#prunedAt = now
    }
    const unsent = this.#ledger.unsent(PUSH_ROWS)
    const outcomes = await Promise.allSettled(unsent.map((totals) => this.#tell(totals)))
    const failed = outcomes.some((outcome) => outcome.status === 'rejected')
    this.#failures = failed ? this.#failures + 1 : 0
    const again = failed || this.#ledger.unsent(1).length > 0
    if (again) await this.#wakeIn(failed ? retryIn(this.#failures) : PUSH_MS)
  }

  async #tell(unsent: ReturnType<Ledger['unsent']>[number]): Promise<void> {
    const source = this.ctx.id.name
    if (!source) throw new Error('Visitor shards are addressed by name; this one has none.')
    const [site = ''] = source.split(':')
    const learner = this.env.LEARNERS.getByName(`${site}/${unsent.experience}`)
    await learner.report({ source, totals: unsent.totals })
    this.#ledger.markSent(unsent)
  }

  #read(visitor: string): Profile {
    const [row] = this.#sql.exec('SELECT doc FROM profile WHERE visitor = ?', visitor).toArray()
    return row ? { ...EMPTY_PROFILE, ...JSON.parse(String(row.doc)) } : EMPTY_PROFILE
  }

  #remember(visitor: string, items: readonly Item[]): Profile {
    const before = this.#read(visitor)
    const profile = items.reduce((known, { event, step }) => {
      // Steps of an exposure are bookkeeping, not something the visitor did.
      return step ? known : fold(known, event)
    }, before)
    if (profile !== before) {
      this.#sql.exec(
        'INSERT OR REPLACE INTO profile VALUES (?, ?)',
        visitor,
        JSON.stringify(profile),
      )
    }
    return profile
  }

  async #wakeIn(ms: number): Promise<void> {
    const due = await this.ctx.storage.getAlarm()
    if (due === null) await this.ctx.storage.setAlarm(Date.now() + ms)
  }
}

function retryIn(failures: number): number {
  return Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** Math.min(failures - 1, 10))
}
