import type { JSX } from 'preact'
import type { Report } from '../../model/report.ts'
import { ScrollTable } from '../frame/scroll-table.tsx'
import { PlotFigure } from '../plots/plot-figure.tsx'
import { format } from '../reader.ts'
import { toArmName } from './arms.ts'
import { type SegmentCell, toSegmentCells } from './rows.ts'
import { toSegmentName } from './segment-name.ts'

/** Pixels of one segment, and of the names above them. */
const ROW = 40
const HEAD = 40

/** Who likes what: each segment a row, the darker the better within it. */
export function SegmentPlot({ report }: { readonly report: Report }): JSX.Element {
  const cells = toSegmentCells(report)
  const segments = new Set(cells.map(({ segment }) => segment)).size
  return (
    <>
      <PlotFigure
        label={`${report.name}: rate of each variant in each segment; the figures are in the table below`}
        version={JSON.stringify(cells)}
        height={ROW * segments + HEAD}
        draw={(drawings, size) => drawings.drawSegments(cells, size)}
      />
      <p class="hint">
        Rates out of those delivered; the darker, the better within the row. Pale ones have hardly
        any visitors.
      </p>
      <details>
        <summary>Segments as a table</summary>
        <SegmentTable report={report} cells={cells} />
      </details>
    </>
  )
}

interface TableProps {
  readonly report: Report
  readonly cells: readonly SegmentCell[]
}

function SegmentTable({ report, cells }: TableProps): JSX.Element {
  const nameOf = (id: string) => {
    const arm = report.arms.find(({ arm }) => arm === id)
    return arm ? toArmName(arm) : id
  }
  return (
    <ScrollTable label={`${report.name}: segments`}>
      <thead>
        <tr>
          <th scope="col">Segment</th>
          <th scope="col">Variant</th>
          <th scope="col">Delivered</th>
          <th scope="col">Rate</th>
          <th scope="col">95% interval</th>
          <th scope="col">Beside the control, at every look</th>
        </tr>
      </thead>
      <tbody>
        {cells.map(({ segment, arm, shown, rate, interval, lift }) => {
          const range = lift?.relative?.always
          return (
            <tr key={`${segment} ${arm}`}>
              <th scope="row">{toSegmentName(segment)}</th>
              <td>{nameOf(arm)}</td>
              <td>{format.count(shown)}</td>
              <td>{rate === null ? '–' : format.rate(rate)}</td>
              <td class="nowrap">
                {interval ? `${format.rate(interval[0])} – ${format.rate(interval[1])}` : '–'}
              </td>
              <td class="nowrap">
                {range ? `${format.lift(range[0])} to ${format.lift(range[1])}` : '–'}
              </td>
            </tr>
          )
        })}
      </tbody>
    </ScrollTable>
  )
}
