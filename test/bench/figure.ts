import type { Series } from './plot.ts'

/** What a ratio is held to: at least or at most `bound`. */
export interface Goal {
  readonly sign: '>=' | '<='
  readonly bound: number
}

/** One measured claim: ours against the peer or limit, both from the same run. */
export interface Figure {
  readonly figure: string
  readonly ours: number
  readonly peer: number
  /** Median over rounds of ours ÷ peer, so that it need not be exactly `ours / peer`. */
  readonly ratio: number
  /** `null` where the figure is for information. */
  readonly goal: Goal | null
  readonly unit: string
  readonly note: string
  /** What lies between the peer and ours, drawn in the report. */
  readonly series?: Series
}

/** A figure's paired rounds: the nth of ours ran beside the nth of the peer's. */
export interface Rounds {
  readonly ours: readonly number[]
  readonly peer: readonly number[]
}

/** The middle value; the mean of the two middle ones for an even count; NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN
  return (lower + upper) / 2
}

/** Reduces paired rounds to a figure. Pairing cancels what slows a whole round, such as a busy machine. */
export function toFigure(rounds: Rounds, claim: Omit<Figure, 'ours' | 'peer' | 'ratio'>): Figure {
  const ratios = rounds.ours.map((value, round) => value / (rounds.peer[round] ?? Number.NaN))
  const spread = `${significant(Math.min(...ratios))} to ${significant(Math.max(...ratios))}`
  return {
    ...claim,
    ours: significant(median(rounds.ours)),
    peer: significant(median(rounds.peer)),
    ratio: significant(median(ratios)),
    note:
      ratios.length > 1 ? `${claim.note}; median of ${ratios.length} rounds ${spread}` : claim.note,
  }
}

/** Whether a ratio keeps its goal; a figure without one always does. */
export function isMet(ratio: number, goal: Goal | null): boolean {
  if (goal === null) return true
  return goal.sign === '>=' ? ratio >= goal.bound : ratio <= goal.bound
}

/** `>= 0.9`; nothing for no goal. */
export function toText(goal: Goal | null): string | null {
  return goal && `${goal.sign} ${goal.bound}`
}

/** The figure as one line of JSON. */
export function toLine(figure: Figure): string {
  const { figure: name, ours, peer, ratio, goal, unit, note } = figure
  return JSON.stringify({
    figure: name,
    ours,
    peer,
    ratio,
    goal: toText(goal),
    ok: isMet(ratio, goal),
    unit,
    note,
  })
}

const significant = (value: number) => Number(value.toPrecision(4))
