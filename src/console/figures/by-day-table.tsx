import type { JSX } from 'preact'
import type { Report } from '../../model/report.ts'
import { ScrollTable } from '../frame/scroll-table.tsx'
import { format } from '../reader.ts'
import { toArmName } from './arms.ts'

interface Point {
  readonly day: string
  readonly arm: string
}

interface Props<P extends Point> {
  readonly report: Report
  readonly label: string
  /** Heading of the days' column. */
  readonly head: string
  readonly points: readonly P[]
  readonly toCell: (point: P) => string
}

/** A row per day, the newest first, and a column per arm. */
export function ByDayTable<P extends Point>(props: Props<P>): JSX.Element {
  const { report, label, head, points, toCell } = props
  const days = [...new Set(points.map(({ day }) => day))].toSorted().toReversed()
  const known = new Map(points.map((point) => [`${point.day} ${point.arm}`, point]))
  const cellOf = (key: string) => {
    const point = known.get(key)
    return point ? toCell(point) : '–'
  }
  return (
    <ScrollTable label={`${report.name}: ${label}`}>
      <thead>
        <tr>
          <th scope="col">{head}</th>
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
                {cellOf(`${day} ${arm}`)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  )
}
