import type { JSX } from 'preact'
import type { Report } from '../../model/report.ts'
import type { ReportWish } from '../api.ts'
import { toHash } from '../route.ts'
import { ASKED, type Asked, toChoices } from './choices.ts'

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
  const choices = toChoices(report, wish)
  if (choices.length === 0) return null
  const choose = (name: Asked, value: string) => {
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
