import type { Figure, Goal } from '../figure.ts'
import { type Run, type World, watch } from './watch.ts'

const E1 = [0.02, 0.0275, 0.035, 0.0425, 0.05]
const E1H = [0.03, 0.03, 0.0305, 0.0315, 0.033]
const SAME = [0.03, 0.03, 0.03, 0.03, 0.03]

/** Worlds of the reference figures, at the floors that the product has or had. */
const WORLDS: readonly World[] = [
  { name: 'same', rates: SAME, floor: 0.01 },
  { name: 'e1h', rates: E1H, floor: 0.01 },
  { name: 'e1-floor-0.2', rates: E1, floor: 0.002 },
  { name: 'e1-floor-1', rates: E1, floor: 0.01 },
  { name: 'e1-floor-5', rates: E1, floor: 0.05 },
]

const WATCHED = 'coverage.watched-'
const ONCE = 'coverage.once-'
const RATIO = 'coverage.ratio-'

/** The names of the figures that `coverageFigures` measures. */
export const COVERAGE_FIGURES = WORLDS.flatMap(({ name }) => [
  `${WATCHED}${name}`,
  `${ONCE}${name}`,
  `${RATIO}${name}`,
])

const RUNS = 400
const ERROR = 0.05
/** What 400 runs may show above or below by chance: two standard errors. */
const NOISE = 2 * Math.sqrt((ERROR * (1 - ERROR)) / RUNS)

const seedOf = (run: number) => 7932 + 104_729 * run

/** How often the reports' intervals hold the truth while the experience learns. */
export async function coverageFigures(names: readonly string[]): Promise<Figure[]> {
  return WORLDS.filter(({ name }) => names.some((figure) => figure.endsWith(`-${name}`))).flatMap(
    (world) => {
      const runs = Array.from({ length: RUNS }, (_, run) => watch(world, seedOf(run)))
      return toFigures(world, runs).filter(({ figure }) => names.includes(figure))
    },
  )
}

function toFigures(world: World, runs: readonly Run[]): Figure[] {
  const { name } = world
  const missed = runs.filter(({ everMissed }) => everMissed).length
  const covered = runs.filter((run) => run.covered).length
  const told = runs.filter(({ ratioCovered }) => ratioCovered !== null)
  const ratio = told.filter(({ ratioCovered }) => ratioCovered).length
  return [
    toFigure(`${WATCHED}${name}`, missed / RUNS, ERROR, [
      ...(['<=', (ERROR + NOISE) / ERROR] as const),
      `part of runs in which the interval ever left out the truth, looked at every 1,000 of 50,000 visitors; ${describe(world, runs)}`,
    ]),
    toFigure(`${ONCE}${name}`, covered / RUNS, 1 - ERROR, [
      ...(['>=', 0.91 / (1 - ERROR)] as const),
      `part of runs whose 95 % interval of the difference held the truth after 50,000 visitors; ${describe(world, runs)}`,
    ]),
    toFigure(`${RATIO}${name}`, ratio / told.length, 1 - ERROR, [
      ...(['>=', 0.91 / (1 - ERROR)] as const),
      `the same of the relative lift, where one could be told (${told.length} of ${RUNS} runs)`,
    ]),
  ]
}

function describe({ rates, floor }: World, runs: readonly Run[]): string {
  const mean = (of: (run: Run) => number) => runs.reduce((sum, run) => sum + of(run), 0) / RUNS
  const [first = 0, last = 0] = [rates[0], rates.at(-1)]
  const bias = mean(({ difference }) => difference) - (last - first)
  const plain = mean((run) => run.plain) / last - 1
  return `rates ${rates.join(', ')}, floor ${floor}, ${RUNS} runs; mean estimate off by ${significant(bias)} (plain rate of the last arm: ${significant(100 * plain)} %)`
}

function toFigure(
  figure: string,
  ours: number,
  peer: number,
  [sign, bound, note]: readonly [Goal['sign'], number, string],
): Figure {
  return {
    figure,
    ...{ ours: significant(ours), peer, ratio: significant(ours / peer) },
    goal: { sign, bound: significant(bound) },
    unit: 'of runs',
    note,
  }
}

const significant = (value: number) => Number(value.toPrecision(4))
