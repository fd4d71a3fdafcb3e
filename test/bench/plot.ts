/** What a drawing is about; several series may share one. Both axes are logarithmic. */
export interface Plot {
  /** Names the file. */
  readonly name: string
  readonly title: string
  /** What grows, with its unit. */
  readonly x: string
}

/** A line of a plot. */
export interface Series {
  readonly plot: Plot
  readonly label: string
  /** In the order of `x`; `y` as a multiple of the first point's. */
  readonly points: readonly Point[]
}

export interface Point {
  readonly x: number
  readonly y: number
}

type Range = readonly [from: number, to: number]

/** Maps a range of positive numbers to pixels, each doubling being as long as any other. */
export function logScale(values: Range, pixels: Range): (value: number) => number {
  const [low, high] = [Math.log(values[0]), Math.log(values[1])]
  const [from, to] = pixels
  return (value) => from + ((Math.log(value) - low) / (high - low)) * (to - from)
}

/** The numbers 1, 2 and 5 times a power of ten, from the last not above the range to the first not below. */
export function ticksFor([low, high]: Range): number[] {
  const [from, to] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))]
  const powers = Array.from({ length: to - from + 1 }, (_, n) => from + n)
  const steps = powers.flatMap((power) => [1, 2, 5].map((step) => Number(`${step}e${power}`)))
  const start = steps.findLastIndex((step) => step <= low)
  const end = steps.findIndex((step) => step >= high)
  return steps.slice(start, end + 1)
}

const SIZE = { width: 640, height: 340 }
const FRAME = { left: 64, right: 604, top: 64, bottom: 284 }
/** A cost that hardly changes should look so: the axis reaches from half to double at the least. */
const LEAST_RANGE: Range = [0.5, 2]
const MARKS = [
  (x: string, y: string) => `<circle cx="${x}" cy="${y}" r="4"/>`,
  (x: string, y: string) => `<path d="M${x} ${y}m-4 4h8v-8h-8z"/>`,
]

/** Colours that can be read, and told apart, on white and on black. */
const STYLE = `<style>
svg { color: #1f2328; font: 13px system-ui, sans-serif }
.grid { stroke: currentColor; stroke-opacity: .15 }
.s0 { color: #0757b3 } .s1 { color: #b34700 }
@media (prefers-color-scheme: dark) {
svg { color: #e6edf3 } .s0 { color: #6cb6ff } .s1 { color: #ffa657 }
}
</style>`

/** A plot as an SVG document of its own. */
export function drawPlot({ title, x: xLabel }: Plot, series: readonly Series[]): string {
  const points = series.flatMap((line) => line.points)
  const xs = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b)
  const ys = points.map(({ y }) => y)
  const yTicks = ticksFor([Math.min(LEAST_RANGE[0], ...ys), Math.max(LEAST_RANGE[1], ...ys)])
  const toX = logScale([xs[0] ?? 1, xs.at(-1) ?? 1], [FRAME.left, FRAME.right])
  const toY = logScale([yTicks[0] ?? 1, yTicks.at(-1) ?? 1], [FRAME.bottom, FRAME.top])
  const parts = [
    ...[STYLE, text(FRAME.left - 48, 22, title, 'font-size="15" font-weight="600"')],
    ...yTicks.map((tick) => horizontal(toY(tick), `${tick}×`)),
    ...xs.map((tick) => text(toX(tick), FRAME.bottom + 20, format(tick), 'text-anchor="middle"')),
    text((FRAME.left + FRAME.right) / 2, FRAME.bottom + 44, xLabel, 'text-anchor="middle"'),
    ...series.map((line, n) => drawLine(line, n, toX, toY)),
  ]
  const { width, height } = SIZE
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${toXml(title)}" fill="currentColor">
${parts.join('\n')}
</svg>
`
}

type Scale = (value: number) => number

/** The line with its marks, and its entry in the legend under the title. */
function drawLine({ label, points }: Series, n: number, toX: Scale, toY: Scale): string {
  const places = points.map(({ x, y }) => [pixel(toX(x)), pixel(toY(y))] as const)
  const mark = MARKS[n % MARKS.length] ?? (() => '')
  const marks = places.map(([x, y]) => mark(x, y)).join('')
  const line = places.map((place) => place.join(',')).join(' ')
  const left = FRAME.left - 44 + n * ((FRAME.right - FRAME.left) / 2 + 20)
  return `<g class="s${n % MARKS.length}"><polyline points="${line}" fill="none" stroke="currentColor" stroke-width="2"/>${marks}${mark(`${left}`, '42')}${text(left + 10, 46, label)}</g>`
}

function horizontal(y: number, label: string): string {
  const { left, right } = FRAME
  return `<path class="grid" d="M${left} ${pixel(y)}H${right}"/>${text(left - 10, y + 4, label, 'text-anchor="end"')}`
}

const text = (x: number, y: number, words: string, attributes = '') =>
  `<text x="${pixel(x)}" y="${pixel(y)}" ${attributes}>${toXml(words)}</text>`

const pixel = (value: number) => `${Math.round(value * 10) / 10}`
const format = (value: number) => value.toLocaleString('en')
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '"': '&quot;' }
const toXml = (words: string) => words.replace(/[&<"]/g, (found) => ENTITIES[found] ?? found)
