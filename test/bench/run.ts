import { availableParallelism, cpus } from 'node:os'
import workerd from 'workerd/package.json' with { type: 'json' }
import { DECIDE_FIGURES, decideFigures } from './decide.ts'
import { EVENT_FIGURES, eventFigures } from './event-figures.ts'
import { type Figure, toLine } from './figure.ts'
import { LEARNING_FIGURES, learningFigures } from './learning/figures.ts'
import { PAGE_FIGURES, pageFigures } from './page-figures.ts'

/** Odd, so that a median is a round that was; so many that half may be disturbed. */
const ROUNDS = 21

/** Figures that are measured together, given the wanted names and a number of rounds. */
interface Group {
  readonly figures: readonly string[]
  measure(names: readonly string[], rounds: number): Promise<Figure[]>
}

const GROUPS: readonly Group[] = [
  { figures: DECIDE_FIGURES, measure: decideFigures },
  { figures: PAGE_FIGURES, measure: pageFigures },
  { figures: LEARNING_FIGURES, measure: learningFigures },
  { figures: EVENT_FIGURES, measure: eventFigures },
]

/** `page.vs-growthbook`, or `page` for all whose name begins so; nothing means all. */
function wanted(figures: readonly string[], names: readonly string[]): string[] {
  if (names.length === 0) return [...figures]
  return figures.filter((figure) =>
    names.some((name) => figure === name || figure.startsWith(`${name}.`)),
  )
}

/** A group that could not be measured is a failure of the run, unlike a goal that is missed. */
async function run(group: Group, names: readonly string[], rounds: number): Promise<void> {
  const figures = wanted(group.figures, names)
  if (figures.length === 0) return
  try {
    for (const figure of await group.measure(figures, rounds)) console.log(toLine(figure))
  } catch (error) {
    console.error(`${figures.join(', ')}:`, error)
    process.exitCode = 1
  }
}

const rounds = Number(process.env.BENCH_ROUNDS ?? ROUNDS)
const names = process.argv.slice(2)
const known = GROUPS.flatMap(({ figures }) => figures)
const unknown = names.filter((name) => wanted(known, [name]).length === 0)

if (unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
  console.error(`Give a whole number as BENCH_ROUNDS, and names among: ${known.join(', ')}`)
  process.exitCode = 2
} else {
  console.error(
    `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown processor'}, node ${process.version}, workerd ${workerd.version}, ${rounds} rounds`,
  )
  for (const group of GROUPS) await run(group, names, rounds)
}
