import type { Outcome } from '../model/event-counts.ts'
import type { Counts } from '../model/learning.ts'
import type { Item } from './attribution.ts'

/** One event in a visitor's tail: what it was and what became of it. No property is kept. */
export interface TailEntry {
  readonly messageId: string
  /** `track Order Completed`, `page /boots`, `seen hero/calm`. */
  readonly what: string
  readonly outcome: Outcome
  /** Experiences whose goal it met. */
  readonly met: readonly string[]
}

/** A taken event as its visitor's tail shows it. */
export function toEntry({ event, step, rewards }: Item, outcome: Outcome): TailEntry {
  const { messageId, kind, name } = event
  const what = step
    ? `${step.step} ${step.exposure.experience}/${step.exposure.arm}`
    : `${kind} ${name}`
  const met = rewards.map(({ experience }) => experience)
  return { messageId, what: what.slice(0, MOST_LETTERS), outcome, met }
}

const MOST_LETTERS = 160

/** What a delivery changed in the books: `hero-bandit/calm`, `{ rewarded: 1, value: 30 }`. */
export interface TailEffect {
  readonly exposure: string
  readonly adds: Readonly<Record<string, number>>
}

/** What changed of an arm, without the counters that did not. */
export function toEffect({ experience, arm, counts }: Changed): TailEffect {
  const adds = Object.entries(counts).filter(([, count]) => count !== 0)
  return { exposure: `${experience}/${arm}`, adds: Object.fromEntries(adds) }
}

interface Changed {
  readonly experience: string
  readonly arm: string
  readonly counts: Counts
}

/** One delivery of a visitor's events. */
export interface TailDelivery {
  /** Epoch ms at which it came in. */
  readonly receivedAt: number
  readonly events: readonly TailEntry[]
  readonly effects: readonly TailEffect[]
}

/** Deliveries that a shard remembers, of all its visitors: a debugging aid, bounded whatever comes. */
const RING = 4_000
/** Events of one delivery, and effects of it. */
const MOST_ENTRIES = 50
/** Events of one visitor that are shown, but for the rest of a delivery. */
const MOST_SHOWN = 50

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS tail (
    place INTEGER PRIMARY KEY, seq INTEGER NOT NULL, visitor TEXT NOT NULL, at INTEGER NOT NULL,
    doc TEXT NOT NULL);
`

/** The newest deliveries to a shard, in a ring: one row written for each, none ever pruned. */
export class Tail {
  readonly #sql: SqlStorage
  #seq: number

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(SCHEMA)
    this.#seq = Number(sql.exec('SELECT COALESCE(MAX(seq), 0) AS seq FROM tail').one().seq)
  }

  write(visitor: string, delivery: Omit<TailDelivery, 'receivedAt'>, now: number): void {
    const events = delivery.events.slice(-MOST_ENTRIES)
    if (events.length === 0) return
    const seq = this.#seq + 1
    const doc = JSON.stringify({ events, effects: delivery.effects.slice(-MOST_ENTRIES) })
    this.#sql.exec(
      'INSERT OR REPLACE INTO tail VALUES (?, ?, ?, ?, ?)',
      ...[seq % RING, seq, visitor, now, doc],
    )
    this.#seq = seq
  }

  /** A visitor's newest deliveries, newest first, until enough events are shown. */
  read(visitor: string): TailDelivery[] {
    const query = `SELECT at, doc FROM tail WHERE visitor = ? ORDER BY seq DESC LIMIT ${MOST_SHOWN}`
    const shown: TailDelivery[] = []
    let events = 0
    for (const { at, doc } of this.#sql.exec(query, visitor)) {
      if (events >= MOST_SHOWN) break
      const delivery: Omit<TailDelivery, 'receivedAt'> = JSON.parse(String(doc))
      shown.push({ receivedAt: Number(at), ...delivery })
      events += delivery.events.length
    }
    return shown
  }

  /** All that is kept of a visitor, newest first. */
  of(visitor: string): TailDelivery[] {
    return this.#sql
      .exec('SELECT at, doc FROM tail WHERE visitor = ? ORDER BY seq DESC', visitor)
      .toArray()
      .map(({ at, doc }) => ({ receivedAt: Number(at), ...JSON.parse(String(doc)) }))
  }

  erase(visitor: string): void {
    this.#sql.exec('DELETE FROM tail WHERE visitor = ?', visitor)
  }
}
