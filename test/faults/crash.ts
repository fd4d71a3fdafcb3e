import { complete } from './checks.ts'
import type { Client } from './client.ts'
import { CASES } from './origin.ts'
import type { Person } from './people.ts'
import { between, createRandom } from './random.ts'
import type { Stage } from './stage.ts'
import { book, createRow, type Row } from './try.ts'

const ROUNDS = 3
const READERS = 4

/** Ends the worker by kill -9 while people look at pages: none that is cut off passes for whole. */
export async function tryCrashes(stage: Stage, seed: number): Promise<readonly Row[]> {
  const pages = createRow('Crashes', 'pages while the worker is killed')
  const random = createRandom(seed)
  for (let round = 0; round < ROUNDS; round++) {
    await killUnderLoad(stage, pages, between(random, 100, 600))
  }
  return [pages]
}

async function killUnderLoad(stage: Stage, pages: Row, afterMs: number): Promise<void> {
  const { client, people } = stage
  let over = false
  const load = Array.from({ length: READERS }, async () => {
    for (let n = 0; !over; n++) await look(client, people[n % people.length], pages)
  })
  await new Promise((resolve) => setTimeout(resolve, afterMs))
  await stage.kill()
  over = true
  await Promise.all(load)
  await stage.restart()
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
