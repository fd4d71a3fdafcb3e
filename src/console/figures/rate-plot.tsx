import type { JSX } from 'preact'
import type { Report } from '../../model/report.ts'
import { PlotFigure } from '../plots/plot-figure.tsx'
import { isHoldout, toExperienceName } from './arms.ts'
import { toRateRows } from './rows.ts'

/** Pixels of one arm, and of the axis below them. */
const ROW = 52
const AXIS = 36

/** Each arm's rate as a dot on its interval. Its data stand in the table of the arms. */
export function RatePlot({ experience }: { readonly experience: Report }): JSX.Element {
  const rows = toRateRows(experience)
  const known = rows.some((row) => row.rate !== null)
  return (
    <>
      {known ? (
        <PlotFigure
          label={`${toExperienceName(experience)}: rate and 95% interval of each variant; the figures are in the table “Variants now”`}
          version={JSON.stringify(rows)}
          height={ROW * rows.length + AXIS}
          draw={(drawings, size) => drawings.drawRates(rows, size)}
        />
      ) : (
        <p class="hint">
          {experience.goal === null
            ? 'No goal is set, so there are no rates.'
            : 'Rates appear with the first exposures.'}
        </p>
      )}
      {known && (
        <p class="hint">
          Dot: rate so far. Line: 95% interval.
          {isOtherScale(experience) && ' The holdout’s rate is out of all delivered.'}
        </p>
      )}
    </>
  )
}

/** The holdout's trials are the delivered, whatever rung the variants' trials stand on. */
function isOtherScale({ rung, arms }: Report): boolean {
  return rung !== 'delivered' && arms.some(isHoldout)
}
