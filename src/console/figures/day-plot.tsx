import type { JSX } from 'preact'
import type { Report } from '../../model/report.ts'
import { ScrollTable } from '../frame/scroll-table.tsx'
import { PlotFigure } from '../plots/plot-figure.tsx'
import { format } from '../reader.ts'
import { toArmName } from './arms.ts'
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
          'Above: rewards out of those delivered that day, from 100 of them on. '}
        Bars: how many were delivered.
      </p>
      <details>
        <summary>Days as a table</summary>
        <DayTable report={report} points={points} />
      </details>
    </>
  )
}

interface TableProps {
  readonly report: Report
  readonly points: readonly DayPoint[]
}

function DayTable({ report, points }: TableProps): JSX.Element {
  const days = [...new Set(points.map(({ day }) => day))].toReversed()
  const known = new Map(points.map((point) => [`${point.day} ${point.arm}`, point]))
  return (
    <ScrollTable label={`${report.name}: days`}>
      <thead>
        <tr>
          <th scope="col">Day</th>
          {report.arms.map((arm) => (
            <th key={arm.arm} scope="col">
              {toArmName(arm)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {days.map((day) => (
          <tr key={day}>
            <th scope="row" class="nowrap">
              {format.day(day)}
            </th>
            {report.arms.map(({ arm }) => (
              <td key={arm} class="nowrap">
                {toCell(known.get(`${day} ${arm}`))}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  )
}

function toCell(point: DayPoint | undefined): string {
  if (!point) return '–'
  const { rewarded, visitors, rate } = point
  return rate === null
    ? format.count(visitors)
    : `${format.count(rewarded)} of ${format.count(visitors)}, ${format.rate(rate)}`
}
