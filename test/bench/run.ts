import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import workerd from 'workerd/package.json' with { type: 'json' }
import { CAP_FIGURES, capFigures } from './cap-figures.ts'
import { DECIDE_FIGURES, decideFigures } from './decide.ts'
import { EVENT_FIGURES, eventFigures } from './event-figures.ts'
import { type Figure, toLine } from './figure.ts'
import { GROWTH_FIGURES, growthFigures } from './growth-figures.ts'
import { GUARD_FIGURES, guardFigures } from './guard-figures.ts'
import { COVERAGE_FIGURES, coverageFigures } from './intervals/figures.ts'
import { LEARNING_FIGURES, learningFigures } from './learning/figures.ts'
import { OBJECT_FIGURES, objectFigures } from './object-figures.ts'
import { PAGE_FIGURES, pageFigures } from './page-figures.ts'
import { toReport } from './report.ts'
import { REPORT_FIGURES, reportFigures } from './report-figures.ts'
import { SHELF_FIGURES, shelfFigures } from './shelf-figures.ts'
import { SLOT_FIGURES, slotFigures } from './slot-figures.ts'
import { STREAM_FIGURES, streamFigures } from './stream-figures.ts'
import { WORKER_FIGURES, workerFigures } from './worker-figures.ts'

/** Odd, so that a median is a round that was; so many that half may be disturbed. */
const ROUNDS = 21

/** Where `--write` puts the report. */
const DOCS = new URL('../../docs/', import.meta.url)

/** Figures that are measured together, given the wanted names and a number of rounds. */
interface Group {
  readonly figures: readonly string[]
  measure(names: readonly string[], rounds: number): Promise<Figure[]>
}

const GROUPS: readonly Group[] = [
  { figures: DECIDE_FIGURES, measure: decideFigures },
  { figures: PAGE_FIGURES, measure: pageFigures },
  { figures: LEARNING_FIGURES, measure: learningFigures },
  { figures: COVERAGE_FIGURES, measure: coverageFigures },
  { figures: EVENT_FIGURES, measure: eventFigures },
  { figures: GUARD_FIGURES, measure: guardFigures },
  { figures: SLOT_FIGURES, measure: slotFigures },
  { figures: STREAM_FIGURES, measure: streamFigures },
  { figures: SHELF_FIGURES, measure: shelfFigures },
  { figures: WORKER_FIGURES, measure: workerFigures },
  { figures: OBJECT_FIGURES, measure: objectFigures },
  { figures: CAP_FIGURES, measure: capFigures },
  { figures: GROWTH_FIGURES, measure: growthFigures },
  { figures: REPORT_FIGURES, measure: reportFigures },
]

/** `page.vs-growthbook`, or `page` for all whose name begins so; nothing means all. */
function wanted(figures: readonly string[], names: readonly string[]): string[] {
  if (names.length === 0) return [...figures]
  return figures.filter((figure) =>
    names.some((name) => figure === name || figure.startsWith(`${name}.`)),
  )
}

/** A group that could not be measured is a failure of the run, unlike a goal that is missed. */
async function run(group: Group, names: readonly string[], rounds: number): Promise<Figure[]> {
  const figures = wanted(group.figures, names)
  if (figures.length === 0) return []
  try {
    const measured = await group.measure(figures, rounds)
    for (const figure of measured) console.log(toLine(figure))
    return measured
  } catch (error) {
    console.error(`${figures.join(', ')}:`, error)
    process.exitCode = 1
    return []
  }
}

async function write(figures: readonly Figure[], machine: string): Promise<void> {
  const measured = new Set(figures.map(({ figure }) => figure))
  const failed = known.filter((figure) => !measured.has(figure))
  const date = new Date().toISOString().slice(0, 10)
  await mkdir(DOCS, { recursive: true })
  for (const [file, content] of Object.entries(toReport({ figures, failed, machine, date }))) {
    await writeFile(new URL(file, DOCS), content)
    console.error(`written: ${fileURLToPath(new URL(file, DOCS))}`)
  }
}

/** Why the bench cannot be run as it was called. */
function problemOf(
  names: readonly string[],
  isWritten: boolean,
  rounds: number,
): string | undefined {
  const unknown = names.filter((name) => wanted(known, [name]).length === 0)
  if (unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1)
    return `Give a whole number as BENCH_ROUNDS, and names among: ${known.join(', ')}`
  if (isWritten && names.length > 0)
    return 'Give no names with --write: the report has every figure.'
  return undefined
}

const rounds = Number(process.env.BENCH_ROUNDS ?? ROUNDS)
const words = process.argv.slice(2)
const isWritten = words.includes('--write')
const names = words.filter((word) => word !== '--write')
const known = GROUPS.flatMap(({ figures }) => figures)
const problem = problemOf(names, isWritten, rounds)

if (problem === undefined) {
  const processor = cpus()[0]?.model ?? 'unknown processor'
  const machine = `${availableParallelism()} × ${processor}, node ${process.version}, workerd ${workerd.version}, ${rounds} rounds, load average at the start ${loadavg()[0]?.toFixed(1)}`
  console.error(machine)
  const figures: Figure[] = []
  for (const group of GROUPS) figures.push(...(await run(group, names, rounds)))
  if (isWritten) await write(figures, machine)
} else {
  console.error(problem)
  process.exitCode = 2
}
