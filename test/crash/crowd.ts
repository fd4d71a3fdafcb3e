import type { Client } from '../faults/client.ts'
import { between } from '../faults/random.ts'
import { beginVisit, type Happening, send, type Visit } from './visit.ts'

/** Part of a visit that goes over the line in one request. */
export interface Batch {
  readonly visit: Visit
  readonly happenings: readonly Happening[]
}

/** Visitors without end, who send what happened to them and send it again until it is acknowledged. */
export interface Crowd {
  readonly visits: ReadonlySet<Visit>
  /** Ids of all events that were acknowledged. */
  readonly acknowledged: ReadonlySet<string>
  /** Batches whose answer never came. */
  readonly unanswered: readonly Batch[]
  /** Events under way and events that have been sent again so far. */
  readonly sentAgain: number
  /** Sends until it is told to stop; visits that were begun wait for the next time. */
  work(client: Client, isOver: () => boolean): Promise<void>
  /** Sends everything that is left, until all of it is acknowledged. */
  finish(client: Client): Promise<void>
}

/** Requests under way at the same time. */
const AT_ONCE = 12
/** A request that was answered is now and then sent once more, as a browser does that missed it. */
const ECHO = 0.1

export function createCrowd(random: () => number): Crowd {
  const visits = new Set<Visit>()
  const acknowledged = new Set<string>()
  const waiting: Batch[] = []
  let unanswered: Batch[] = []
  let begun = 0
  let sentAgain = 0

  async function next(client: Client): Promise<Batch | undefined> {
    const batch = waiting.shift()
    if (batch) return batch
    const visit = await beginVisit(client, `v${begun++}`, random)
    if (!visit) return undefined
    visits.add(visit)
    waiting.push(...toBatches(visit, random))
    return waiting.shift()
  }

  async function deliver(client: Client, batch: Batch): Promise<void> {
    const ids = batch.happenings.map(({ id }) => id)
    if ((await send(client, batch.visit, batch.happenings)) === 'unanswered') {
      unanswered.push(batch)
      return
    }
    for (const id of ids) acknowledged.add(id)
    if (random() >= ECHO) return
    sentAgain += ids.length
    await send(client, batch.visit, batch.happenings)
  }

  async function sendUnanswered(client: Client): Promise<void> {
    const again = unanswered
    unanswered = []
    for (const batch of again) {
      sentAgain += batch.happenings.length
      await deliver(client, batch)
    }
  }

  return {
    visits,
    acknowledged,
    get unanswered() {
      return unanswered
    },
    get sentAgain() {
      return sentAgain
    },
    async work(client, isOver) {
      await sendUnanswered(client)
      const sender = async () => {
        while (!isOver()) {
          const batch = await next(client)
          if (batch) await deliver(client, batch)
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, sender))
    },
    async finish(client) {
      while (waiting.length > 0) await deliver(client, waiting.shift() ?? fail())
      for (let tries = 0; unanswered.length > 0 && tries < 50; tries++) {
        await sendUnanswered(client)
      }
    },
  }
}

function fail(): never {
  throw new Error('The queue changed while it was read.')
}

function toBatches(visit: Visit, random: () => number): Batch[] {
  const batches: Batch[] = []
  const { happenings } = visit
  for (let place = 0; place < happenings.length; ) {
    const end = place + between(random, 1, 16)
    batches.push({ visit, happenings: happenings.slice(place, end) })
    place = end
  }
  return batches
}
