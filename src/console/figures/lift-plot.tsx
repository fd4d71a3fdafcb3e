import type { JSX } from 'preact'
import type { ArmReport, Estimate, Lift, Report } from '../../model/report.ts'
import { ScrollTable } from '../frame/scroll-table.tsx'
import { PlotFigure } from '../plots/plot-figure.tsx'
import { format } from '../reader.ts'
import { ArmLabel } from './arm-label.tsx'
import { toArmName, toVariants } from './arms.ts'
import { type LiftRow, toLiftRows } from './rows.ts'

/** Pixels of one comparison, and of the axis below them. */
const ROW = 46
const AXIS = 34

/** Each comparison as a dot on its intervals, beside 0. */
export function LiftPlot({ report }: { readonly report: Report }): JSX.Element {
  const rows = toLiftRows(report)
  const [first] = rows
  return (
    <>
      {first ? (
        <PlotFigure
          label={`${report.name}: comparisons with their intervals; the figures are in the table below`}
          version={JSON.stringify(rows)}
          height={ROW * rows.length + AXIS}
          draw={(drawings, size) => drawings.drawLifts(rows, size, toUnit(first, report.measure))}
        />
      ) : (
        <p class="hint">Comparisons appear with the first rewards.</p>
      )}
      <p class="hint">
        Thin line: where the truth is, however often you look. Thick line: for a single look that
        was planned. Clear of 0 is what the thin line leaves out.
      </p>
      <details>
        <summary>Comparisons as a table</summary>
        <LiftTable report={report} />
      </details>
    </>
  )
}

/** How a lift's numbers are written: as parts, as points of a rate, or as worth. */
function toUnit({ isRelative }: LiftRow, measure: Report['measure']): (value: number) => string {
  if (isRelative) return format.lift
  return measure === 'value' ? format.more : format.points
}

function LiftTable({ report }: { readonly report: Report }): JSX.Element {
  const control = report.arms.find(({ arm }) => arm === report.control)
  const rows = toVariants(report)
  return (
    <ScrollTable label={`${report.name}: comparisons`}>
      <thead>
        <tr>
          <th scope="col">Variant</th>
          <th scope="col">Beside “{control ? toArmName(control) : ''}”</th>
          <th scope="col">At every look</th>
          <th scope="col">Visitors compared</th>
          <th scope="col">Beside being left alone</th>
          <th scope="col">At every look</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((arm) => (
          <LiftRowCells key={arm.arm} report={report} arm={arm} />
        ))}
      </tbody>
    </ScrollTable>
  )
}

function LiftRowCells({
  report,
  arm,
}: {
  readonly report: Report
  readonly arm: ArmReport
}): JSX.Element {
  return (
    <tr>
      <th scope="row">
        <ArmLabel shown={report} arm={arm} />
      </th>
      <LiftCells lift={arm.lift} measure={report.measure} />
      <td>{arm.lift ? format.count(arm.lift.visitors) : '–'}</td>
      <LiftCells lift={arm.worth} measure={report.measure} />
    </tr>
  )
}

interface CellsProps {
  readonly lift: Lift | null
  readonly measure: Report['measure']
}

function LiftCells({ lift, measure }: CellsProps): JSX.Element {
  const estimate: Estimate | undefined = lift?.relative ?? lift?.difference
  const write = lift?.relative ? format.lift : measure === 'value' ? format.more : format.points
  const range = estimate?.always
  return (
    <>
      <td>{estimate ? write(estimate.estimate) : '–'}</td>
      <td class="nowrap">{range ? `${write(range[0])} to ${write(range[1])}` : '–'}</td>
    </>
  )
}
