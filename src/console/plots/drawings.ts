// The one module that brings Observable Plot along: import it only dynamically.
import { areaY, axisX, axisY, dot, gridX, link, plot, ruleX, ruleY, text } from '@observablehq/plot'
import type { RateRow, ShareRow } from '../figures/rows.ts'
import { format } from '../reader.ts'

/** Pixels. */
export interface PlotSize {
  readonly width: number
  readonly height: number
}

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
      text(rows, {
        y: 'arm',
        text: 'name',
        frameAnchor: 'left',
        dx: 5,
        dy: -8,
        fontSize: FONT,
        fill: 'var(--ink)',
        stroke: 'var(--surface)',
        strokeWidth: 4,
        lineWidth: (width - 60) / FONT,
        textOverflow: 'ellipsis',
      }),
    ],
  })
}

function armColour(colour: string): string {
  return `var(--arm-${colour})`
}
