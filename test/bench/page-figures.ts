import { availableParallelism } from 'node:os'
import { type Arena, openArena } from './arena.ts'
import { ask, type Target } from './ask.ts'
import { constant } from './contestants/constant.ts'
import { growthbook } from './contestants/growthbook.ts'
import { htmlrewriter } from './contestants/htmlrewriter.ts'
import { passthrough } from './contestants/passthrough.ts'
import { selvedge } from './contestants/selvedge.ts'
import { type Figure, type Goal, toFigure } from './figure.ts'
import { faultsOf } from './filled-page.ts'
import { CONNECTIONS, load } from './load.ts'
import { processorTimeOf } from './processor.ts'

/** Many answers on each connection, yet so short that what disturbs one lane disturbs its peer too. */
const SLICE_MS = 400
const WARM_UP_MS = 2000

const CONTESTANTS = [selvedge, htmlrewriter, growthbook, passthrough, constant]

/** A contestant on one of the origin's pages: `/` must be fetched each time, `/kept` may be kept. */
type Lane = `${string} /` | `${string} /kept`

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

/**
 * Requests per second of an ~80 kB page with three slots. Slices of load alternate between lanes in a
 * turning order, so that nobody always runs after the same neighbour. Rejects when an answer is wrong.
 */
export async function pageFigures(names: readonly string[], rounds: number): Promise<Figure[]> {
  const claims = CLAIMS.filter((claim) => names.includes(claim.figure))
  const lanes = [...new Set(claims.flatMap(({ ours, peer }) => [ours, peer]))]
  const arena = await openArena(CONTESTANTS.filter(({ name }) => lanes.some(isOf(name))))
  try {
    for (const lane of lanes) await warmUp(lane, targetOf(arena, lane))
    const results = await race(arena, lanes, rounds)
    return claims.map((claim) => toPageFigure(claim, results))
  } finally {
    await arena.close()
  }
}

/** What a lane came to over all rounds. */
interface Result {
  readonly rates: number[]
  answers: number
  /** Milliseconds of workerd's processor time. */
  processor: number
}

function toPageFigure(claim: Claim, results: ReadonlyMap<Lane, Result>): Figure {
  const [ours, peer] = [results.get(claim.ours), results.get(claim.peer)]
  if (ours === undefined || peer === undefined) throw new Error(`no rounds for ${claim.figure}`)
  const { figure, goal, note } = claim
  const cost = ({ processor, answers }: Result) => (processor / answers).toFixed(2)
  const costs =
    ours.processor > 0 ? `${cost(ours)} against ${cost(peer)} ms of workerd a page; ` : ''
  const circumstances = `${CONNECTIONS} connections; origin and load generator share ${availableParallelism()} cores with workerd`
  return toFigure(
    { ours: ours.rates, peer: peer.rates },
    { figure, goal, unit: 'requests/s', note: `${note}; ${costs}${circumstances}` },
  )
}

const isOf = (name: string) => (lane: Lane) => lane.startsWith(`${name} `)

function targetOf(arena: Arena, lane: Lane): Target {
  const [name = '', path = ''] = lane.split(' ')
  const target = arena.targets.get(name)
  if (target === undefined) throw new Error(`nobody answers for ${lane}`)
  return { ...target, path }
}

async function warmUp(lane: Lane, target: Target): Promise<void> {
  await check(lane, target)
  await load(target, WARM_UP_MS)
  await check(lane, target)
}

async function check(lane: Lane, target: Target): Promise<void> {
  const additions = CONTESTANTS.find(({ name }) => isOf(name)(lane))?.additions
  const filled = !lane.startsWith('passthrough')
  const faults = faultsOf(await ask(target), { filled, ...(additions && { additions }) })
  if (faults.length > 0) throw new Error(`${lane} gives a wrong page: ${faults.join(', ')}`)
}

async function race(
  arena: Arena,
  lanes: readonly Lane[],
  rounds: number,
): Promise<ReadonlyMap<Lane, Result>> {
  const processorTime = processorTimeOf('workerd') ?? (() => 0)
  const results = new Map<Lane, Result>(
    lanes.map((lane) => [lane, { rates: [], answers: 0, processor: 0 }]),
  )
  for (let round = 0; round < rounds; round++) {
    for (const lane of turned(lanes, round)) {
      const before = processorTime()
      const { rate, answers } = await load(targetOf(arena, lane), SLICE_MS)
      const result = results.get(lane)
      if (result === undefined) continue
      result.rates.push(rate)
      result.answers += answers
      result.processor += processorTime() - before
    }
  }
  for (const lane of lanes) await check(lane, targetOf(arena, lane))
  return results
}

/** The list begun at another place. */
const turned = <T>(list: readonly T[], by: number): T[] => {
  const start = by % list.length
  return [...list.slice(start), ...list.slice(0, start)]
}
