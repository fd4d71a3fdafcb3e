import { complete } from './checks.ts'
import type { Client } from './client.ts'
import { track } from './events.ts'
import { CASES } from './origin.ts'
import type { Person } from './people.ts'
import { between, createRandom } from './random.ts'
import type { Stage } from './stage.ts'
import { book, createRow, fail, type Row } from './try.ts'

const ROUNDS = 3
const WRITERS = 4

/**
 * Ends the worker by kill -9 while people look at pages and their events come in. What was
 * acknowledged has to be there afterwards, each event once.
 */
export async function tryCrashes(stage: Stage, seed: number): Promise<readonly Row[]> {
  const pages = createRow('Crashes', 'pages while the worker is killed')
  const events = createRow('Crashes', 'events acknowledged before the worker was killed')
  const random = createRandom(seed)
  for (let round = 0; round < ROUNDS; round++) {
    const acknowledged = await killUnderLoad(stage, pages, {
      round: `${seed}-${round}`,
      afterMs: between(random, 100, 600),
    })
    for (const messageId of acknowledged) await sendAgain(stage, events, messageId)
  }
  if (events.requests === 0) fail(events, 'nothing was acknowledged at all')
  return [pages, events]
}

interface Round {
  readonly round: string
  readonly afterMs: number
}

async function killUnderLoad(
  stage: Stage,
  pages: Row,
  { round, afterMs }: Round,
): Promise<readonly string[]> {
  const { client, people } = stage
  const acknowledged: string[] = []
  let over = false
  const load = [...Array(WRITERS).keys()].map(async (writer) => {
    for (let n = 0; !over; n++) {
      const messageId = `crash-${round}-${writer}-${n}`
      if ((await track(client, people, messageId)) === 'accepted') acknowledged.push(messageId)
      await look(client, people[n % people.length], pages)
    }
  })
  await new Promise((resolve) => setTimeout(resolve, afterMs))
  await stage.kill()
  over = true
  await Promise.all(load)
  await stage.restart()
  return acknowledged
}

async function look(client: Client, person: Person | undefined, pages: Row): Promise<void> {
  if (!person) return
  const path = '/p/plain'
  const answer = await client.ask({ path, headers: person.headers })
  // Whose connection went down with the worker sees that, and no page that passes for whole.
  const outcome = answer.complete
    ? complete(answer, { path, person, pieces: CASES.plain?.pieces?.() ?? [] })
    : { how: 'connection lost' }
  book(pages, answer, outcome, `${path} for a ${person.who}`)
}

/** The same event once more: the worker has to know it already. */
async function sendAgain(stage: Stage, events: Row, messageId: string): Promise<void> {
  const found = await track(stage.client, stage.people, messageId)
  events.requests += 1
  events.complete += 1
  if (found === 'duplicate') events.how.set('kept', (events.how.get('kept') ?? 0) + 1)
  else fail(events, `${messageId} was ${found} afterwards`)
}
