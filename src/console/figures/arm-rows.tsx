import type { ComponentChildren, JSX } from 'preact'
import type { ArmReport, Report } from '../../model/report.ts'
import { narrow } from '../frame/narrow.ts'
import { ArmLabel } from './arm-label.tsx'

/** The heading of the names' column; a phone has no such column. */
export function ArmHead(): JSX.Element | null {
  return narrow.value ? null : <th scope="col">Variant</th>
}

interface Props {
  readonly shown: Report
  readonly arm: ArmReport
  /** Number of cells. */
  readonly columns: number
  /** The arm's cells. */
  readonly children: ComponentChildren
}

/** An arm's cells, headed by its name: beside them, or on a phone in a row above them. */
export function ArmRows({ shown, arm, columns, children }: Props): JSX.Element {
  const label = <ArmLabel shown={shown} arm={arm} />
  if (!narrow.value) {
    return (
      <tbody>
        <tr>
          <th scope="row">{label}</th>
          {children}
        </tr>
      </tbody>
    )
  }
  return (
    <tbody class="arm-rows">
      <tr>
        <th scope="rowgroup" colSpan={columns}>
          {label}
        </th>
      </tr>
      <tr>{children}</tr>
    </tbody>
  )
}
