import { chiSquareTail } from '../../../src/bandit/chi-square.ts'
import { checkSampleRatio, type Shown } from '../../../src/bandit/sample-ratio.ts'
import { sharesOf } from '../../../src/bandit/shares.ts'
import type { SampleRatio } from '../../../src/model/audit.ts'
import { SHARES } from '../../../src/model/learning.ts'
import { random } from '../random.ts'
import type { Outcome } from './loop.ts'

/** Expected counts below this make χ² a poor approximation. */
const LEAST_EXPECTED = 5

/** χ² test of each version's served arms against its published weights, one segment at a time. */
export function servedAsPublished({ rows, published }: Outcome): number[] {
  const groups = Map.groupBy(rows, ({ version, segment }) => `${version}\n${segment}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    const weights = published.find(({ version }) => version === first?.version)
    const shares = weights && sharesOf(weights, first?.segment ?? '')
    if (!shares) return []
    const served = Map.groupBy(group, ({ variant }) => variant)
    const cells = Object.entries(shares).map(([arm, share]) => ({
      share: share / SHARES,
      shown: (served.get(arm) ?? []).reduce((sum, { counts }) => sum + counts.delivered, 0),
    }))
    const total = cells.reduce((sum, { shown }) => sum + shown, 0)
    const [common, rare] = [true, false].map((want) =>
      cells.filter(({ share }) => share * total >= LEAST_EXPECTED === want),
    )
    const rest = {
      share: (rare ?? []).reduce((sum, { share }) => sum + share, 0),
      shown: (rare ?? []).reduce((sum, { shown }) => sum + shown, 0),
    }
    const tested = [...(common ?? []), ...(rest.share * total >= LEAST_EXPECTED ? [rest] : [])]
    if (tested.length < 2) return []
    const statistic = tested.reduce(
      (sum, { share, shown }) => sum + (shown - share * total) ** 2 / (share * total),
      0,
    )
    return [chiSquareTail(statistic, tested.length - 1)]
  })
}

/** A run's sample ratio, where a cache gives half of some versions' visitors one and the same arm. */
export function sampleRatioOf(
  { rows, published }: Outcome,
  broken: number,
  seed: number,
): SampleRatio {
  const { uniform } = random(seed)
  const faulty = new Map(
    published
      .filter(() => uniform() < broken)
      .map(({ version }) => [version, `arm-${version % 5}`]),
  )
  const shown: Shown[] = rows.flatMap(({ version, segment, variant, counts }) => {
    const cached = faulty.get(version)
    const moved = cached === undefined ? 0 : Math.floor(counts.delivered / 2)
    const own = { version, segment, variant, shown: counts.delivered - moved }
    return moved > 0 ? [own, { version, segment, variant: cached ?? '', shown: moved }] : [own]
  })
  const sums = Map.groupBy(shown, ({ version, variant }) => `${version}\n${variant}`)
  return checkSampleRatio(
    [...sums.values()].flatMap(([first, ...rest]) =>
      first ? [{ ...first, shown: rest.reduce((sum, row) => sum + row.shown, first.shown) }] : [],
    ),
    published,
  )
}
