import { describe, expect, test } from 'vitest'
import type { Insight } from '../../../src/model/overview.ts'
import { lastMonday, type Told, toChanges } from '../../../src/reports/changes.ts'

const HOUR = 3_600_000
const won: Insight = { kind: 'winner', experience: 'hero', arm: 'b' }
const stuck = (since: number): Insight => ({ kind: 'weights_stuck', experience: 'hero', since })

/** Looks once an hour, and writes down what is told when. */
function told(looks: readonly (readonly Insight[])[]): string[] {
  let before: Told = {}
  return looks.flatMap((insights, hour) => {
    const changes = toChanges(before, insights, hour * HOUR)
    before = changes.told
    return [
      ...changes.raised.map(({ kind }) => `${hour}+${kind}`),
      ...changes.cleared.map(({ kind }) => `${hour}-${kind}`),
    ]
  })
}

describe('what is told of a site', () => {
  test('is told once for as long as it lasts, whatever its times and figures do', () => {
    expect(told([[], [stuck(1)], [stuck(1), won], [stuck(2), won]])).toEqual([
      '1+weights_stuck',
      '2+winner',
    ])
  })

  test('is over once it was not so for a day; what comes and goes is told once', () => {
    const day = Array.from({ length: 24 }, () => [])
    expect(told([[won], ...day])).toEqual(['0+winner', '24-winner'])
    expect(told([[won], [], [won], [], [won]])).toEqual(['0+winner'])
    expect(told([[won], ...day, [won]])).toEqual(['0+winner', '24-winner', '25+winner'])
  })

  test('is told of each variant and each experience', () => {
    const all: Insight[] = [won, { ...won, arm: 'c' }, { ...won, experience: 'other' }]
    expect(told([all, all])).toEqual(['0+winner', '0+winner', '0+winner'])
  })
})

describe('the last Monday at 7', () => {
  test.each([
    ['2026-11-28T06:00:00Z', 'UTC', '2026-11-23T07:00:00Z'],
    ['2026-11-23T07:00:00Z', 'UTC', '2026-11-23T07:00:00Z'],
    ['2026-11-23T06:59:59Z', 'UTC', '2026-11-16T07:00:00Z'],
    ['2026-11-23T06:30:00Z', 'Europe/Stockholm', '2026-11-23T06:00:00Z'],
    ['2026-06-15T05:00:00Z', 'Europe/Stockholm', '2026-06-15T05:00:00Z'],
    // The week in which clocks go back has an hour more.
    ['2026-11-01T12:00:00Z', 'America/New_York', '2026-10-26T11:00:00Z'],
    ['2026-11-02T12:00:00Z', 'America/New_York', '2026-11-02T12:00:00Z'],
    // Half past, by a clock that differs by half an hour: the look after 7.
    ['2026-11-23T02:00:00Z', 'Asia/Kolkata', '2026-11-23T02:00:00Z'],
  ])('before %s in %s', (now, zone, monday) => {
    expect(new Date(lastMonday(Date.parse(now), zone)).toISOString()).toBe(
      new Date(monday).toISOString(),
    )
  })
})
