import { type Figure, isMet, toText } from './figure.ts'
import { drawPlot, type Plot, type Series } from './plot.ts'

/** A run of the whole bench. */
export interface Run {
  readonly figures: readonly Figure[]
  /** Names of figures that could not be measured. */
  readonly failed: readonly string[]
  /** What it ran on, in one line. */
  readonly machine: string
  /** `2026-11-22` */
  readonly date: string
}

/** File name → content. */
export type Files = Readonly<Record<string, string>>

/** The report's page, and a drawing for each plot of the figures. */
export function toReport(run: Run): Files {
  const plots = plotsOf(run.figures)
  const drawings = [...plots].map(([plot, series]) => [fileOf(plot), drawPlot(plot, series)])
  return { 'bench.md': toPage(run, [...plots.keys()]), ...Object.fromEntries(drawings) }
}

const fileOf = ({ name }: Plot) => `bench-${name}.svg`

function plotsOf(figures: readonly Figure[]): ReadonlyMap<Plot, readonly Series[]> {
  const series = figures.flatMap((figure) => (figure.series ? [figure.series] : []))
  return Map.groupBy(series, ({ plot }) => plot)
}

function toPage({ figures, failed, machine, date }: Run, plots: readonly Plot[]): string {
  const parts = [
    '# How fast Selvedge is',
    `\`npm run bench -- --write\` writes this page. Each figure is a ratio: ours against a named peer or limit that was measured in the same run on the same machine, the median of paired rounds. Absolute values say more about the machine than about Selvedge.`,
    `Measured on ${date}: ${machine}.`,
    summaryOf(figures, failed),
    toTable(figures),
    ...(plots.length > 0 ? ['## How costs grow', ...plots.map(toImage)] : []),
  ]
  return `${parts.join('\n\n')}\n`
}

function summaryOf(figures: readonly Figure[], failed: readonly string[]): string {
  const held = figures.filter(({ goal }) => goal !== null)
  const missed = held.filter(({ ratio, goal }) => !isMet(ratio, goal)).map(toName)
  const sentences = [
    `Of ${held.length} figures with a goal, ${held.length - missed.length} meet it.`,
    ...(missed.length > 0 ? [`Missed: ${missed.join(', ')}.`] : []),
    ...(failed.length > 0
      ? [`Not measured, as something failed: ${failed.map(quoted).join(', ')}.`]
      : []),
  ]
  return sentences.join(' ')
}

const quoted = (words: string) => `\`${words}\``
const toName = ({ figure }: Figure) => quoted(figure)

/** `page.vs-growthbook` is about `page`. */
const subjectOf = ({ figure }: Figure) => figure.split('.')[0] ?? ''

const COLUMNS = ['figure', 'ours', 'peer', 'unit', 'ratio', 'goal', 'met', 'note']

/** A row for each figure; those of one subject together, in the order in which they were measured. */
export function toTable(figures: readonly Figure[]): string {
  const bySubject = Map.groupBy(figures, subjectOf)
  const sorted = [...bySubject].sort(([a], [b]) => a.localeCompare(b)).flatMap(([, group]) => group)
  const rows = [COLUMNS, COLUMNS.map(() => '---'), ...sorted.map(toCells)]
  return rows.map((cells) => `| ${cells.map(toCell).join(' | ')} |`).join('\n')
}

function toCells(figure: Figure): string[] {
  const { ours, peer, unit, ratio, goal, note } = figure
  const [bound, met] =
    goal === null ? ['–', '–'] : [toText(goal) ?? '', isMet(ratio, goal) ? 'yes' : '**missed**']
  return [toName(figure), `${ours}`, `${peer}`, unit, `${ratio}`, bound, met, note]
}

/** In a table a bar would end the cell. */
const toCell = (words: string) => words.replaceAll('|', '\\|').replaceAll('\n', ' ')

const toImage = (plot: Plot) => `![${plot.title}](${fileOf(plot)})`
