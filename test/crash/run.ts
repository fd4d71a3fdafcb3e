import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createRandom } from '../faults/random.ts'
import { openStage } from '../faults/stage.ts'
import { toDocument, toTable } from './report.ts'
import { type Round, runRounds } from './rounds.ts'

const HELP = `npm run test:crash [-- --kills N] [--events M] [--seed S]

Kills the worker N times (20) under a load of event batches, M acknowledged events in all at least (20000), and compares
what the clients know with what is stored and counted. A full run writes docs/crashes.md. Exit 1 when anything differs.`

const FULL = { kills: 20, events: 20_000 } as const

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: String(FULL.kills) },
    events: { type: 'string', default: String(FULL.events) },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
})

const [kills, events, seed] = [values.kills, values.events, values.seed].map(Number)
const isWhole = (value: number | undefined, least: number): value is number =>
  Number.isInteger(value) && (value ?? 0) >= least
if (values.help || !isWhole(kills, 1) || !isWhole(events, 1) || !isWhole(seed, 0)) {
  console.error(HELP)
  process.exit(values.help ? 0 : 2)
}

const start = performance.now()
const stage = await openStage()
const onRound = (round: Round) => console.error(JSON.stringify(round))
const outcome = await runRounds(stage, {
  kills,
  events,
  random: createRandom(seed),
  onRound,
}).finally(() => stage.close())

const { rounds, wrong, acknowledged } = outcome
const sum = (count: keyof Round) => rounds.reduce((total, round) => total + round[count], 0)
const result = {
  ...{ kills, seed, acknowledged, unanswered: sum('unanswered'), resent: sum('resent') },
  ...{ lost: sum('lost'), double: sum('double'), wrong: wrong.length },
  ...{ ok: wrong.length + sum('lost') + sum('double') === 0 && acknowledged >= events },
  seconds: Math.round((performance.now() - start) / 1000),
}
console.log(toTable(rounds))
for (const line of wrong) console.log(`- ${line}`)
console.log(JSON.stringify(result))
if (kills >= FULL.kills && events >= FULL.events) {
  writeFileSync(new URL('../../docs/crashes.md', import.meta.url), toDocument(outcome, result))
}
process.exit(result.ok ? 0 : 1)
