import type { JSX } from 'preact'
import type { Report, WatchedGoal } from '../../model/report.ts'
import { ScrollTable } from '../frame/scroll-table.tsx'
import { format } from '../reader.ts'
import { ArmLabel } from './arm-label.tsx'

/** What became of the goals that nothing is learned from; guardrails say when they are broken. */
export function WatchedTable({ report }: { readonly report: Report }): JSX.Element {
  return (
    <ScrollTable label={`${report.name}: watched goals`}>
      <thead>
        <tr>
          <th scope="col">Goal</th>
          <th scope="col">Variant</th>
          <th scope="col">Reached</th>
          <th scope="col">Rate</th>
          <th scope="col">Beside the control, at every look</th>
          <th scope="col">Guardrail</th>
        </tr>
      </thead>
      {report.watched.map((goal) => (
        <GoalRows key={goal.goal} report={report} goal={goal} />
      ))}
    </ScrollTable>
  )
}

interface Props {
  readonly report: Report
  readonly goal: WatchedGoal
}

function GoalRows({ report, goal }: Props): JSX.Element {
  const known = new Map(goal.arms.map((row) => [row.arm, row]))
  const shown = report.arms.filter(({ arm }) => known.has(arm))
  return (
    <tbody>
      {shown.map((arm, place) => {
        const row = known.get(arm.arm)
        const range = row?.lift?.relative?.always
        return (
          <tr key={arm.arm}>
            {place === 0 && (
              <th scope="rowgroup" rowSpan={shown.length}>
                {goal.name}
              </th>
            )}
            <td class="start">
              <ArmLabel shown={report} arm={arm} />
            </td>
            <td>{format.count(row?.rewarded ?? 0)}</td>
            <td>{row?.rate == null ? '–' : format.rate(row.rate)}</td>
            <td class="nowrap">
              {range ? `${format.lift(range[0])} to ${format.lift(range[1])}` : '–'}
            </td>
            <td>{guardWords(goal, arm.arm)}</td>
          </tr>
        )
      })}
    </tbody>
  )
}

function guardWords({ harm, harmed }: WatchedGoal, arm: string): JSX.Element | string {
  if (harmed.includes(arm)) return <strong class="harm">Does harm</strong>
  return harm === null ? '–' : 'holds so far'
}
