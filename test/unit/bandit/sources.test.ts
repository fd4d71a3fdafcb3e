import { describe, expect, test } from 'vitest'
import { findOddSources, type SourceTally } from '../../../src/bandit/sources.ts'
import { random } from '../../bench/random.ts'

const tally = (source: string, trials: number, rewarded: number, variant = 'a'): SourceTally => ({
  ...{ source, variant, trials, rewarded },
})

const honest = (sources: number, rate: number, seed: number): SourceTally[] => {
  const { uniform } = random(seed)
  return Array.from({ length: sources }, (_, n) => {
    const rewarded = Array.from({ length: 2000 }, uniform).filter((draw) => draw < rate).length
    return tally(`shop:weur:${n}`, 2000, rewarded)
  })
}

describe('findOddSources', () => {
  test('finds nothing among sources that differ by chance', () => {
    for (let seed = 1; seed <= 40; seed++)
      expect(findOddSources(honest(16, 0.03, seed))).toEqual([])
  })

  test('finds the one that is rewarded four times as often', () => {
    const found = findOddSources([...honest(15, 0.03, 1), tally('shop:weur:bad', 2000, 240)])
    expect(found.map(({ source }) => source)).toEqual(['shop:weur:bad'])
    expect(found[0]?.expected).toBeGreaterThan(40)
    expect(found[0]?.expected).toBeLessThan(80)
    expect(found[0]?.score).toBeGreaterThan(4)
  })

  test('finds the one that is never rewarded', () => {
    const found = findOddSources([...honest(15, 0.03, 1), tally('shop:weur:mute', 2000, 0)])
    expect(found.map(({ source, score }) => [source, score < 0])).toEqual([
      ['shop:weur:mute', true],
    ])
  })

  test('does not blame a source for showing better arms', () => {
    const rows = honest(8, 0.02, 1).flatMap((row) => [
      row,
      { ...row, variant: 'b', rewarded: row.rewarded * 5 },
    ])
    const lucky = [tally('lucky', 20, 0), tally('lucky', 4000, 4000 * 0.1, 'b')]
    expect(findOddSources([...rows, ...lucky])).toEqual([])
  })

  test('says nothing of one source alone, or of too little', () => {
    expect(findOddSources([tally('only', 1000, 900)])).toEqual([])
    expect(findOddSources([tally('a', 10, 5), tally('b', 10, 0)])).toEqual([])
    expect(findOddSources([])).toEqual([])
  })

  test('blames nobody where all but a handful come from one source', () => {
    const few = Array.from({ length: 4 }, (_, n) => tally(`shop:weur:${n}`, 2, 0))
    expect(findOddSources([tally('history', 14_000, 900), ...few])).toEqual([])
    expect(findOddSources([tally('history', 14_000, 900), tally('new', 3, 1)])).toEqual([])
  })

  test('makes nothing of counts that are no counts', () => {
    const broken = [
      tally('a', Number.NaN, -5),
      tally('b', -1, Number.POSITIVE_INFINITY),
      ...honest(3, 0.03, 1),
    ]
    for (const { score } of findOddSources(broken)) expect(Number.isFinite(score)).toBe(true)
  })
})
