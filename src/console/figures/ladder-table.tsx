import type { JSX } from 'preact'
import { ScrollTable } from '../frame/scroll-table.tsx'
import { format } from '../reader.ts'
import { ArmLabel } from './arm-label.tsx'
import { toColour, toExperienceName } from './arms.ts'
import type { ArmFigures, ExperienceFigures } from './figures.ts'

const STEPS = [
  ['delivered', 'Delivered'],
  ['survived', 'Survived'],
  ['seen', 'Seen'],
  ['clicked', 'Clicked'],
  ['rewarded', 'Rewarded'],
] as const

/** How far exposures came, step by step: numbers, with a bar each for the part of the delivered. */
export function LadderTable({
  experience,
}: {
  readonly experience: ExperienceFigures
}): JSX.Element {
  return (
    <section class="panel panel-ladder">
      <h3>Exposure ladder</h3>
      <ScrollTable label={`${toExperienceName(experience)}: exposure ladder`}>
        <thead>
          <tr>
            <th scope="col">Variant</th>
            {STEPS.map(([step, name]) => (
              <th key={step} scope="col" class={step === experience.rung ? 'trial' : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {experience.arms.map((arm) => (
            <tr key={arm.arm}>
              <th scope="row">
                <ArmLabel shown={experience} arm={arm} />
              </th>
              {STEPS.map(([step]) => (
                <StepCell key={step} experience={experience} arm={arm} step={step} />
              ))}
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </section>
  )
}

interface StepProps {
  readonly experience: ExperienceFigures
  readonly arm: ArmFigures
  readonly step: (typeof STEPS)[number][0]
}

function StepCell({ experience, arm, step }: StepProps): JSX.Element {
  const { delivered, [step]: count } = arm.counts
  const part = delivered > 0 ? Math.min(1, count / delivered) : 0
  return (
    <td>
      {format.count(count)}
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
