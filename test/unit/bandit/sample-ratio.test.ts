import { describe, expect, test } from 'vitest'
import { chiSquareTail } from '../../../src/bandit/chi-square.ts'
import { checkSampleRatio, type Shown } from '../../../src/bandit/sample-ratio.ts'
import { E1 } from '../../bench/learning/environments.ts'
import { run } from '../../bench/learning/loop.ts'
import { type Random, random } from '../../bench/random.ts'

const one = (a: number, b: number, version = 1): Shown[] => [
  { version, segment: '', variant: 'a', shown: a },
  { version, segment: '', variant: 'b', shown: b },
]
const even = { version: 1, at: 0, shares: { '': { a: 5000, b: 5000 } } }

describe('a sample ratio', () => {
  test('under fixed weights is the textbook’s χ² test', () => {
    const statistic = (520 - 500) ** 2 / 500 + (480 - 500) ** 2 / 500
    expect(checkSampleRatio(one(520, 480), [even]).p).toBeCloseTo(chiSquareTail(statistic, 1), 12)
    expect(checkSampleRatio(one(520, 480), [even]).excess).toBeCloseTo(0.02, 12)
  })

  test('of three arms too', () => {
    const weights = { version: 1, at: 0, shares: { '': { a: 5000, b: 3000, c: 2000 } } }
    const shown = [...one(480, 330), { version: 1, segment: '', variant: 'c', shown: 190 }]
    const statistic = 20 ** 2 / 500 + 30 ** 2 / 300 + 10 ** 2 / 200
    expect(checkSampleRatio(shown, [weights]).p).toBeCloseTo(chiSquareTail(statistic, 2), 12)
  })

  test('of versions that lean opposite ways is judged by each one’s own weights', () => {
    const leaning = { version: 2, at: 0, shares: { '': { a: 9000, b: 1000 } } }
    const fit = checkSampleRatio([...one(500, 500), ...one(900, 100, 2)], [even, leaning])
    expect(fit).toMatchObject({ shown: 2000, excess: 0, p: 1, alarm: false })
    const pooled = checkSampleRatio([...one(900, 100), ...one(900, 100, 2)], [even, leaning])
    expect(pooled.alarm).toBe(true)
  })

  test('goes by the segment’s shares, or by everybody’s', () => {
    const shares = { '': { a: 5000, b: 5000 }, phone: { a: 9000, b: 1000 } }
    const shown = [
      ...one(450, 50).map((row) => ({ ...row, segment: 'phone' })),
      ...one(250, 250).map((row) => ({ ...row, segment: 'watch' })),
    ]
    expect(checkSampleRatio(shown, [{ version: 1, at: 0, shares }]).p).toBe(1)
  })

  test('leaves out the holdout, versions nobody knows, and nothing at all', () => {
    const holdout = { version: 1, segment: '', variant: '~holdout', shown: 900 }
    const unknown = one(900, 1, 77)
    const found = checkSampleRatio([...one(100, 100), holdout, ...unknown], [even])
    expect(found).toMatchObject({ shown: 200, p: 1, alarm: false })
    expect(checkSampleRatio([], [])).toMatchObject({ shown: 0, excess: 0, p: 1, alarm: false })
  })
})

/** A run's exposures, of which a cache serves some of a version's visitors one and the same arm. */
function shownIn(seed: number, cached: number, { uniform }: Random) {
  const { rows, published } = run({
    environment: { ...E1, visitors: 20_000 },
    policy: {},
    seed,
  })
  const shown = new Map<string, Shown>()
  const add = (row: Shown) => {
    const key = `${row.version}/${row.variant}`
    const known = shown.get(key)
    shown.set(key, { ...row, shown: row.shown + (known?.shown ?? 0) })
  }
  const broken = new Set(published.filter(() => uniform() < cached).map(({ version }) => version))
  for (const { version, segment, variant, counts } of rows) {
    const half = broken.has(version) ? Math.floor(counts.delivered / 2) : 0
    add({ version, segment, variant, shown: counts.delivered - half })
    if (half > 0) add({ version, segment, variant: `arm-${version % 5}`, shown: half })
  }
  return checkSampleRatio([...shown.values()], published)
}

test('under learned weights raises no false alarm, and its p-values are even', () => {
  const chance = random(9)
  const found = Array.from({ length: 40 }, (_, seed) => shownIn(seed + 1, 0, chance))
  expect(found.filter(({ alarm }) => alarm)).toEqual([])
  const rejected = found.filter(({ p }) => p < 0.05).length / found.length
  expect(rejected).toBeLessThan(0.15)
  expect(Math.max(...found.map(({ evidence }) => evidence))).toBeLessThan(1000)
}, 60_000)

test('notices a cache that gives half of some versions’ visitors one arm', () => {
  const chance = random(9)
  const found = Array.from({ length: 12 }, (_, seed) => shownIn(seed + 1, 0.2, chance))
  expect(found.filter(({ alarm }) => alarm).length).toBeGreaterThan(8)
}, 60_000)

/** Twenty versions that lean more and more to one arm; some visitors come back, counted when it moves them. */
function withReturns({ uniform }: Random, part: number) {
  const known: { place: number; arms: Set<string> }[] = []
  const versions = Array.from({ length: 20 }, (_, n) => ({
    ...{ version: n + 1, at: 0, shares: { '': { a: 5000 + 200 * n, b: 5000 - 200 * n } } },
  }))
  const shown = versions.flatMap(({ version, shares }) => {
    const counts: Record<string, number> = { a: 0, b: 0 }
    for (let n = 0; n < 1500; n++) {
      const back = uniform() < part ? known[Math.floor(uniform() * known.length)] : undefined
      const visitor = back ?? { place: uniform(), arms: new Set<string>() }
      if (!back) known.push(visitor)
      const arm = visitor.place * 10_000 < shares[''].a ? 'a' : 'b'
      if (!visitor.arms.has(arm)) counts[arm] = (counts[arm] ?? 0) + 1
      visitor.arms.add(arm)
    }
    return one(counts.a ?? 0, counts.b ?? 0, version)
  })
  return checkSampleRatio(shown, versions)
}

test('raises no alarm because visitors come back', () => {
  const chance = random(3)
  const found = Array.from({ length: 10 }, () => withReturns(chance, 0.3))
  expect(found.filter(({ alarm }) => alarm)).toEqual([])
})
