import type { JSX } from 'preact'
import type { Estimate, Lift, Report } from '../../model/report.ts'
import { format } from '../reader.ts'
import { toVariants } from './arms.ts'

/** The few numbers that one remembers. */
export function KeyFigures({ report }: { readonly report: Report }): JSX.Element {
  const variants = toVariants(report)
  const sum = (of: (arm: (typeof variants)[number]) => number) =>
    variants.reduce((all, arm) => all + of(arm), 0)
  const value = sum(({ counts }) => counts.value)
  return (
    <dl class="key-figures">
      <Tile term="Delivered" figure={format.count(sum(({ counts }) => counts.delivered))} />
      <Tile term="Rewards" figure={format.count(sum(({ counts }) => counts.rewarded))} />
      {value > 0 && <Tile term="Worth in all" figure={format.count(value)} />}
      {report.worth && <WorthTile worth={report.worth} />}
      {report.saved && <SavedTile saved={report.saved} measure={report.measure} />}
    </dl>
  )
}

interface TileProps {
  readonly term: string
  readonly figure: string
  readonly note?: string
}

function Tile({ term, figure, note }: TileProps): JSX.Element {
  return (
    <div class="key-figure">
      <dt>{term}</dt>
      <dd>
        <strong>{figure}</strong>
        {note && <span class="hint">{note}</span>}
      </dd>
    </div>
  )
}

function WorthTile({ worth }: { readonly worth: Lift }): JSX.Element {
  const { relative, clear } = worth
  const range = relative?.always ?? relative?.once
  const note = range
    ? `${format.lift(range[0])} to ${format.lift(range[1])}${clear ? '' : ', not clear yet'}`
    : 'too few were left alone to say'
  const figure = relative ? format.lift(relative.estimate) : '–'
  return <Tile term="Beside being left alone" figure={figure} note={note} />
}

function SavedTile({
  saved,
  measure,
}: {
  readonly saved: Estimate
  readonly measure: Report['measure']
}): JSX.Element {
  const range = saved.once
  const what = measure === 'value' ? 'worth' : 'rewards'
  return (
    <Tile
      term="Gained by learning"
      figure={format.more(saved.estimate)}
      note={
        range
          ? `${what} beyond an even split: ${format.more(range[0])} to ${format.more(range[1])}`
          : what
      }
    />
  )
}
