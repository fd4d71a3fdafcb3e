// The one module that brings Observable Plot along: import it only dynamically.
import {
  areaY,
  axisX,
  axisY,
  barY,
  cell,
  dot,
  gridX,
  gridY,
  lineY,
  link,
  type PlotOptions,
  plot,
  rectY,
  ruleX,
  ruleY,
  text,
} from '@observablehq/plot'
import { KEPT, LIVE_BAR, type LiveBar } from '../figures/live.ts'
import type {
  DayPoint,
  LiftRow,
  RateRow,
  SegmentCell,
  ShareRow,
  SoFarPoint,
} from '../figures/rows.ts'
import { toSegmentName } from '../figures/segment-name.ts'
import { format } from '../reader.ts'

/** Pixels. */
export interface PlotSize {
  readonly width: number
  readonly height: number
}

/** Visitors below which a rate is hardly known. */
const FEW = 100

/** Class of every plot's root, for `style.css`. */
const CLASS = 'plot'

/** Pixels: text of axes and labels. */
const FONT = 12

/** Stacked shares over time, a step at each version. */
export function drawShares(rows: readonly ShareRow[], { width, height }: PlotSize): Element {
  const tickOver = format.ticksOver((rows.at(-1)?.at ?? 0) - (rows[0]?.at ?? 0))
  return plot({
    className: CLASS,
    width,
    height,
    marginLeft: 44,
    marginRight: 12,
    marginTop: 12,
    marginBottom: 26,
    x: { type: 'time', label: null },
    y: { domain: [0, 1] },
    marks: [
      areaY(rows, {
        x: (row: ShareRow) => new Date(row.at),
        y: 'share',
        z: 'arm',
        fill: { value: (row: ShareRow) => armColour(row.colour), scale: null },
        stroke: 'var(--surface)',
        strokeWidth: 1,
        curve: 'step-after',
      }),
      axisX({
        ticks: Math.max(2, Math.floor(width / 130)),
        tickFormat: (at: Date) => tickOver(at.getTime()),
        tickSize: 4,
        fontSize: FONT,
      }),
      axisY({
        ticks: [0, 0.25, 0.5, 0.75, 1],
        tickFormat: (share: number) => format.share(share * 10_000),
        label: null,
        tickSize: 4,
        fontSize: FONT,
      }),
      ruleY([0]),
    ],
  })
}

/** A dot per arm on the line of its interval, its name above. */
export function drawRates(rows: readonly RateRow[], { width, height }: PlotSize): Element {
  const most = Math.max(...rows.map((row) => Math.max(row.high ?? 0, row.rate ?? 0)))
  const stroke = { value: (row: RateRow) => armColour(row.colour), scale: null }
  return plot({
    className: CLASS,
    width,
    height,
    marginLeft: 16,
    marginRight: 22,
    marginTop: 4,
    marginBottom: 32,
    x: { domain: [0, most > 0 ? most * 1.04 : 0.01], nice: false },
    y: { type: 'band', domain: rows.map((row) => row.arm), axis: null },
    marks: [
      gridX({ ticks: Math.max(2, Math.floor(width / 90)) }),
      axisX({
        ticks: Math.max(2, Math.floor(width / 90)),
        tickFormat: (rate: number) => format.tick(rate),
        label: null,
        tickSize: 0,
        fontSize: FONT,
      }),
      ruleX([0]),
      link(
        rows.filter((row) => row.low !== null && row.high !== null),
        { x1: 'low', x2: 'high', y: 'arm', dy: 8, stroke, strokeWidth: 3, strokeLinecap: 'round' },
      ),
      dot(
        rows.filter((row) => row.rate !== null),
        {
          x: 'rate',
          y: 'arm',
          dy: 8,
          r: 5.5,
          fill: stroke,
          stroke: 'var(--surface)',
          strokeWidth: 1.5,
        },
      ),
      nameAbove(rows, 'arm', width),
    ],
  })
}

/** Parts beyond these stretch an axis so far that nothing else can be read. */
const LIFT_LIMITS = [-1, 2] as const

/** A dot per comparison on its two intervals, its name above, and 0 to be clear of. */
export function drawLifts(
  rows: readonly LiftRow[],
  { width, height }: PlotSize,
  write: (value: number) => string,
): Element {
  const [least, most] = rows[0]?.isRelative ? LIFT_LIMITS : [-Infinity, Infinity]
  const clamp = (value: number) => Math.min(most, Math.max(least, value))
  const ends = rows.flatMap(({ estimate, once, always }) => [estimate, ...(always ?? once ?? [])])
  const [low, high] = [Math.min(0, ...ends.map(clamp)), Math.max(0, ...ends.map(clamp))]
  const margin = Math.max(1e-6, 0.06 * (high - low))
  const stroke = { value: (row: LiftRow) => armColour(row.colour), scale: null }
  const interval = (of: (row: LiftRow) => LiftRow['once'], strokeWidth: number) =>
    link(
      rows.filter((row) => of(row) !== null),
      {
        x1: (row: LiftRow) => clamp(of(row)?.[0] ?? 0),
        x2: (row: LiftRow) => clamp(of(row)?.[1] ?? 0),
        ...{ y: 'key', dy: 8, stroke, strokeWidth, strokeLinecap: 'round' },
      },
    )
  const ticks = Math.max(2, Math.floor(width / 110))
  return plot({
    ...{ className: CLASS, width, height },
    ...{ marginLeft: 16, marginRight: 22, marginTop: 4, marginBottom: 30 },
    x: { domain: [low - margin, high + margin], nice: false },
    y: { type: 'band', domain: rows.map((row) => row.key), axis: null },
    marks: [
      gridX({ ticks }),
      axisX({ ticks, tickFormat: write, label: null, tickSize: 0, fontSize: FONT }),
      ruleX([0], { stroke: 'var(--ink)' }),
      interval((row) => row.always, 1.5),
      interval((row) => row.once, 5),
      dot(rows, {
        ...{ x: (row: LiftRow) => clamp(row.estimate), y: 'key', dy: 8, r: 5.5 },
        ...{ fill: stroke, stroke: 'var(--surface)', strokeWidth: 1.5 },
      }),
      nameAbove(rows, 'key', width),
    ],
  })
}

/** Each row's name at its left end, above what is drawn of it. */
function nameAbove<T extends { readonly name: string }>(
  rows: readonly T[],
  y: keyof T & string,
  width: number,
) {
  return text(rows, {
    ...{ y, text: 'name', frameAnchor: 'left', dx: 5, dy: -8, fontSize: FONT },
    ...{ fill: 'var(--ink)', stroke: 'var(--surface)', strokeWidth: 4 },
    ...{ lineWidth: (width - 60) / FONT, textOverflow: 'ellipsis' },
  })
}

/** Axis of days: as many as fit. */
function dayAxis(points: readonly { readonly day: string }[], width: number) {
  const days = [...new Set(points.map(({ day }) => day))]
  const every = Math.ceil(days.length / Math.max(2, Math.floor(width / 70)))
  return axisX({
    ticks: days.filter((_, place) => place % every === 0),
    tickFormat: (day: string) => format.day(day),
    ...{ label: null, tickSize: 4, fontSize: FONT },
  })
}

/** Axis of rates. */
function rateAxis() {
  return axisY({
    ...{ ticks: 4, label: null, tickSize: 4, fontSize: FONT },
    tickFormat: (rate: number) => format.tick(rate),
  })
}

/** Room and scales of rates by the day. */
function rateFrame(points: readonly { readonly day: string }[], size: PlotSize): PlotOptions {
  return {
    ...{ className: CLASS, ...size },
    ...{ marginLeft: 44, marginRight: 12, marginTop: 12, marginBottom: 26 },
    x: { type: 'point', domain: [...new Set(points.map(({ day }) => day))] },
    y: { zero: true, nice: true },
  }
}

/** A line per arm from day to day. */
export function drawDailyRates(points: readonly DayPoint[], { width, height }: PlotSize): Element {
  const known = points.filter(({ rate, visitors }) => rate !== null && visitors >= FEW)
  const stroke = { value: (point: DayPoint) => armColour(point.colour), scale: null }
  return plot({
    ...rateFrame(points, { width, height }),
    marks: [
      gridY({ ticks: 4 }),
      dayAxis(points, width),
      rateAxis(),
      lineY(known, { x: 'day', y: 'rate', z: 'arm', stroke, strokeWidth: 1.75 }),
      dot(known, { x: 'day', y: 'rate', fill: stroke, r: 2 }),
      ruleY([0]),
    ],
  })
}

/** Bands more than these hide each other. */
const MOST_BANDS = 4

/** A line per arm, with a band around it where there are few: what was known at the end of each day. */
export function drawSoFar(points: readonly SoFarPoint[], { width, height }: PlotSize): Element {
  const known = points.filter(({ visitors }) => visitors >= FEW)
  const isBanded = new Set(points.map(({ arm }) => arm)).size <= MOST_BANDS
  const colour = { value: (point: SoFarPoint) => armColour(point.colour), scale: null }
  return plot({
    ...rateFrame(points, { width, height }),
    marks: [
      gridY({ ticks: 4 }),
      areaY(isBanded ? known : [], {
        ...{ x: 'day', y1: 'low', y2: 'high', z: 'arm', fill: colour, fillOpacity: 0.18 },
      }),
      lineY(known, { x: 'day', y: 'rate', z: 'arm', stroke: colour, strokeWidth: 1.75 }),
      dayAxis(points, width),
      rateAxis(),
      ruleY([0]),
    ],
  })
}

/** Visitors of each day, one arm on the other. */
export function drawDailyVisitors(
  points: readonly DayPoint[],
  { width, height }: PlotSize,
): Element {
  const fill = { value: (point: DayPoint) => armColour(point.colour), scale: null }
  return plot({
    ...{ className: CLASS, width, height },
    ...{ marginLeft: 44, marginRight: 12, marginTop: 8, marginBottom: 26 },
    x: { type: 'band', padding: 0.15, domain: [...new Set(points.map(({ day }) => day))] },
    marks: [
      dayAxis(points, width),
      axisY({
        ...{ ticks: 3, label: null, tickSize: 4, fontSize: FONT },
        tickFormat: (count: number) => format.compact(count),
      }),
      barY(points, { x: 'day', y: 'visitors', z: 'arm', fill }),
      ruleY([0]),
    ],
  })
}

/** A field per segment and variant: its rate, the darker the better within its row. */
export function drawSegments(cells: readonly SegmentCell[], { width, height }: PlotSize): Element {
  const arms = [...new Set(cells.map(({ arm }) => arm))]
  const marginLeft = Math.min(150, width / 4)
  return plot({
    ...{ className: CLASS, width, height },
    ...{ marginLeft, marginRight: 4, marginTop: 34, marginBottom: 4 },
    x: { type: 'band', domain: arms, padding: 0.04 },
    y: { type: 'band', domain: [...new Set(cells.map(({ segment }) => segment))], padding: 0.08 },
    marks: [
      axisX({
        ...{ anchor: 'top', label: null, tickSize: 0, fontSize: FONT },
        tickFormat: (arm: string) => cells.find((one) => one.arm === arm)?.name ?? arm,
        ...{ lineWidth: (width - marginLeft) / arms.length / FONT - 1, textOverflow: 'ellipsis' },
      }),
      axisY({
        ...{ label: null, tickSize: 0, fontSize: FONT },
        tickFormat: (segment: string) => toSegmentName(segment),
      }),
      cell(cells, {
        ...{ x: 'arm', y: 'segment', fill: 'var(--accent)' },
        fillOpacity: { value: toOpacity, scale: null },
      }),
      text(cells, {
        ...{ x: 'arm', y: 'segment', fill: 'var(--ink)', fontSize: FONT + 1 },
        text: ({ rate }: SegmentCell) => (rate === null ? '–' : format.rate(rate)),
      }),
    ],
  })
}

/** Dark enough to tell apart, light enough for the rate to be read on it. */
function toOpacity({ standing, shown }: SegmentCell): number {
  return shown < FEW || standing === null ? 0.04 : 0.06 + 0.3 * standing
}

/** Exposures of the last minutes up to `now`, one arm on the other. */
export function drawLive(
  bars: readonly LiveBar[],
  now: number,
  { width, height }: PlotSize,
): Element {
  const fill = { value: (bar: LiveBar) => armColour(bar.colour), scale: null }
  const ago = (at: Date) => Math.round((now - at.getTime()) / 60_000)
  const most = Math.max(1, ...bars.map(({ delivered }) => delivered))
  const minutes = [5, 4, 3, 2, 1, 0].map((minute) => new Date(now - minute * 60_000))
  return plot({
    ...{ className: CLASS, width, height },
    ...{ marginLeft: 44, marginRight: 24, marginTop: 8, marginBottom: 26 },
    x: { type: 'time', domain: [new Date(now - KEPT), new Date(now)], label: null },
    y: { domain: bars.length === 0 ? [0, 1] : undefined, nice: most > 3 },
    marks: [
      gridY({ ticks: Math.min(3, most) }),
      axisX(minutes, {
        ...{ tickSize: 4, fontSize: FONT },
        tickFormat: (at: Date) => (ago(at) === 0 ? 'now' : `−${ago(at)} min`),
      }),
      axisY({
        ...{ ticks: Math.min(3, most), label: null, tickSize: 4, fontSize: FONT },
        tickFormat: (count: number) => (Number.isInteger(count) ? format.compact(count) : ''),
      }),
      rectY(bars, {
        x1: (bar: LiveBar) => new Date(bar.from),
        x2: (bar: LiveBar) => new Date(bar.from + LIVE_BAR),
        ...{ y: 'delivered', z: 'arm', fill, insetLeft: 1, clip: true },
      }),
      ruleY([0]),
    ],
  })
}

function armColour(colour: string): string {
  return `var(--arm-${colour})`
}
