import { openDatabases } from '../faults/storage.ts'
import { COUNTS, type Counts, NO_COUNTS, sum } from './book.ts'

/** What visitor shards hold of single events: their ids, and how far profiles agree with them. */
export interface StoredEvents {
  readonly ids: ReadonlySet<string>
  /** Payments that are missing in their visitor’s profile. */
  readonly missing: number
  /** Payments that profiles count more often than there are ids. */
  readonly double: number
}

export function storedEvents(state: string): StoredEvents {
  const ids = new Set<string>()
  const off = new Map<string, number>()
  const note = (visitor: unknown, payments: number) =>
    off.set(String(visitor), (off.get(String(visitor)) ?? 0) + payments)
  for (const shard of openDatabases(state, 'do/selvedge-VisitorShard')) {
    for (const { visitor, id } of shard.prepare(MESSAGES).all()) {
      ids.add(String(id))
      if (String(id).includes('-paid-')) note(visitor, -1)
    }
    for (const { visitor, doc } of shard.prepare('SELECT visitor, doc FROM profile').all()) {
      const profile: Profile = JSON.parse(String(doc))
      note(visitor, profile.events.paid?.count ?? 0)
    }
    shard.close()
  }
  const sum = (sign: 1 | -1) =>
    [...off.values()].reduce((total, one) => total + Math.max(0, sign * one), 0)
  return { ids, missing: sum(-1), double: sum(1) }
}

const MESSAGES = 'SELECT visitor, id FROM message_0 UNION ALL SELECT visitor, id FROM message_1'

interface Profile {
  readonly events: { readonly paid?: { readonly count: number } }
}

/** Counts by experience and arm, over all visitor shards. */
export function shardCounts(state: string): Map<string, Counts> {
  const query = `SELECT experience || '/' || arm AS name, ${sums()} FROM total GROUP BY name`
  return gather(state, 'do/selvedge-VisitorShard', query)
}

/** What learners last heard of the site's shards, by arm alone: they do not write down whose they are. */
export function learnerCounts(state: string): Map<string, Counts> {
  const query = `SELECT variant AS name, ${sums()} FROM source_total
    WHERE source LIKE 'crash:%' GROUP BY variant`
  return gather(state, 'do/selvedge-Learner', query)
}

const sums = () => COUNTS.map((count) => `SUM(${count}) AS ${count}`).join(', ')

function gather(state: string, folder: string, query: string): Map<string, Counts> {
  const counts = new Map<string, Counts>()
  for (const database of openDatabases(state, folder)) {
    for (const row of database.prepare(query).all()) {
      const name = String(row.name)
      const found = Object.fromEntries(COUNTS.map((count) => [count, Number(row[count])]))
      counts.set(name, sum(counts.get(name) ?? NO_COUNTS, { ...NO_COUNTS, ...found }))
    }
    database.close()
  }
  return counts
}
