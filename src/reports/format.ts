/** Figures and moments in words, in one language. */
export interface Format {
  /** A whole number, grouped: `12,340`. */
  count(value: number): string
  /** About so many: `1,200`, `35,000`. */
  round(value: number): string
  /** A whole number in little room: `12K`. */
  compact(value: number): string
  /** A quantity with up to two decimals: `1,204.5`. */
  amount(value: number): string
  /** A rate 0–1 as a percentage with enough digits to tell small rates apart: `4.1%`, `0.31%`. */
  rate(value: number): string
  /** A rate 0–1 with no more digits than it needs, for an axis: `4%`, `0.25%`. */
  tick(value: number): string
  /** A part 0–1 in little room: `93%`, `6.6%`. */
  part(value: number): string
  /** A part by which something is more or less, with its sign: `+12%`, `−0.4%`. */
  lift(value: number): string
  /** A rate more or less, in percentage points: `+1.2 pp`. */
  points(value: number): string
  /** A quantity more or less: `+1,204.5`. */
  more(value: number): string
  /** A day of the calendar in little room, from `2026-11-27`. */
  day(day: string): string
  /** Ten-thousandths as a percentage: `61%`, `0.2%`. */
  share(tenThousandths: number): string
  /** A probability 0–1, never rounded to certainty: `93%`, `>99.9%`, `<0.1%`. */
  probability(value: number): string
  /** Time of day with seconds, from epoch ms. */
  time(at: number): string
  /** Day and time of day, from epoch ms. */
  moment(at: number): string
  /** How to write the ticks of a time axis that spans so many milliseconds, from epoch ms. */
  ticksOver(span: number): (at: number) => string
}

/** Builds the formatters of a language (BCP 47) and zone (IANA; the reader's own when left out). */
export function createFormat(locale: string, timeZone?: string): Format {
  const number = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options)
  const percent = (digits: number) =>
    number({ style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits })
  const count = number({ maximumFractionDigits: 0 })
  const round = number({ maximumSignificantDigits: 2 })
  const compact = number({ notation: 'compact', maximumSignificantDigits: 3 })
  const amount = number({ maximumFractionDigits: 2 })
  const percents = [percent(0), percent(1), percent(2)] as const
  const tick = number({ style: 'percent', maximumFractionDigits: 2 })
  const part = number({
    style: 'percent',
    minimumSignificantDigits: 2,
    maximumSignificantDigits: 2,
  })
  const signed = { signDisplay: 'exceptZero' } as const
  const lift = number({ ...signed, style: 'percent', maximumSignificantDigits: 2 })
  const points = number({ ...signed, maximumFractionDigits: 2 })
  const more = number({ ...signed, maximumFractionDigits: 2 })
  const wholeMore = number({ ...signed, maximumFractionDigits: 0 })
  const day = new Intl.DateTimeFormat(locale, {
    ...{ day: 'numeric', month: 'short', timeZone: 'UTC' },
  })
  const date = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone })
  const time = date({ timeStyle: 'medium' })
  const moment = date({ dateStyle: 'medium', timeStyle: 'short' })
  const ticks = TICKS.map(({ span, options }) => ({ span, style: date(options) }))
  return {
    count: (value) => count.format(value),
    round: (value) => round.format(value),
    compact: (value) => compact.format(value),
    amount: (value) => amount.format(value),
    rate: (value) => percents[value > 0 && value < 0.01 ? 2 : 1].format(value),
    tick: (value) => tick.format(value),
    part: (value) => (value === 0 ? tick : part).format(value),
    lift: (value) => lift.format(value),
    points: (value) => `${points.format(100 * value)} pp`,
    more: (value) => (Math.abs(value) < 100 ? more : wholeMore).format(value),
    day: (value) => day.format(new Date(`${value}T00:00Z`)),
    share: (value) => percents[value > 0 && value < 100 ? 1 : 0].format(value / 10_000),
    probability: (value) => formatProbability(value, percents),
    time: (at) => time.format(at),
    moment: (at) => moment.format(at),
    ticksOver: (length) => {
      const { style } = ticks.find(({ span }) => length <= span) ?? { style: moment }
      return (at) => style.format(at)
    },
  }
}

/** The reader's English where they have one: words and figures of a page belong to one language. */
export function chooseLocale(preferred: readonly string[]): string {
  return preferred.find((tag) => tag.toLowerCase().startsWith('en')) ?? 'en-GB'
}

const MINUTE = 60_000
const DAY = 86_400_000

/** Longest span in ms → what tells its ticks apart. */
const TICKS: readonly { readonly span: number; readonly options: Intl.DateTimeFormatOptions }[] = [
  { span: 10 * MINUTE, options: { hour: '2-digit', minute: '2-digit', second: '2-digit' } },
  { span: 1.5 * DAY, options: { hour: '2-digit', minute: '2-digit' } },
  {
    span: 5 * DAY,
    options: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  },
  { span: 700 * DAY, options: { day: 'numeric', month: 'short' } },
  { span: Number.POSITIVE_INFINITY, options: { month: 'short', year: 'numeric' } },
]

type Percents = readonly [Intl.NumberFormat, Intl.NumberFormat, Intl.NumberFormat]

function formatProbability(value: number, [whole, tenths]: Percents): string {
  if (value < 0.001) return `<${tenths.format(0.001)}`
  if (value > 0.999) return `>${tenths.format(0.999)}`
  return (value < 0.01 || value > 0.99 ? tenths : whole).format(value)
}
