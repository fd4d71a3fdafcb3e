import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { Item, Reward } from '../../src/events/attribution.ts'
import type { Event, Step } from '../../src/model/event.ts'
import { COUNTERS, type Counts, NO_COUNTS } from '../../src/model/learning.ts'

export const HOUR = 3_600_000

/** Counts with the given ones other than 0. */
export function counts(changes: Partial<Counts>): Counts {
  return { ...NO_COUNTS, ...changes }
}

let sent = 0

/** One moment for all events that name none, so that no reward is late for its exposure. */
export const NOW = Date.now()

/** An event, under a message id of its own unless one is given. */
export function eventOf(changes: Partial<Event> = {}): Event {
  return {
    ...{ messageId: `m${++sent}`, at: NOW, kind: 'track', name: 'Looked', properties: {} },
    ...changes,
  }
}

interface Exposed {
  readonly experience: string
  readonly version: number
  readonly window: number
}

/** A report that a variant of an experience came this far. */
export function stepOf(
  arm: string,
  step: Step,
  event: Partial<Event> = {},
  { experience = 'hero', version = 0, window = HOUR }: Partial<Exposed> = {},
): Item {
  const exposure = { experience, version, segment: '', arm, rank: 0, propensity: 0.5 }
  return {
    event: eventOf({ name: 'Exposure', ...event }),
    step: { step, exposure, window },
    rewards: [],
  }
}

/** An event that meets a goal. */
export function rewardOf(
  value: number,
  event: Partial<Event> = {},
  experience = 'hero',
  more: Partial<Reward> = {},
): Item {
  const reward: Reward = {
    ...{ experience, value, window: HOUR, after: 0, attribution: 'last', rung: 'delivered' },
    ...more,
  }
  return { event: eventOf(event), rewards: [reward] }
}

type Shard = ReturnType<typeof env.VISITORS.getByName>
type PersonShard = ReturnType<typeof env.PEOPLE.getByName>
type Learner = ReturnType<typeof env.LEARNERS.getByName>

/** A shard's totals of one experience by version and arm. */
export function totalsOf(shard: Shard, experience = 'hero'): Promise<Record<string, Counts>> {
  return runInDurableObject(shard, (_, { storage }) => {
    const rows = storage.sql.exec('SELECT * FROM total WHERE experience = ?', experience).toArray()
    return Object.fromEntries(rows.map((row) => [`${row.version}/${row.arm}`, toCounts(row)]))
  })
}

/** What a learner has counted of each arm, over all its sources. */
export function learnedBy(learner: Learner): Promise<Record<string, Counts>> {
  const sums = COUNTERS.map((counter) => `SUM(${counter}) AS ${counter}`).join(', ')
  return runInDurableObject(learner, (_, { storage }) => {
    const query = `SELECT variant, ${sums} FROM source_total GROUP BY variant`
    const rows = storage.sql.exec(query).toArray()
    return Object.fromEntries(rows.map((row) => [String(row.variant), toCounts(row)]))
  })
}

/** What the database has of each arm of an experience, over all hours. */
export async function rolledUp(site: string, experience: string): Promise<Record<string, Counts>> {
  const sums = COUNTERS.map((counter) => `SUM(${counter}) AS ${counter}`).join(', ')
  const query = `SELECT variant, ${sums} FROM rollup WHERE site = ? AND experience = ? GROUP BY variant`
  const { results } = await env.DB.prepare(query).bind(site, experience).all()
  return Object.fromEntries(results.map((row) => [String(row.variant), toCounts(row)]))
}

function toCounts(row: Readonly<Record<string, unknown>>): Counts {
  const read: Record<string, number> = {}
  for (const counter of COUNTERS) read[counter] = Number(row[counter])
  return { ...NO_COUNTS, ...read }
}

/** Runs an object's alarms one after another until none is due any more, each on a fresh instance. */
export async function drain(stub: Shard | PersonShard | Learner): Promise<void> {
  for (let round = 0; round < 20; round++) {
    await runInDurableObject(stub, () => undefined)
    await evictDurableObject(stub)
    if (!(await runDurableObjectAlarm(stub))) return
  }
  throw new Error('The alarms of this object never end.')
}
