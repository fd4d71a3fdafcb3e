import * as z from 'zod'
import { COUNTERS, SHARES } from './learning.ts'
import type { Problem } from './problem.ts'

const Name = z.string().max(512)
const Hour = z.int().min(0).max(10_000_000)

const HistoryCountsSchema = z
  .partialRecord(z.enum(COUNTERS), z.number().min(0).max(1e12))
  .default({})

const WeightsSchema = z.strictObject({
  version: z.int().min(1).max(1_000_000),
  /** Epoch ms of publication. */
  at: z.int().min(0),
  /** Segment → variant → ten-thousandths, which sum to 10,000. */
  shares: z.record(
    Name,
    z.record(Name, z.number().min(0).max(SHARES)).refine((shares) => {
      const sum = Object.values(shares).reduce((all, share) => all + share, 0)
      return Math.abs(sum - SHARES) < 1
    }, `the shares of a segment sum to ${SHARES}`),
  ),
})

/**
 * What an experience has done elsewhere: every version of its weights, and what was counted, once by
 * version and once by the hour. Counters that are left out are 0.
 */
export const HistorySchema = z.strictObject({
  versions: z.array(WeightsSchema).max(5_000).default([]),
  totals: z
    .array(
      z.strictObject({
        version: z.int().min(0),
        segment: Name.default(''),
        variant: Name,
        counts: HistoryCountsSchema,
      }),
    )
    .max(50_000),
  hours: z
    .array(
      z.strictObject({
        /** Hours since the epoch. */
        hour: Hour,
        segment: Name.default(''),
        variant: Name,
        counts: HistoryCountsSchema,
      }),
    )
    .max(200_000),
})

export type History = z.infer<typeof HistorySchema>

/** Counts may be off by so much: they are whole thousandths. */
const ROUNDING = 0.01

/** What the parts of a history have against each other, and against the clock (epoch ms). */
export function checkHistory({ versions, totals, hours }: History, now: number): Problem[] {
  const known = new Set(versions.map(({ version }) => version))
  return [
    ...versions.flatMap(({ version, at }, place) => {
      const before = versions[place - 1]
      if (!before || (before.version < version && before.at <= at)) return []
      return [mistake(`/versions/${place}`, 'Versions are listed oldest first, each once.')]
    }),
    ...totals.flatMap(({ version }, place) =>
      version === 0 || known.has(version)
        ? []
        : [mistake(`/totals/${place}/version`, 'There are no weights of this version.')],
    ),
    ...hours.flatMap(({ hour }, place) =>
      hour * 3_600_000 <= now ? [] : [mistake(`/hours/${place}/hour`, 'This hour is to come.')],
    ),
    ...compareSums(totals, hours),
  ]
}

type Counted = Pick<History['hours'][number], 'segment' | 'variant' | 'counts'>

/** Both lists tell of the same visitors. */
function compareSums(totals: readonly Counted[], hours: readonly Counted[]): Problem[] {
  const [left, right] = [sumByArm(totals), sumByArm(hours)]
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) => {
    const [one, other] = [left.get(key) ?? 0, right.get(key) ?? 0]
    if (Math.abs(one - other) <= ROUNDING) return []
    const [counter, variant, segment] = JSON.parse(key)
    const where = segment === '' ? '' : ` in segment “${segment}”`
    const sums = `${one} by version and ${other} by the hour`
    return [mistake('/hours', `“${counter}” of “${variant}”${where} sums to ${sums}.`)]
  })
}

function sumByArm(list: readonly Counted[]): Map<string, number> {
  const sums = new Map<string, number>()
  for (const { segment, variant, counts } of list) {
    for (const counter of COUNTERS) {
      const key = JSON.stringify([counter, variant, segment])
      sums.set(key, (sums.get(key) ?? 0) + (counts[counter] ?? 0))
    }
  }
  return sums
}

function mistake(pointer: string, detail: string): Problem {
  return { code: 'invalid', pointer, detail }
}
