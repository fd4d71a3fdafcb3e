import type { JSX } from 'preact'
import type { ArmReport, Report } from '../../model/report.ts'
import { toArmName, toColour } from './arms.ts'

interface Props {
  /** The experience as shown: it gives the arm its colour. */
  readonly shown: Report
  readonly arm: ArmReport
}

/** An arm's name beside the colour that stands for it in the plots. */
export function ArmLabel({ shown, arm }: Props): JSX.Element {
  return (
    <span class="arm">
      <span class={`swatch arm-${toColour(shown, arm.arm)}`} aria-hidden="true" />
      <span class="arm-name">{toArmName(arm)}</span>
    </span>
  )
}
