import { between } from '../faults/random.ts'
import type { Stage } from '../faults/stage.ts'
import { byArm, type Counts, countsOf, differences, NO_COUNTS } from './book.ts'
import { type Crowd, createCrowd } from './crowd.ts'
import { configurationOf, HOST } from './site.ts'
import { learnerCounts, shardCounts, storedEvents } from './stored.ts'

/** What became of the events of one round. All counts are of events. */
export interface Round {
  readonly acknowledged: number
  /** Sent, and never answered because the worker was killed. */
  readonly unanswered: number
  /** Of those, how many were on disk all the same. */
  readonly kept: number
  readonly resent: number
  /** Acknowledged and not on disk right after the kill. */
  readonly lost: number
  /** Counted more often than there are events. */
  readonly double: number
}

interface Plan {
  readonly kills: number
  /** Fewest events to be acknowledged in all. */
  readonly events: number
  readonly random: () => number
  readonly onRound: (round: Round) => void
}

export interface Outcome {
  readonly rounds: readonly Round[]
  readonly acknowledged: number
  /** Where books differ in the end, in words; empty when all agree. */
  readonly wrong: readonly string[]
}

/** Kills the worker under load again and again, and compares everybody's books in the end. */
export async function runRounds(stage: Stage, plan: Plan): Promise<Outcome> {
  await stage.api.put('/sites/crash/configuration', configurationOf(stage.origin.url))
  await stage.api.post('/sites/crash/publish')
  const client = stage.at(HOST)
  await stage.untilKnown(client)
  const crowd = createCrowd(plan.random)
  const rounds: Round[] = []
  for (let n = 0; n < plan.kills; n++) {
    const round = await killUnderLoad(stage, crowd, plan)
    rounds.push(round)
    plan.onRound(round)
  }
  await crowd.finish(client)
  const wrong = [
    ...crowd.unanswered.map(({ visit }) => `an event of ${visit.name} was never acknowledged`),
    ...(await untilEqual(stage, crowd)),
  ]
  return { rounds, acknowledged: crowd.acknowledged.size, wrong }
}

async function killUnderLoad(stage: Stage, crowd: Crowd, plan: Plan): Promise<Round> {
  const { random, events, kills } = plan
  const before = { acknowledged: crowd.acknowledged.size, sentAgain: crowd.sentAgain }
  // From well before to well after the share of a round, then at any moment of what is under way.
  const enough = before.acknowledged + ((events / kills) * between(random, 80, 130)) / 100
  let over = false
  const load = crowd.work(stage.at(HOST), () => over)
  while (crowd.acknowledged.size < enough) await pause(5)
  await pause(between(random, 0, 200))
  await stage.kill()
  over = true
  await load
  const found = storedEvents(stage.state)
  const waiting = crowd.unanswered.flatMap(({ happenings }) => happenings)
  const gone = [...crowd.acknowledged].filter((id) => !found.ids.has(id))
  const round = {
    acknowledged: crowd.acknowledged.size - before.acknowledged,
    unanswered: waiting.length,
    kept: waiting.filter(({ id }) => found.ids.has(id)).length,
    resent: crowd.sentAgain - before.sentAgain,
    lost: gone.length + found.missing,
    double: found.double,
  }
  await stage.restart()
  return round
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Totals travel from shards by learners to the database; they have to get there by then. */
const PATIENCE_MS = 30_000

async function untilEqual(stage: Stage, crowd: Crowd): Promise<readonly string[]> {
  const wanted = countsOf(crowd.visits)
  const until = performance.now() + PATIENCE_MS
  for (;;) {
    const wrong = [
      ...eventsMissing(stage, crowd),
      ...differences('the shards', shardCounts(stage.state), wanted),
      ...differences('the learners', learnerCounts(stage.state), byArm(wanted)),
      ...differences('the report', await reported(stage), wanted),
    ]
    if (wrong.length === 0 || performance.now() > until) return wrong
    await pause(500)
  }
}

/** The same ids in the shards as in the clients' book, no more and no fewer. */
function eventsMissing({ state }: Stage, { visits }: Crowd): string[] {
  const sent = [...visits].flatMap(({ happenings }) => happenings.map(({ id }) => id))
  const { ids } = storedEvents(state)
  const missing = sent.filter((id) => !ids.has(id)).length
  const own = [...ids].filter((id) => /^v\d+-/.test(id)).length
  return missing === 0 && own === sent.length
    ? []
    : [`of ${sent.length} events ${missing} are missing, and ${own} are there`]
}

async function reported({ api }: Stage): Promise<Map<string, Counts>> {
  const figures = (await api.get('/sites/crash/figures')) as Figures
  const rows = figures.experiences.flatMap(({ id, arms }) =>
    arms.map(({ arm, counts }) => [`${id}/${arm}`, { ...NO_COUNTS, ...counts }] as const),
  )
  return new Map(rows)
}

interface Figures {
  readonly experiences: readonly {
    readonly id: string
    readonly arms: readonly { readonly arm: string; readonly counts: Counts }[]
  }[]
}
