import { openArena } from './arena.ts'
import { ask, type Target } from './ask.ts'
import { decider } from './contestants/decide.ts'
import { type Figure, toFigure } from './figure.ts'

const LARGE = 10_000
const SMALL = 10
const FEW_ARMS = 4
/** One decision is made for each of the three slots on the page. */
const SLOTS_HERE = 3
/** So many that what a request itself costs, part of a millisecond, does not count. */
const BATCH = 5_000
/** Batches before the first that counts, so that both bundles are opened and the code is compiled. */
const WARM_UPS = 3

/** The names of the figures that `decideFigures` measures. */
export const DECIDE_FIGURES = ['decide.scaling']

/** What one `decide` costs on a site with 10,000 experiences against one with 10, the same 10 on the page. */
export async function decideFigures(_names: readonly string[], rounds: number): Promise<Figure[]> {
  const arena = await openArena([decider])
  try {
    const target = arena.targets.get(decider.name)
    if (target === undefined) throw new Error('nobody answers for decide')
    for (let n = 0; n < WARM_UPS; n++) await costs(target)
    const measured: Costs[] = []
    for (let round = 0; round < rounds; round++) measured.push(await costs(target))
    return [
      toFigure(
        { ours: measured.map(({ large }) => large), peer: measured.map(({ small }) => small) },
        {
          figure: 'decide.scaling',
          goal: { sign: '<=', bound: 1.3 },
          unit: 'µs per decide',
          note: `${LARGE} experiences against ${SMALL}, the same ${SMALL} on the page, decide alone in workerd`,
        },
      ),
    ]
  } finally {
    await arena.close()
  }
}

interface Costs {
  readonly large: number
  readonly small: number
}

/** One batch of each, the halves of the large one on either side so that a drift hits both. */
async function costs(target: Decider): Promise<Costs> {
  const before = await timeDecide(target, { experiences: LARGE })
  const small = await timeDecide(target, { experiences: SMALL })
  const after = await timeDecide(target, { experiences: LARGE })
  return { large: (before + after) / 2, small }
}

/** Where the worker that only decides is listening. */
export type Decider = Omit<Target, 'path'>

/** Microseconds per decide on a site with so many experiences, each with so many variants. */
export async function timeDecide(
  target: Decider,
  { experiences = SMALL, arms = FEW_ARMS }: { experiences?: number; arms?: number },
): Promise<number> {
  const started = performance.now()
  const path = `/?experiences=${experiences}&arms=${arms}&times=${BATCH}`
  const { body } = await ask({ ...target, path })
  const taken = performance.now() - started
  const { decisions } = JSON.parse(body.toString())
  if (decisions !== BATCH * SLOTS_HERE) throw new Error(`${decisions} decisions from ${path}`)
  return (taken * 1000) / BATCH
}
