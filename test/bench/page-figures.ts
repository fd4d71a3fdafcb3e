import { openArena } from './arena.ts'
import type { Answer } from './ask.ts'
import { constant } from './contestants/constant.ts'
import { growthbook } from './contestants/growthbook.ts'
import { htmlrewriter } from './contestants/htmlrewriter.ts'
import { passthrough } from './contestants/passthrough.ts'
import { selvedge } from './contestants/selvedge.ts'
import { type Figure, type Goal, toFigure } from './figure.ts'
import { faultsOf, isKept } from './filled-page.ts'
import { CIRCUMSTANCES, compareCosts, isOf, type Lane, type Result, race } from './race.ts'

/** Many answers on each connection, yet so short that what disturbs one lane disturbs its peer too. */
const SLICE_MS = 400
const WARM_UP_MS = 2000

const CONTESTANTS = [selvedge, htmlrewriter, growthbook, passthrough, constant]

/** Of the origin's pages, `/` must be fetched each time, and `/kept` may be kept. */
interface Claim {
  readonly figure: string
  readonly ours: Lane
  readonly peer: Lane
  readonly goal: Goal | null
  readonly note: string
}

const CLAIMS: readonly Claim[] = [
  {
    figure: 'page.vs-htmlrewriter',
    ours: 'selvedge /',
    peer: 'htmlrewriter /',
    goal: { sign: '>=', bound: 0.9 },
    note: 'against a hand-written HTMLRewriter worker with the same three fills',
  },
  {
    figure: 'page.vs-growthbook',
    ours: 'selvedge /',
    peer: 'growthbook /',
    goal: { sign: '>=', bound: 5 },
    note: 'against @growthbook/edge-cloudflare with the same three fills, its script injected as by default',
  },
  {
    figure: 'page.vs-passthrough',
    ours: 'selvedge /',
    peer: 'passthrough /',
    goal: null,
    note: 'against a plain proxy',
  },
  {
    figure: 'spliced.vs-constant',
    ours: 'selvedge /kept',
    peer: 'constant /',
    goal: { sign: '>=', bound: 0.7 },
    note: 'a page that may be kept, against a worker that answers constant bytes of that size',
  },
  {
    figure: 'spliced.vs-passthrough',
    ours: 'selvedge /kept',
    peer: 'passthrough /kept',
    goal: { sign: '>=', bound: 1.5 },
    note: 'a page that may be kept, against a plain proxy',
  },
  {
    figure: 'spliced.vs-growthbook',
    ours: 'selvedge /kept',
    peer: 'growthbook /kept',
    goal: { sign: '>=', bound: 40 },
    note: 'a page that may be kept, against @growthbook/edge-cloudflare with the same three fills',
  },
  {
    figure: 'spliced.vs-htmlrewriter',
    ours: 'selvedge /kept',
    peer: 'htmlrewriter /kept',
    goal: null,
    note: 'a page that may be kept, against a hand-written HTMLRewriter worker',
  },
]

/** The names of the figures that `pageFigures` measures. */
export const PAGE_FIGURES = CLAIMS.map((claim) => claim.figure)

/** Requests per second of an ~80 kB page with three slots. Rejects when an answer is wrong. */
export async function pageFigures(names: readonly string[], rounds: number): Promise<Figure[]> {
  const claims = CLAIMS.filter((claim) => names.includes(claim.figure))
  const lanes = [...new Set(claims.flatMap(({ ours, peer }) => [ours, peer]))]
  const arena = await openArena(CONTESTANTS.filter(({ name }) => lanes.some(isOf(name))))
  try {
    const timing = { rounds, slice: SLICE_MS, warmUp: WARM_UP_MS }
    const resultOf = await race(arena, { lanes, ...timing, faults: faultsOfLane })
    return claims.map((claim) => toPageFigure(claim, resultOf(claim.ours), resultOf(claim.peer)))
  } finally {
    await arena.close()
  }
}

function toPageFigure({ figure, goal, note }: Claim, ours: Result, peer: Result): Figure {
  return toFigure(
    { ours: ours.rates, peer: peer.rates },
    {
      figure,
      goal,
      unit: 'requests/s',
      note: `${note}; ${compareCosts(ours, peer)}${CIRCUMSTANCES}`,
    },
  )
}

function faultsOfLane(lane: Lane, answer: Answer): string[] {
  const additions = CONTESTANTS.find(({ name }) => isOf(name)(lane))?.additions
  const filled = !isOf(passthrough.name)(lane)
  const faults = faultsOf(answer, { filled, ...(additions && { additions }) })
  if (isOf(selvedge.name)(lane) && isKept(answer) !== lane.endsWith('/kept')) {
    faults.push(isKept(answer) ? 'kept' : 'not kept')
  }
  return faults
}
