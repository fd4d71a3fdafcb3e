import type { Policy } from '../../../src/bandit/state.ts'
import type { Figure, Goal } from '../figure.ts'
import { random } from '../random.ts'
import { sampleRatioOf, servedAsPublished } from './audit.ts'
import { largestError } from './closed-forms.ts'
import { BUSY, E1, E2, E3A, E3B, E4A, E5, type Environment, sparse } from './environments.ts'
import { type Outcome, run } from './loop.ts'

/** One simulated claim: how much reward learning loses in an environment. */
interface Claim {
  readonly figure: string
  readonly environment: Environment
  readonly policy: Partial<Policy>
  readonly staleness?: number
  readonly replications: number
  /** The most that may be lost: rewards in all, or a part of what an even split loses. */
  readonly most: { readonly rewards: number } | { readonly ofEven: number } | null
  readonly note: string
}

const contextual = (environment: Environment): Partial<Policy> => ({
  segments: environment.segments.map((_, g) => `segment-${g}`),
})

const SPARSE = [
  ['learning.sparse-mixed', sparse('E3c', random(7), { arm: 0.15, interaction: 0.22 })],
  ['learning.sparse-alike', sparse('E3d', random(11), { arm: 0.22, interaction: 0 })],
  ['learning.sparse-crossing', sparse('E3e', random(13), { arm: 0.05, interaction: 0.5 })],
] as const

const CLAIMS: readonly Claim[] = [
  {
    ...{ figure: 'learning.e1', environment: E1, policy: {}, replications: 20 },
    ...{ most: { rewards: 130 }, note: 'five arms, 2 to 5 %' },
  },
  {
    ...{ figure: 'learning.e1-measured', environment: E1, policy: { floor: 0.01 } },
    ...{ replications: 20, most: { rewards: 190 }, note: 'the same, each arm at 1 % at least' },
  },
  {
    ...{ figure: 'learning.e2', environment: E2, policy: {}, replications: 12 },
    ...{ most: { ofEven: 0.42 }, note: 'twenty arms, 0.6 to 1.4 %; evidence counts twice' },
  },
  {
    ...{ figure: 'learning.drift', environment: E4A, replications: 24 },
    policy: { halfLife: { hours: 0.01, visitors: 10_000 } },
    ...{
      most: { ofEven: 0.5 },
      note: 'the best arm jumps every 20,000; half-life 10,000 visitors',
    },
  },
  {
    ...{ figure: 'learning.delay', environment: E5, policy: { floor: 0 }, replications: 12 },
    ...{ most: { rewards: 300 }, note: 'rewards an hour late on average, 10 visitors/s, no floor' },
  },
  {
    ...{ figure: 'learning.stale', environment: BUSY, policy: { floor: 0 }, staleness: 10 },
    ...{ replications: 8, most: { rewards: 260 } },
    note: '1,000 visitors/s, edges look every 10 s, no floor',
  },
  {
    ...{ figure: 'learning.segments-alike', environment: E3B, policy: contextual(E3B) },
    ...{ replications: 16, most: { ofEven: 0.18 }, note: 'four segments that like the same arms' },
  },
  {
    ...{ figure: 'learning.segments-crossing', environment: E3A, policy: contextual(E3A) },
    ...{ replications: 16, most: { ofEven: 0.16 }, note: 'four segments, each likes another arm' },
  },
  {
    ...{ figure: 'learning.segments-pooled', environment: E3B, policy: {}, replications: 16 },
    ...{ most: null, note: 'learning.segments-alike without segments' },
  },
  ...SPARSE.map(([figure, environment]) => ({
    ...{ figure, environment, policy: contextual(environment), replications: 2 },
    ...{ most: null, note: 'forty sparse segments' },
  })),
]

const EXACT = 'learning.best'
const SERVED = 'learning.served'
const UNALARMED = 'learning.sample-ratio'
const ALARMED = 'learning.sample-ratio-fault'

/** The names of the figures that `learningFigures` measures. */
export const LEARNING_FIGURES = [
  ...CLAIMS.map(({ figure }) => figure),
  ...[EXACT, SERVED, UNALARMED, ALARMED],
]

/** Seeds of the reference figures. */
const seedOf = (replication: number) => 7932 + 104_729 * replication

/** How well the real learner learns from simulated visitors, through hashed picks and totals. */
export async function learningFigures(names: readonly string[]): Promise<Figure[]> {
  const wanted = new Set(names)
  const claims = CLAIMS.filter(({ figure }) => wanted.has(figure)).map(measure)
  const others = { [EXACT]: exactness, [SERVED]: servedFigure, ...sampleRatioFigures() }
  const more = Object.entries(others).filter(([name]) => wanted.has(name))
  return [...claims, ...more.map(([, figure]) => figure())]
}

function measure({ figure, most, note, replications, ...trial }: Claim): Figure {
  const outcomes = Array.from({ length: replications }, (_, n) => lossOf(trial, seedOf(n)))
  const { mean, error } = summarise(outcomes.map(({ regret }) => regret))
  const even = summarise(outcomes.map((outcome) => outcome.even)).mean
  const limit = most && 'rewards' in most ? most.rewards : even
  const bound = most && 'ofEven' in most ? most.ofEven : 1
  const { name, visitors } = trial.environment
  return {
    figure,
    ...{ ours: significant(mean), peer: significant(limit), ratio: significant(mean / limit) },
    goal: most ? { sign: '<=', bound } : null,
    unit: `rewards lost in ${visitors} visitors`,
    note: `${name}: ${note}; against ${limit === even ? 'an even split' : 'the limit'}; mean of ${replications} seeds from ${seedOf(0)}, standard error ${significant(error)} (${significant(error / limit)} of the ratio); ${significant(mean / even)} of an even split`,
  }
}

function lossOf(trial: Omit<Claim, 'figure' | 'most' | 'note' | 'replications'>, seed: number) {
  const { regret, even } = run({ ...trial, seed })
  return { regret, even }
}

/** P(best) against closed forms. */
function exactness(): Figure {
  const error = largestError()
  return {
    figure: EXACT,
    ...{ ours: significant(error), peer: 1, ratio: significant(error) },
    goal: { sign: '<=', bound: 1e-4 },
    unit: 'probability',
    note: 'largest error of P(best) against closed forms for two arms and a vector for three',
  }
}

/** Every version's served arms against its weights, as if by one test for all. */
function servedFigure(): Figure {
  const trials = [
    { environment: E1, policy: {} },
    { environment: E3A, policy: contextual(E3A) },
  ]
  const chances = trials.flatMap((trial) =>
    [0, 1, 2, 3, 4].flatMap((n) => servedAsPublished(run({ ...trial, seed: seedOf(n) }))),
  )
  const least = Math.min(1, Math.min(...chances) * chances.length)
  return figureOf(SERVED, least, { sign: '>=', bound: 0.001 }, 'p', [
    `smallest χ² p of ${chances.length} versions and segments, times their number`,
    `${chances.filter((p) => p < 0.05).length} are below 0.05`,
  ])
}

const SHORT_RUNS = 200
/** 7 %, and two standard errors of so many runs. */
const MOST_REJECTED = 0.07 + 2 * Math.sqrt((0.05 * 0.95) / SHORT_RUNS)

/** How often a sample ratio is found wanting, under learned weights, in runs of 20,000 visitors. */
function sampleRatioFigures(): Record<string, () => Figure> {
  const environment = { ...E1, visitors: 20_000 }
  const outcomes = remember(() =>
    Array.from(
      { length: SHORT_RUNS },
      (_, n): Outcome => run({ environment, policy: {}, seed: seedOf(n) }),
    ),
  )
  const judge = (broken: number, below: number) => {
    const found = outcomes().map((outcome, n) => sampleRatioOf(outcome, broken, n))
    const alarms = found.filter(({ alarm }) => alarm).length
    const rate = found.filter(({ p }) => p < below).length / SHORT_RUNS
    return { rate, note: `p below ${below}; ${alarms} of ${SHORT_RUNS} runs alarmed` }
  }
  return {
    [UNALARMED]: () => {
      const { rate, note } = judge(0, 0.05)
      const goal = { sign: '<=', bound: significant(MOST_REJECTED) } as const
      return figureOf(UNALARMED, rate, goal, 'of runs', ['nothing is wrong', note])
    },
    [ALARMED]: () => {
      const { rate, note } = judge(0.05, 0.001)
      const fault = 'a cache gives half of 5 % of the versions’ visitors one arm'
      return figureOf(ALARMED, rate, { sign: '>=', bound: 0.3 }, 'of runs', [fault, note])
    },
  }
}

function remember<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

function figureOf(
  figure: string,
  value: number,
  goal: Goal,
  unit: string,
  note: readonly string[],
): Figure {
  const ours = significant(value)
  return { figure, ours, peer: 1, ratio: ours, goal, unit, note: note.join('; ') }
}

function summarise(values: readonly number[]): { mean: number; error: number } {
  const count = values.length
  const mean = values.reduce((sum, value) => sum + value, 0) / count
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, error: Math.sqrt(squares / (count - 1) / count) }
}

const significant = (value: number) => Number(value.toPrecision(4))
