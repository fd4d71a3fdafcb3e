import type { JSX } from 'preact'
import type { Report } from '../../model/report.ts'
import { ScrollTable } from '../frame/scroll-table.tsx'
import { PlotFigure } from '../plots/plot-figure.tsx'
import { format } from '../reader.ts'
import { toArmName, toExperienceName, toVariants } from './arms.ts'
import { MOST_STEPS, thin, toShareRows } from './rows.ts'

interface Props {
  /** One for which `whyNoSharePlot` finds no reason. */
  readonly experience: Report
  /** Variants left out because they get least. */
  readonly hidden: number
  /** Epoch ms up to which the newest shares hold. */
  readonly until: number
}

/** Traffic over time, a step at each version of the weights, and the same as a table. */
export function SharePlot({ experience, hidden, until }: Props): JSX.Element {
  return (
    <>
      <Steps experience={experience} until={until} />
      {hidden > 0 && (
        <p class="hint">Grey, on top: the {format.count(hidden)} variants with least traffic.</p>
      )}
    </>
  )
}

function Steps({ experience, until }: Omit<Props, 'hidden'>): JSX.Element {
  // To the minute: the plot need not be redrawn because a few seconds went by.
  const end = Math.ceil(until / 60_000) * 60_000
  const rows = toShareRows(experience, end)
  return (
    <>
      <PlotFigure
        label={`${toExperienceName(experience)}: share of traffic of each variant over time; the figures are in the table below`}
        version={JSON.stringify(rows)}
        height={toHeight(experience.arms.length)}
        draw={(drawings, size) => drawings.drawShares(rows, size)}
      />
      <details>
        <summary>Traffic over time as a table</summary>
        <ShareTable experience={experience} />
      </details>
    </>
  )
}

/** Pixels: about as high as the table of so many arms beside it. */
function toHeight(arms: number): number {
  return Math.min(460, Math.max(230, 33 * arms + 40))
}

function ShareTable({ experience }: { readonly experience: Report }): JSX.Element {
  const variants = toVariants(experience)
  return (
    <ScrollTable label={`${toExperienceName(experience)}: traffic over time`}>
      <thead>
        <tr>
          <th scope="col">From</th>
          <th scope="col">Version</th>
          {variants.map((arm) => (
            <th key={arm.arm} scope="col">
              {toArmName(arm)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {thin(experience.history, MOST_STEPS)
          .toReversed()
          .map((step) => (
            <tr key={step.version}>
              <th scope="row" class="nowrap">
                {format.moment(step.at)}
              </th>
              <td>{step.version}</td>
              {variants.map(({ arm }) => (
                <td key={arm}>{format.share(step.shares[arm] ?? 0)}</td>
              ))}
            </tr>
          ))}
      </tbody>
    </ScrollTable>
  )
}

/** Why there is nothing to draw over time; null when there is. */
export function whyNoSharePlot(experience: Report): string | null {
  const versions = experience.history.length
  if (toVariants(experience).length < 2) return 'A single variant gets all of the traffic.'
  if (experience.allocation === 'split' && versions < 2)
    return 'Shares are fixed: they do not move.'
  if (versions === 0) return 'Traffic is split evenly until there is something to learn from.'
  return null
}
