import type { JSX } from 'preact'
import type { Report } from '../../model/report.ts'
import type { ReportWish } from '../api.ts'
import { toHash } from '../route.ts'
import { toArmName, toVariants } from './arms.ts'
import { toSegmentName } from './segment-name.ts'

const ASKED = ['control', 'measure', 'segment', 'days'] as const

/** What a report's address asks for. */
export function readWish(asked: string): ReportWish {
  const query = new URLSearchParams(asked)
  return Object.fromEntries(
    ASKED.flatMap((name) => {
      const value = query.get(name)
      return value === null ? [] : [[name, value] as const]
    }),
  )
}

interface Props {
  readonly report: Report
  readonly current: { readonly site: string; readonly experience: string }
  readonly wish: ReportWish
}

/** What to compare with, by what, for whom, and for how long: all of it is in the address. */
export function Controls({ report, current, wish }: Props): JSX.Element | null {
  const choices = toChoices(report)
  if (choices.length === 0) return null
  const choose = (name: (typeof ASKED)[number], value: string) => {
    const next = new URLSearchParams({ ...wish, [name]: value })
    if (value === '') next.delete(name)
    location.hash = toHash({ screen: 'report', ...current, asked: String(next) })
  }
  return (
    <form class="controls" onSubmit={(event) => event.preventDefault()}>
      {choices.map(({ name, label, value, options }) => (
        <label key={name}>
          <span>{label}</span>
          <select value={value} onChange={({ currentTarget }) => choose(name, currentTarget.value)}>
            {options.map(([key, words]) => (
              <option key={key} value={key}>
                {words}
              </option>
            ))}
          </select>
        </label>
      ))}
    </form>
  )
}

interface Choice {
  readonly name: (typeof ASKED)[number]
  readonly label: string
  readonly value: string
  readonly options: readonly (readonly [value: string, words: string])[]
}

/** Only what there is a choice of. */
function toChoices(report: Report): readonly Choice[] {
  const variants = toVariants(report)
  const isWorth = variants.some(({ counts }) => counts.value > 0)
  const segments = [...new Set(report.segments.map(({ segment }) => segment))]
  const control: Choice = {
    ...{ name: 'control', label: 'Compare with', value: report.control ?? '' },
    options: variants.map((arm) => [arm.arm, toArmName(arm)]),
  }
  const measure: Choice = {
    ...{ name: 'measure', label: 'By', value: report.measure },
    options: [
      ['rewards', 'how often'],
      ['value', 'how much it is worth'],
    ],
  }
  const segment: Choice = {
    ...{ name: 'segment', label: 'Visitors', value: report.segment ?? '' },
    options: [['', 'all'], ...segments.map((name) => [name, toSegmentName(name)] as const)],
  }
  const days: Choice = {
    ...{
      name: 'days',
      label: 'Days',
      value: String(new Set(report.days.map(({ day }) => day)).size),
    },
    options: DAYS.map((count) => [String(count), `last ${count}`]),
  }
  return [
    ...(report.allocation !== 'ranked' && variants.length > 2 ? [control] : []),
    ...(isWorth ? [measure] : []),
    ...(segments.length > 1 || report.segment !== null ? [segment] : []),
    ...(report.days.length > 0 ? [days] : []),
  ]
}

const DAYS = [7, 30, 90] as const
