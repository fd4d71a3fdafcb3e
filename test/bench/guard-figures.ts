import { openArena } from './arena.ts'
import { guarded } from './contestants/guarded.ts'
import { htmlrewriter } from './contestants/htmlrewriter.ts'
import { type Figure, median, toFigure } from './figure.ts'
import { faultsOf } from './filled-page.ts'
import { CIRCUMSTANCES, costsOf, type Lane, race } from './race.ts'

/** Longer than elsewhere: the kernel counts processor time in hundredths of a second. */
const TIMING = { slice: 800, warmUp: 2000 }

const OURS: Lane = 'guarded /'
const PEER: Lane = 'htmlrewriter /'

/** The names of the figures that `guardFigures` measures. */
export const GUARD_FIGURES = ['guard.vs-unguarded']

/** What the guard in front of HTMLRewriter costs: the same worker with it and without. */
export async function guardFigures(_names: readonly string[], rounds: number): Promise<Figure[]> {
  const arena = await openArena([guarded, htmlrewriter])
  try {
    const resultOf = await race(arena, {
      ...{ lanes: [OURS, PEER], rounds, ...TIMING },
      faults: (_lane, answer) => faultsOf(answer, { filled: true }),
    })
    const [ours, peer] = [resultOf(OURS), resultOf(PEER)]
    const rates = `${median(ours.rates).toFixed(0)} against ${median(peer.rates).toFixed(0)} requests/s`
    return [
      toFigure(
        { ours: costsOf(ours).values, peer: costsOf(peer).values },
        {
          figure: 'guard.vs-unguarded',
          goal: { sign: '<=', bound: 1.1 },
          unit: costsOf(ours).unit,
          note: `cost with the guard ÷ cost without, so that 1 is free, in a hand-written HTMLRewriter worker with the same three fills; ${rates}; ${CIRCUMSTANCES}`,
        },
      ),
    ]
  } finally {
    await arena.close()
  }
}
