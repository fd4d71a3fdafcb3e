import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { ArmReport, Report } from '../../model/report.ts'
import { ScrollTable } from '../frame/scroll-table.tsx'
import { format } from '../reader.ts'
import { ArmHead, ArmRows } from './arm-rows.tsx'
import { isHoldout, toArmName, toExperienceName } from './arms.ts'

interface Props {
  readonly experience: Report
  readonly shown: Report
  /** A sentence on their traffic; null where a plot tells it. */
  readonly note: string | null
}

/** The arms as they stand: key to the plots' colours and data of the rate plot in one. */
export function ArmTable({ experience, shown, note }: Props): JSX.Element {
  const all = useSignal(false)
  const arms = all.value ? experience.arms : shown.arms
  return (
    <div class={all.value ? 'panel-all' : undefined}>
      <ScrollTable label={`${toExperienceName(experience)}: variants now`}>
        <thead>
          <tr>
            <ArmHead />
            <th scope="col">Traffic</th>
            <th scope="col">Rate</th>
            <th scope="col">95% interval</th>
            <th scope="col">Believed</th>
            <th scope="col">Best-chance gauge</th>
          </tr>
        </thead>
        {arms.map((arm) => (
          <ArmRow key={arm.arm} shown={shown} arm={arm} />
        ))}
      </ScrollTable>
      {note !== null && <p class="hint">{note}</p>}
      {isOfDelivered(experience) && <p class="hint">{OF_DELIVERED}</p>}
      {experience.arms.length > shown.arms.length && (
        <button
          type="button"
          aria-expanded={all.value}
          onClick={() => {
            all.value = !all.value
          }}
        >
          {all.value ? 'Show those with most traffic' : `Show all ${experience.arms.length}`}
        </button>
      )}
    </div>
  )
}

const OF_DELIVERED =
  'Believed is out of those delivered, as if all visitors got the variant; rates are of the trials that there were.'

/** Rates and what is believed have different denominators. */
function isOfDelivered({ caveats, rung }: Report): boolean {
  return caveats.includes('mixed') && rung !== 'delivered'
}

interface RowProps {
  readonly shown: Report
  readonly arm: ArmReport
}

function ArmRow({ shown, arm }: RowProps): JSX.Element {
  const { rate } = arm
  return (
    <ArmRows shown={shown} arm={arm} columns={5}>
      <td>{isHoldout(arm) ? NONE : format.share(arm.share)}</td>
      <td>{rate === null ? NONE : format.rate(rate)}</td>
      <td class="nowrap">
        {rate === null || arm.interval === null
          ? NONE
          : `${format.rate(arm.interval[0])} – ${format.rate(arm.interval[1])}`}
      </td>
      <td>{arm.believed === null ? NONE : format.rate(arm.believed)}</td>
      <td>
        {rate === null || arm.best === null ? (
          NONE
        ) : (
          <Gauge name={toArmName(arm)} value={arm.best} />
        )}
      </td>
    </ArmRows>
  )
}

function Gauge({ name, value }: { readonly name: string; readonly value: number }): JSX.Element {
  return (
    <span class="gauge">
      <meter min={0} max={1} value={value} aria-label={`Best-chance gauge of ${name}`} />
      <span class="gauge-value">{format.probability(value)}</span>
    </span>
  )
}

const NONE = '–'
