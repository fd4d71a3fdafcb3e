import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createBar } from '../../src/cli/progress.ts'
import { LEVERED_WORKER, WORKER } from './compile.ts'
import { tryCrashes } from './crash.ts'
import type { Fault, Group } from './fault.ts'
import { REFUSALS } from './faults-closed.ts'
import { madeFaults } from './faults-made.ts'
import { ORIGIN_GROUPS } from './faults-origin.ts'
import { PLATFORM_GROUPS } from './faults-platform.ts'
import { START_GROUPS, STATE_GROUPS } from './faults-state.ts'
import { toDocument, toFailures, toTables } from './report.ts'
import { openStage } from './stage.ts'
import { type Row, tryFault } from './try.ts'

const HELP = `npm run test:faults [-- --requests N] [--seed S] [--only TEXT]

Breaks one thing at a time behind, before and inside the worker, and asks for N pages each time (200; 10000 for a full run).
--only takes the faults whose name or group contains TEXT, and leaves docs/faults.md as it is. Exit 1 when anything fails.`

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const requests = Number(values.requests)
const seed = Number(values.seed)
if (values.help || !Number.isInteger(requests) || requests < 1 || !Number.isInteger(seed)) {
  console.error(HELP)
  process.exit(values.help ? 0 : 2)
}

/** Fewest requests of any fault, so that every visitor and some cases are met. */
const LEAST = 6

function countOf({ share = 1 }: Fault): number {
  return Math.max(Math.min(LEAST, requests), Math.round(requests * share))
}

function isWanted(group: string, name = ''): boolean {
  const { only } = values
  return only === undefined || `${group}: ${name}`.toLowerCase().includes(only.toLowerCase())
}

function wanted(groups: readonly Group[]): Group[] {
  return groups
    .map(({ name, faults }) => ({
      name,
      faults: faults.filter((fault) => isWanted(name, fault.name)),
    }))
    .filter(({ faults }) => faults.length > 0)
}

const WITH_REAL = wanted([
  ...ORIGIN_GROUPS,
  madeFaults(seed),
  ...STATE_GROUPS,
  REFUSALS,
  ...START_GROUPS,
])
const WITH_LEVERS = wanted(PLATFORM_GROUPS)
const total = [...WITH_REAL, ...WITH_LEVERS]
  .flatMap(({ faults }) => faults)
  .reduce((sum, fault) => sum + countOf(fault), 0)
const bar = createBar('Faults', total)
let done = 0

async function tryGroups(groups: readonly Group[], entry: URL, crashes: boolean): Promise<Row[]> {
  if (groups.length === 0 && !crashes) return []
  const stage = await openStage(entry)
  const rows: Row[] = []
  try {
    for (const { name: group, faults } of groups) {
      for (const fault of faults) {
        const onRequest = () => bar(++done, fault.name)
        rows.push(await tryFault(fault, { stage, group, requests: countOf(fault), onRequest }))
      }
    }
    if (crashes) rows.push(...(await tryCrashes(stage, seed)))
  } finally {
    await stage.close()
  }
  return rows
}

const rows = [
  ...(await tryGroups(WITH_REAL, WORKER, isWanted('Crashes'))),
  ...(await tryGroups(WITH_LEVERS, LEVERED_WORKER, false)),
]
console.log(toTables(rows))
console.log(toFailures(rows))
if (values.only === undefined) {
  writeFileSync(new URL('../../docs/faults.md', import.meta.url), toDocument(rows))
}
process.exit(rows.some(({ failures }) => failures > 0) ? 1 : 0)
