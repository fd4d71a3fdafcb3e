import { availableParallelism } from 'node:os'
import { type Arena, openArena } from './arena.ts'
import { ask, type Target } from './ask.ts'
import { growthbook } from './contestants/growthbook.ts'
import { htmlrewriter } from './contestants/htmlrewriter.ts'
import { passthrough } from './contestants/passthrough.ts'
import { selvedge } from './contestants/selvedge.ts'
import { type Figure, type Goal, toFigure } from './figure.ts'
import { faultsOf } from './filled-page.ts'
import { CONNECTIONS, load } from './load.ts'

/** Long enough for thousands of answers, short enough that a disturbance falls into few slices. */
const SLICE_MS = 1000
const WARM_UP_MS = 2000

const CONTESTANTS = [selvedge, htmlrewriter, growthbook, passthrough]

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
    note: 'against @growthbook/edge-cloudflare with the same three fills, its script injection off',
  },
  {
    figure: 'page.vs-passthrough',
    ours: 'selvedge /',
    peer: 'passthrough /',
    goal: null,
    note: 'against a plain proxy',
  },
  {
    figure: 'page.kept-vs-htmlrewriter',
    ours: 'selvedge /kept',
    peer: 'htmlrewriter /',
    goal: null,
    note: 'on a page that the origin lets be kept; the peer asks the origin each time',
  },
  {
    figure: 'page.kept-vs-passthrough',
    ours: 'selvedge /kept',
    peer: 'passthrough /',
    goal: null,
    note: 'on a page that the origin lets be kept; the peer asks the origin each time',
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
    const rates = await race(arena, lanes, rounds)
    return claims.map(({ ours, peer, figure, goal, note }) =>
      toFigure(
        { ours: rates.get(ours) ?? [], peer: rates.get(peer) ?? [] },
        { figure, goal, unit: 'requests/s', note: `${note}; ${CIRCUMSTANCES}` },
      ),
    )
  } finally {
    await arena.close()
  }
}

const CIRCUMSTANCES = `${CONNECTIONS} connections; one workerd, origin and load generator share ${availableParallelism()} cores`

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
  const faults = faultsOf(await ask(target), !lane.startsWith('passthrough'))
  if (faults.length > 0) throw new Error(`${lane} gives a wrong page: ${faults.join(', ')}`)
}

async function race(
  arena: Arena,
  lanes: readonly Lane[],
  rounds: number,
): Promise<Map<Lane, number[]>> {
  const rates = new Map<Lane, number[]>(lanes.map((lane) => [lane, []]))
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < lanes.length; turn++) {
      const lane = lanes[(round + turn) % lanes.length]
      if (lane === undefined) continue
      const { rate } = await load(targetOf(arena, lane), SLICE_MS)
      rates.get(lane)?.push(rate)
    }
  }
  for (const lane of lanes) await check(lane, targetOf(arena, lane))
  return rates
}
