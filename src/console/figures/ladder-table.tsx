import type { JSX } from 'preact'
import type { ArmReport, Report } from '../../model/report.ts'
import { narrow } from '../frame/narrow.ts'
import { ScrollTable } from '../frame/scroll-table.tsx'
import { format } from '../reader.ts'
import { ArmHead, ArmRows } from './arm-rows.tsx'
import { isHoldout, toColour, toExperienceName } from './arms.ts'

const STEPS = [
  ['delivered', 'Delivered'],
  ['survived', 'Survived'],
  ['seen', 'Seen'],
  ['clicked', 'Clicked'],
  ['rewarded', 'Rewarded'],
] as const

/** How far exposures came, step by step: numbers, with a bar each for the part of the delivered. */
export function LadderTable({ experience }: { readonly experience: Report }): JSX.Element {
  return (
    <div class="panel-ladder">
      <ScrollTable label={`${toExperienceName(experience)}: exposure ladder`}>
        <thead>
          <tr>
            <ArmHead />
            {STEPS.map(([step, name]) => (
              <th key={step} scope="col" class={step === experience.rung ? 'trial' : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        {experience.arms.map((arm) => (
          <ArmRows key={arm.arm} shown={experience} arm={arm} columns={STEPS.length}>
            {STEPS.map(([step]) => (
              <StepCell key={step} experience={experience} arm={arm} step={step} />
            ))}
          </ArmRows>
        ))}
      </ScrollTable>
    </div>
  )
}

/** A number from here on does not fit a phone's fifth; the CSV has it whole. */
const TIGHT = 10_000

interface StepProps {
  readonly experience: Report
  readonly arm: ArmReport
  readonly step: (typeof STEPS)[number][0]
}

function StepCell({ experience, arm, step }: StepProps): JSX.Element {
  const { delivered, [step]: count } = arm.counts
  if (isUncounted(arm, step)) return <td>–</td>
  const part = delivered > 0 ? Math.min(1, count / delivered) : 0
  return (
    <td>
      {narrow.value && count >= TIGHT ? format.compact(count) : format.count(count)}
      <span class="bar-of" aria-hidden="true">
        <span
          class={`bar-filled arm-${toColour(experience, arm.arm)}`}
          style={{ inlineSize: `${part * 100}%` }}
        />
      </span>
      <span class="part">{step === 'delivered' || delivered === 0 ? '' : format.part(part)}</span>
    </td>
  )
}

/** The holdout has no variant to take these steps: a zero would read as a failure. */
function isUncounted(arm: ArmReport, step: StepProps['step']): boolean {
  return isHoldout(arm) && step !== 'delivered' && step !== 'rewarded' && arm.counts[step] === 0
}
