import { openArena } from './arena.ts'
import { sized } from './contestants/sized.ts'
import { type Figure, type Goal, toFigure } from './figure.ts'
import { CIRCUMSTANCES, compareCosts, type Lane, type Result, race } from './race.ts'
import { faultsOfLane, toSizedLane } from './sized-lane.ts'
import type { Manner } from './sized-page.ts'

const TIMING = { slice: 400, warmUp: 1500 }
const KILOBYTES = 80
const MANY = 50
const FEW = 3

interface Claim {
  readonly figure: string
  readonly manner: Manner
  readonly goal: Goal | null
}

const CLAIMS: readonly Claim[] = [
  { figure: 'slots.50-vs-3', manner: 'kept', goal: { sign: '>=', bound: 0.5 } },
  { figure: 'slots.50-vs-3-streamed', manner: 'streamed', goal: null },
]

const HOW: Readonly<Record<Manner, string>> = {
  kept: 'a page that may be kept',
  streamed: 'a page that streams through',
  halves: 'a page that comes in halves',
}

/** The names of the figures that `slotFigures` measures. */
export const SLOT_FIGURES = CLAIMS.map(({ figure }) => figure)

/** What more slots cost: requests per second of pages of one size, with many slots and with few. */
export async function slotFigures(names: readonly string[], rounds: number): Promise<Figure[]> {
  const claims = CLAIMS.filter(({ figure }) => names.includes(figure))
  const arena = await openArena([sized])
  try {
    const lanes = claims.flatMap(({ manner }) => [toLane(manner, MANY), toLane(manner, FEW)])
    const resultOf = await race(arena, { lanes, rounds, ...TIMING, faults: faultsOfLane })
    return claims.map((claim) =>
      toSlotFigure(
        claim,
        resultOf(toLane(claim.manner, MANY)),
        resultOf(toLane(claim.manner, FEW)),
      ),
    )
  } finally {
    await arena.close()
  }
}

function toSlotFigure({ figure, manner, goal }: Claim, many: Result, few: Result): Figure {
  return toFigure(
    { ours: many.rates, peer: few.rates },
    {
      ...{ figure, goal, unit: 'requests/s' },
      note: `${HOW[manner]}, ${MANY} slots filled against ${FEW} in ${KILOBYTES} kB; ${compareCosts(many, few)}${CIRCUMSTANCES}`,
    },
  )
}

const toLane = (manner: Manner, slots: number): Lane =>
  toSizedLane(manner, { kilobytes: KILOBYTES, slots })
