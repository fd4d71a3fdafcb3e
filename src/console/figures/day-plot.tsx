import type { JSX } from 'preact'
import type { Report } from '../../model/report.ts'
import { PlotFigure } from '../plots/plot-figure.tsx'
import { format } from '../reader.ts'
import { ByDayTable } from './by-day-table.tsx'
import { type DayPoint, toDayPoints } from './rows.ts'

/** Pixels. */
const RATES = 190
const VISITORS = 120

/** Rates and visitors of each day, by the reader's own calendar. */
export function DayPlot({ report }: { readonly report: Report }): JSX.Element {
  const points = toDayPoints(report)
  const version = JSON.stringify(points)
  const label = (what: string) =>
    `${report.name}: ${what} of each day; the figures are in the table below`
  return (
    <>
      {report.goal !== null && (
        <PlotFigure
          label={label('rate')}
          version={version}
          height={RATES}
          draw={(drawings, size) => drawings.drawDailyRates(points, size)}
        />
      )}
      <PlotFigure
        label={label('visitors')}
        version={version}
        height={VISITORS}
        draw={(drawings, size) => drawings.drawDailyVisitors(points, size)}
      />
      <p class="hint">
        {report.goal !== null &&
          'Above: rewards out of those delivered that day, once it is over, from 100 of them on. '}
        Bars: how many were delivered.
      </p>
      <details>
        <summary>Days as a table</summary>
        <ByDayTable report={report} label="days" head="Day" points={points} toCell={toCell} />
      </details>
    </>
  )
}

function toCell({ rewarded, visitors, rate }: DayPoint): string {
  return rate === null
    ? format.count(visitors)
    : `${format.count(rewarded)} of ${format.count(visitors)}, ${format.rate(rate)}`
}
