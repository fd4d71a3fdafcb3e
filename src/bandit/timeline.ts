import { COUNTERS, NO_COUNTS, type Total } from '../model/learning.ts'
import { combine, minus, plus } from './state.ts'

/** Counts of one arm among the visitors of one segment. */
export type Cell = Omit<Total, 'version'>

/** What a learner was told from one moment (epoch ms) to another. */
export interface Slice {
  readonly from: number
  readonly until: number
  readonly cells: readonly Cell[]
}

/**
 * Everything a learner was told, oldest slice first. Slices are short where they are recent and
 * long where they are not, so that there are few of them however long an experience runs: enough
 * to know how old exposures are. The sum over slices is the sum of what was told, exactly.
 */
export type Timeline = readonly Slice[]

/** The shortest slice; visitor shards report once a second. */
const SLICE_MS = 1000
/** A slice spans at most this part of its age: 60 slices for a week, 72 for three months. */
const SPAN = 0.25
/** A clock that is behind the newest slice by more than this has been set back. */
const SETBACK_MS = 60_000

/** The timeline with what was told at `now` added. */
export function record(timeline: Timeline, told: readonly Cell[], now: number): Timeline {
  const anchored = anchor(timeline, now)
  const newest = anchored.at(-1)
  const at = Math.max(now, newest?.until ?? now)
  if (newest && at - newest.from <= SLICE_MS) {
    const cells = addCells(newest.cells, told)
    return [...anchored.slice(0, -1), { from: newest.from, until: at, cells }]
  }
  // What is told now happened since the report before, or within the last second.
  const from = Math.max(at - SLICE_MS, newest?.until ?? 0)
  return coarsen([...anchored, { from, until: at, cells: addCells([], told) }], at)
}

/** After a clock was set back, the past is moved along: ages stay what they were. */
function anchor(timeline: Timeline, now: number): Timeline {
  const ahead = (timeline.at(-1)?.until ?? now) - now
  if (ahead <= SETBACK_MS) return timeline
  return timeline.map(({ from, until, cells }) => ({
    from: from - ahead,
    until: until - ahead,
    cells,
  }))
}

/** Joins neighbours that are old enough to be one slice. */
function coarsen(timeline: Timeline, now: number): Timeline {
  const joined: Slice[] = []
  for (const slice of timeline) {
    const last = joined.at(-1)
    if (last && slice.until - last.from <= SPAN * (now - slice.until)) {
      const cells = addCells(last.cells, slice.cells)
      joined[joined.length - 1] = { from: last.from, until: slice.until, cells }
    } else joined.push(slice)
  }
  return joined
}

/** Sums of both, cell by cell. */
export function addCells(left: readonly Cell[], right: readonly Cell[]): readonly Cell[] {
  if (right.length === 0) return left
  const sums = new Map(left.map((cell) => [cellKey(cell), cell]))
  for (const cell of right) {
    const key = cellKey(cell)
    const sum = sums.get(key)
    sums.set(key, sum ? { ...sum, counts: combine(sum.counts, cell.counts, plus) } : toCell(cell))
  }
  return [...sums.values()]
}

/** What the left has beyond the right; cells that hold nothing are left out. */
export function subtractCells(left: readonly Cell[], right: readonly Cell[]): readonly Cell[] {
  const negated = right.map((cell) => ({
    ...cell,
    counts: combine(NO_COUNTS, cell.counts, minus),
  }))
  return addCells(left, negated).filter(({ counts }) => COUNTERS.some((name) => counts[name] !== 0))
}

/** Everything in the timeline, whatever its age. */
export function sumCells(timeline: Timeline): readonly Cell[] {
  return timeline.reduce<readonly Cell[]>((sum, { cells }) => addCells(sum, cells), [])
}

function toCell({ segment, variant, counts }: Cell): Cell {
  return { segment, variant, counts }
}

/** Two cells that differ in segment or variant never share a key: neither holds a line break. */
function cellKey({ segment, variant }: Cell): string {
  return `${segment}\n${variant}`
}
