import { openArena } from './arena.ts'
import { decider } from './contestants/decide.ts'
import { SLOT_COUNTS, sized, USUAL_SLOTS } from './contestants/sized.ts'
import { type Decider, timeDecide } from './decide.ts'
import { type Figure, median, toFigure } from './figure.ts'
import type { Plot } from './plot.ts'
import { CIRCUMSTANCES, costsOf, type Lane, race } from './race.ts'
import { faultsOfLane, toSizedLane } from './sized-lane.ts'
import type { Manner, Size } from './sized-page.ts'

const TIMING = { slice: 400, warmUp: 1000 }
/** Twenty kinds of pages take their time, and a curve is not held to a goal. */
const MOST_ROUNDS = 7
const KILOBYTES = [10, 30, 100, 300, 1000]
const USUAL_KILOBYTES = 80
const EXPERIENCES = [10, 100, 1000, 10_000]
const ARMS = [1, 10, 100, 1000]
const DECIDE_WARM_UPS = 3

/** One thing that grows, and what is measured of each size. */
interface Curve {
  readonly figure: string
  readonly plot: Plot
  readonly label: string
  readonly note: string
  readonly sizes: readonly number[]
}

interface PageCurve extends Curve {
  readonly manner: Manner
  readonly toSize: (size: number) => Size
}

interface DecideCurve extends Curve {
  readonly time: (target: Decider, size: number) => Promise<number>
}

const plot = (name: string, title: string, x: string): Plot => ({ name, title, x })
const PAGE_SIZE = plot('page-size', 'Cost of a page by its size', 'size of the page, kB')
const SLOTS = plot('slots', 'Cost of a page by its slots', 'slots filled, 80 kB page')
const SITE = plot('experiences', 'Cost of deciding by size of site', 'experiences of the site')
const VARIANTS = plot('variants', 'Cost of deciding by variants', 'variants of each experience')

const LABELS: Readonly<Record<Exclude<Manner, 'halves'>, string>> = {
  kept: 'spliced',
  streamed: 'streamed',
}

const PAGE_CURVES: readonly PageCurve[] = (['kept', 'streamed'] as const).flatMap((manner) => {
  const label = LABELS[manner]
  const common = { manner, label }
  return [
    {
      ...{ ...common, figure: `growth.page-size-${label}`, plot: PAGE_SIZE, sizes: KILOBYTES },
      note: `${label} pages of ${USUAL_SLOTS} slots, 1000 kB against 10 kB`,
      toSize: (kilobytes: number) => ({ kilobytes, slots: USUAL_SLOTS }),
    },
    {
      ...{ ...common, figure: `growth.slots-${label}`, plot: SLOTS, sizes: SLOT_COUNTS },
      note: `${label} pages of ${USUAL_KILOBYTES} kB, 50 slots filled against 1`,
      toSize: (slots: number) => ({ kilobytes: USUAL_KILOBYTES, slots }),
    },
  ]
})

const DECIDE_CURVES: readonly DecideCurve[] = [
  {
    ...{ figure: 'growth.experiences', plot: SITE, label: 'decide' },
    ...{ note: '10,000 experiences against 10, the same 10 on the page', sizes: EXPERIENCES },
    time: (target, experiences) => timeDecide(target, { experiences }),
  },
  {
    ...{ figure: 'growth.variants', plot: VARIANTS, label: 'decide' },
    ...{ note: '1,000 variants of each experience against 1', sizes: ARMS },
    time: (target, arms) => timeDecide(target, { arms }),
  },
]

/** The names of the figures that `growthFigures` measures. */
export const GROWTH_FIGURES = [...PAGE_CURVES, ...DECIDE_CURVES].map(({ figure }) => figure)

/** How costs grow from the smallest size to the largest. */
export async function growthFigures(names: readonly string[], rounds: number): Promise<Figure[]> {
  const isWanted = ({ figure }: Curve) => names.includes(figure)
  const few = Math.min(rounds, MOST_ROUNDS)
  return [
    ...(await growthOfPages(PAGE_CURVES.filter(isWanted), few)),
    ...(await growthOfDecide(DECIDE_CURVES.filter(isWanted), few)),
  ]
}

async function growthOfPages(curves: readonly PageCurve[], rounds: number): Promise<Figure[]> {
  if (curves.length === 0) return []
  const arena = await openArena([sized])
  try {
    const lanes = [...new Set(curves.flatMap((curve) => curve.sizes.map(toLane(curve))))]
    const resultOf = await race(arena, { lanes, rounds, ...TIMING, faults: faultsOfLane })
    return curves.map((curve) => {
      const costs = curve.sizes.map((size) => costsOf(resultOf(toLane(curve)(size))))
      const [{ unit } = { unit: '' }] = costs
      return toGrowth(curve, { unit, values: costs.map(({ values }) => values) }, CIRCUMSTANCES)
    })
  } finally {
    await arena.close()
  }
}

const toLane =
  ({ manner, toSize }: PageCurve) =>
  (size: number): Lane =>
    toSizedLane(manner, toSize(size))

async function growthOfDecide(curves: readonly DecideCurve[], rounds: number): Promise<Figure[]> {
  if (curves.length === 0) return []
  const arena = await openArena([decider])
  try {
    const target = arena.targets.get(decider.name)
    if (target === undefined) throw new Error('nobody answers for decide')
    const figures: Figure[] = []
    for (const curve of curves) {
      const costs = curve.sizes.map((): number[] => [])
      for (let round = -DECIDE_WARM_UPS; round < rounds; round++) {
        for (const [n, size] of curve.sizes.entries()) {
          const cost = await curve.time(target, size)
          if (round >= 0) costs[n]?.push(cost)
        }
      }
      const all = { unit: 'µs per decide', values: costs }
      figures.push(toGrowth(curve, all, 'decide alone in workerd'))
    }
    return figures
  } finally {
    await arena.close()
  }
}

/** For each size the costs of all rounds. */
interface Costs {
  readonly unit: string
  readonly values: readonly (readonly number[])[]
}

/** Each size is set against the smallest of its own round. */
function toGrowth(curve: Curve, { unit, values }: Costs, circumstances: string): Figure {
  const { figure, plot, label, note, sizes } = curve
  const [smallest = [], largest = []] = [values[0], values.at(-1)]
  const points = sizes.map((x, n) => {
    const ratios = values[n]?.map((cost, round) => cost / (smallest[round] ?? Number.NaN)) ?? []
    return { x, y: median(ratios) }
  })
  const all = points.map(({ x, y }) => `${x}: ${y.toPrecision(3)}`).join(', ')
  return {
    ...toFigure(
      { ours: largest, peer: smallest },
      {
        figure,
        unit,
        goal: null,
        note: `${note}; each against the first: ${all}; ${circumstances}`,
      },
    ),
    series: { plot, label: `${label}: 1× is ${median(smallest).toPrecision(2)} ${unit}`, points },
  }
}
