import type { OddSource } from '../model/audit.ts'

/** What one source counted of one arm. */
export interface SourceTally {
  readonly source: string
  readonly variant: string
  readonly trials: number
  readonly rewarded: number
}

/** Sources differ a little by region and hour: the variance of their relative rates that is usual. */
const USUAL_VARIANCE = 0.06
const ODD_SCORE = 4

/** The sources that do not fit in, most striking first. Needs two at least, and compares each with all others. */
export function findOddSources(tallies: readonly SourceTally[]): OddSource[] {
  const arms = sumBy(tallies, ({ variant }) => variant)
  const bySource = Map.groupBy(tallies, ({ source }) => source)
  return [...bySource]
    .map(([source, own]) => compare(source, own, arms))
    .filter(({ score }) => Math.abs(score) >= ODD_SCORE)
    .sort((left, right) => Math.abs(right.score) - Math.abs(left.score))
}

function compare(
  source: string,
  own: readonly SourceTally[],
  arms: ReadonlyMap<string, Sum>,
): OddSource {
  let [trials, rewarded, expected, doubt] = [0, 0, 0, 0.25]
  let compared = false
  for (const tally of own) {
    const all = arms.get(tally.variant) ?? NOTHING
    const others = {
      trials: all.trials - positive(tally.trials),
      rewarded: all.rewarded - positive(tally.rewarded),
    }
    trials += positive(tally.trials)
    rewarded += positive(tally.rewarded)
    if (!(others.trials > 0)) continue
    compared = true
    const part = positive(tally.trials) / others.trials
    expected += part * others.rewarded
    // One more than were seen: of a handful that had no reward nobody knows that none has any.
    doubt += part * part * (others.rewarded + 1)
  }
  const score = compared ? scoreOf(rewarded + LITTLE, expected + LITTLE, doubt) : 0
  return { source, trials, rewarded, expected, score }
}

/** Keeps logarithms finite where nothing was rewarded. */
const LITTLE = 0.25

/** Signed root of the Poisson deviance, less what usual differences and a doubtful expectation explain. */
function scoreOf(seen: number, due: number, doubt: number): number {
  const deviance = 2 * (seen * Math.log(seen / due) - (seen - due))
  const spread = 1 + due * USUAL_VARIANCE + doubt / due
  return Math.sign(seen - due) * Math.sqrt(Math.max(0, deviance) / spread)
}

interface Sum {
  trials: number
  rewarded: number
}

const NOTHING: Sum = { trials: 0, rewarded: 0 }

function sumBy(
  tallies: readonly SourceTally[],
  keyOf: (tally: SourceTally) => string,
): Map<string, Sum> {
  const sums = new Map<string, Sum>()
  for (const tally of tallies) {
    const sum = sums.get(keyOf(tally)) ?? { ...NOTHING }
    sum.trials += positive(tally.trials)
    sum.rewarded += positive(tally.rewarded)
    sums.set(keyOf(tally), sum)
  }
  return sums
}

function positive(value: number): number {
  return value > 0 && value < Number.POSITIVE_INFINITY ? value : 0
}
