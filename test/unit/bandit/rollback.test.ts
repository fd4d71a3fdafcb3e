import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { relearn } from '../../../src/bandit/learn.ts'
import { keep, outset, rollBack, withoutVoided } from '../../../src/bandit/rollback.ts'
import { newState } from '../../../src/bandit/state.ts'
import {
  type Cell,
  record,
  subtractCells,
  sumCells,
  type Timeline,
} from '../../../src/bandit/timeline.ts'
import { NO_COUNTS } from '../../../src/model/learning.ts'
import { POLICY } from './policy.ts'

const told = (variant: string, delivered: number, rewarded: number): Cell => ({
  ...{ segment: '', variant, counts: { ...NO_COUNTS, delivered, rewarded } },
})

const HOUR = 3_600_000

/** Learns after each report, an hour apart, and keeps every version. */
function learnFrom(reports: readonly (readonly Cell[])[]) {
  let [state, timeline]: [ReturnType<typeof newState>, Timeline] = [
    newState(['a', 'b'], POLICY),
    [],
  ]
  const kept = [outset(state)]
  for (const [hour, cells] of reports.entries()) {
    timeline = record(timeline, cells, hour * HOUR + HOUR)
    const next = relearn(state, timeline, hour * HOUR + HOUR + 5000, { force: true })
    state = next ?? state
    kept.push(keep(state, timeline))
  }
  return { state, timeline, kept, now: reports.length * HOUR + 2 * HOUR }
}

const honest = [told('a', 2000, 40), told('b', 2000, 120)]
const poison = [told('a', 3000, 2500)]

describe('a roll-back', () => {
  test('publishes the earlier shares under a new number and forgets what came since', () => {
    const { state, timeline, kept, now } = learnFrom([honest, poison, poison])
    const [, first] = kept
    expect(first?.weights.shares['']?.b).toBeGreaterThan(9000)
    expect(state.weights.shares['']?.a).toBeGreaterThan(9000)
    const back = rollBack(state, timeline, first ?? outset(state), now)
    expect(back.state.weights).toEqual({ version: 4, at: now, shares: first?.weights.shares })
    expect(new Set(sumCells(back.timeline))).toEqual(new Set(honest))
    expect(back.state.voided).toEqual([[2, 3]])
    const again = relearn(back.state, back.timeline, now + HOUR, { force: true })
    expect(again?.weights.shares['']?.b).toBeGreaterThan(9000)
  })

  test('is not undone by what the versions in between are still told', () => {
    const { state, timeline, kept, now } = learnFrom([honest, poison])
    const back = rollBack(state, timeline, kept[1] ?? outset(state), now)
    const late = [1, 2, 3].map((version) => ({ ...told('a', 500, 500), version }))
    expect(withoutVoided(late, back.state.voided).map(({ version }) => version)).toEqual([1, 3])
  })

  test('to the outset begins anew', () => {
    const { state, timeline, now } = learnFrom([honest, poison])
    const back = rollBack(state, timeline, outset(state), now)
    expect(back.timeline).toEqual([])
    expect(back.state.weights.shares).toEqual({ '': { a: 5000, b: 5000 } })
    expect(back.state.voided).toEqual([[1, 2]])
  })

  test('can be gone behind, and be rolled back itself', () => {
    const { state, timeline, kept, now } = learnFrom([honest, poison, honest])
    const [, first, second] = kept
    const back = rollBack(state, timeline, first ?? outset(state), now)
    const forth = rollBack(back.state, back.timeline, second ?? outset(state), now + HOUR)
    expect(forth.state.voided).toEqual([[3, 4]])
    expect(forth.state.weights.shares).toEqual(second?.weights.shares)
    expect(subtractCells(sumCells(forth.timeline), second?.cells ?? [])).toEqual([])
  })

  test('learns anew from what was known then where the arms are others now', () => {
    const { state, timeline, kept, now } = learnFrom([honest, poison])
    const other = { ...state, arms: ['b', 'c'] }
    const back = rollBack(other, timeline, kept[1] ?? outset(state), now)
    expect(Object.keys(back.state.weights.shares[''] ?? {})).toEqual(['b', 'c'])
  })

  test('leaves exactly what was kept, whenever it comes', () => {
    const anyReports = fc.array(
      fc.array(
        fc.record({
          variant: fc.constantFrom('a', 'b'),
          delivered: fc.nat(900),
          rewarded: fc.nat(90),
        }),
        { maxLength: 3 },
      ),
      { minLength: 1, maxLength: 30 },
    )
    fc.assert(
      fc.property(anyReports, fc.nat(), (reports, pick) => {
        const cells = reports.map((report) =>
          report.map(({ variant, delivered, rewarded }) => told(variant, delivered, rewarded)),
        )
        const { state, timeline, kept, now } = learnFrom(cells)
        const to = kept[pick % kept.length] ?? outset(state)
        const back = rollBack(state, timeline, to, now)
        expect(subtractCells(sumCells(back.timeline), to.cells)).toEqual([])
      }),
      { seed: 1, numRuns: 60 },
    )
  })
})
