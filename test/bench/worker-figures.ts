import { gzipSync } from 'node:zlib'
import { type Arena, openArena } from './arena.ts'
import { ask } from './ask.ts'
import { createLoader } from './contestants/loader.ts'
import { type Figure, median, toFigure } from './figure.ts'
import { processorTimeOf } from './processor.ts'
import { buildUpload } from './upload.ts'
import type { Modules } from './workers/loader.ts'

const BUNDLE_LIMIT_KB = 300
const STARTUP_LIMIT_MS = 50
/** Rounds before the first that counts. */
const WARM_UPS = 1
const STARTS = 4
/** Isolates stay in memory. */
const MOST_ROUNDS = 7

/** The names of the figures that `workerFigures` measures. */
export const WORKER_FIGURES = ['worker.bundle', 'worker.startup']

/** How large the worker is, and how long it takes to start. */
export async function workerFigures(names: readonly string[], rounds: number): Promise<Figure[]> {
  const modules = await buildUpload()
  const figures: Figure[] = []
  if (names.includes('worker.bundle')) figures.push(bundle(modules))
  if (names.includes('worker.startup')) figures.push(await startup(modules, rounds))
  return figures
}

/** Each file by itself, as wrangler reckons. */
function bundle(modules: Modules): Figure {
  const texts = Object.values(modules).map((part) => (typeof part === 'string' ? part : part.text))
  const kilobytes = (sizes: number[]) => sizes.reduce((sum, size) => sum + size, 0) / 1000
  const plain = kilobytes(texts.map((text) => Buffer.byteLength(text)))
  return toFigure(
    { ours: [kilobytes(texts.map((text) => gzipSync(text).length))], peer: [BUNDLE_LIMIT_KB] },
    {
      figure: 'worker.bundle',
      goal: { sign: '<=', bound: 1 },
      unit: 'kB gzipped',
      note: `what \`wrangler deploy --dry-run\` would upload, against a limit of ${BUNDLE_LIMIT_KB} kB; ${plain.toFixed(0)} kB as it is, not minified`,
    },
  )
}

async function startup(modules: Modules, rounds: number): Promise<Figure> {
  const arena = await openArena([createLoader(modules)])
  try {
    const starts: { given: Start; empty: Start }[] = []
    for (let round = 0; round < WARM_UPS + Math.min(rounds, MOST_ROUNDS); round++) {
      starts.push({
        given: await start(arena, 'given', round),
        empty: await start(arena, 'empty', round),
      })
    }
    const counted = starts.slice(WARM_UPS)
    const clock = median(counted.map(({ given, empty }) => given.clock - empty.clock)).toFixed(0)
    return toFigure(
      {
        ours: counted.map(({ given, empty }) => given.cost - empty.cost),
        peer: counted.map(() => STARTUP_LIMIT_MS),
      },
      {
        figure: 'worker.startup',
        goal: { sign: '<=', bound: 1 },
        unit: 'ms of the processor',
        note: `for a new isolate of workerd to evaluate the upload, over what one with an empty worker takes, against a limit of ${STARTUP_LIMIT_MS} ms; all threads of workerd counted, without a code cache; ${clock} ms by the clock`,
      },
    )
  } finally {
    await arena.close()
  }
}

/** Milliseconds that a start takes. */
interface Start {
  /** Of workerd's processor time; of the clock, where the system does not tell. */
  readonly cost: number
  readonly clock: number
}

/** The mean of some starts, as processor time is counted in hundredths of a second. */
async function start(arena: Arena, modules: string, round: number): Promise<Start> {
  const processorTime = processorTimeOf('workerd') ?? (() => performance.now())
  const [cost, clock] = [processorTime(), performance.now()]
  for (let nth = 0; nth < STARTS; nth++) await startOne(arena, modules, `${round}-${nth}`)
  return {
    cost: (processorTime() - cost) / STARTS,
    clock: (performance.now() - clock) / STARTS,
  }
}

/** Until a worker of these modules has answered, in an isolate that nobody has used before. */
async function startOne(arena: Arena, modules: string, nth: string): Promise<void> {
  const target = arena.targets.get('loader')
  if (target === undefined) throw new Error('nobody answers for the loader')
  const { body } = await ask({ ...target, path: `/?modules=${modules}&nth=${nth}` })
  if (body.toString() !== 'started') throw new Error(`the worker did not start: ${body}`)
}
