import type { Outcome } from './checks.ts'
import { personal } from './checks.ts'
import type { Answer, Client } from './client.ts'
import type { Fault, Scene } from './fault.ts'
import { CASES } from './origin.ts'
import type { Piece } from './page.ts'
import type { Person } from './people.ts'
import type { Stage } from './stage.ts'

/** What became of one fault. */
export interface Row {
  readonly group: string
  readonly name: string
  requests: number
  /** Answers that ended as they said they would. */
  complete: number
  /** How visitors fared → how many of them. */
  readonly how: Map<string, number>
  failures: number
  /** The first few failures, in words. */
  readonly examples: string[]
}

export function createRow(group: string, name: string): Row {
  return { group, name, requests: 0, complete: 0, how: new Map(), failures: 0, examples: [] }
}

const MOST_EXAMPLES = 3

export function book(row: Row, { complete }: Answer, { how, wrong }: Outcome, about: string): void {
  row.requests += 1
  row.complete += complete ? 1 : 0
  if (!wrong) row.how.set(how, (row.how.get(how) ?? 0) + 1)
  else fail(row, `${about}: ${wrong}`)
}

export function fail(row: Row, example: string): void {
  row.failures += 1
  if (row.examples.length < MOST_EXAMPLES) row.examples.push(example)
}

interface Trial {
  readonly stage: Stage
  readonly group: string
  readonly requests: number
  /** Told of each request. */
  readonly onRequest: () => void
}

/** Requests that are under way at the same time. */
const AT_ONCE = 8

/** Brings a fault about, asks for so many pages, and sees to it that all is well afterwards. */
export async function tryFault(fault: Fault, trial: Trial): Promise<Row> {
  const row = createRow(trial.group, fault.name)
  try {
    await tryMany(fault, row, trial)
  } catch (error) {
    fail(row, `it could not be tried: ${error}`)
  }
  return row
}

async function tryMany(fault: Fault, row: Row, trial: Trial): Promise<void> {
  const { stage, requests, onRequest } = trial
  const scene = (await fault.begin?.(stage)) ?? {}
  let next = 0
  const asker = async () => {
    while (next < requests) {
      await tryOne(fault, row, { stage, scene, n: next++ })
      onRequest()
    }
  }
  try {
    await Promise.all([...Array(AT_ONCE)].map(asker))
  } finally {
    await scene.undo?.()
  }
  await tryAfterwards(row, stage, scene)
  const [person] = stage.people
  if (!fault.afterwards || !person) return
  const asking = { stage, client: stage.client, path: '', person, n: 0 }
  for (const wrong of await fault.afterwards(asking)) fail(row, `afterwards: ${wrong}`)
}

interface Attempt {
  readonly stage: Stage
  readonly scene: Scene
  readonly n: number
}

async function tryOne(fault: Fault, row: Row, { stage, scene, n }: Attempt): Promise<void> {
  const { client = stage.client, people = stage.people } = scene
  // By a step that has nothing in common with the number of cases, so that all meet all.
  const person = people[Math.floor(n / 7 + n) % people.length]
  if (!person) throw new Error('Nobody is there to ask.')
  const path = fault.path?.(n) ?? '/p/small'
  const pieces = fault.pieces?.(n) ?? piecesAt(path)
  const answer = fault.ask
    ? await fault.ask({ stage, client, path, person, n })
    : await client.ask({ path, headers: person.headers })
  const outcome = fault.expect(answer, { path, person, pieces })
  book(row, answer, outcome, `${path} for a ${person.who}`)
}

function piecesAt(path: string): readonly Piece[] {
  const name = path.split('?')[0]?.split('/').at(-1) ?? ''
  return CASES[name]?.pieces?.() ?? []
}

/** Breakers stay open for 5 s, and what an isolate knows of a site is renewed within as many. */
const WELL_AGAIN_MS = 15_000

/** Everybody gets their page again: at the site that was hit, and at the other one. */
async function tryAfterwards(row: Row, stage: Stage, { client, lost }: Scene): Promise<void> {
  const [stranger] = stage.people
  if (!stranger) return
  if ((await stage.client.ask({ path: '/p/small' })).error.includes('ECONNREFUSED')) {
    fail(row, 'afterwards: the worker is gone')
    await stage.restart()
  }
  for (const person of stage.people) await untilWell(row, stage.client, person)
  if (client && !lost) await untilWell(row, client, stranger)
}

async function untilWell(row: Row, client: Client, person: Person): Promise<void> {
  const path = '/p/small'
  const start = performance.now()
  for (;;) {
    const answer = await client.ask({ path, headers: person.headers })
    const { wrong } = personal(answer, { path, person, pieces: piecesAt(path) })
    if (!wrong) return
    if (performance.now() - start > WELL_AGAIN_MS) {
      return fail(row, `afterwards, for a ${person.who}: ${wrong}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
