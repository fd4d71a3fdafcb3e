import type { JSX } from 'preact'
import type { Report } from '../../model/report.ts'
import { PlotFigure } from '../plots/plot-figure.tsx'
import { format } from '../reader.ts'
import { ByDayTable } from './by-day-table.tsx'
import { type SoFarPoint, toSoFarPoints } from './rows.ts'

/** Pixels. */
const HEIGHT = 220

/** How what is known of each rate has grown surer, day by day. */
export function SoFarPlot({ report }: { readonly report: Report }): JSX.Element {
  const points = toSoFarPoints(report)
  return (
    <>
      <PlotFigure
        label={`${report.name}: rates up to each day; the figures are in the table below`}
        version={JSON.stringify(points)}
        height={HEIGHT}
        draw={(drawings, size) => drawings.drawSoFar(points, size)}
      />
      <p class="hint">
        Rewards out of all delivered since {format.day(points[0]?.day ?? '')}. Bands, or the table,
        have where each rate plausibly lay; comparisons tell which is better.
      </p>
      <details>
        <summary>Rates up to each day as a table</summary>
        <ByDayTable
          report={report}
          label="rates up to each day"
          head="Up to"
          points={points}
          toCell={toCell}
        />
      </details>
    </>
  )
}

function toCell({ rate, low, high }: SoFarPoint): string {
  return `${format.rate(rate)} (${format.rate(low)} – ${format.rate(high)})`
}
