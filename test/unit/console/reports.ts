import { HOLDOUT_ARM } from '../../../src/model/exposure.ts'
import { NO_COUNTS } from '../../../src/model/learning.ts'
import type { Standing } from '../../../src/model/overview.ts'
import type { ArmReport, Lift, Report } from '../../../src/model/report.ts'

/** An arm as a table row: id, share in ten-thousandths, trials (delivered and seen), rewards. */
export type ArmRow = readonly [arm: string, share: number, trials: number, rewarded: number]

/** An arm's report; the interval is a round ±1 percentage point. */
export function toArm([arm, share, trials, rewarded]: ArmRow): ArmReport {
  const rate = trials > 0 ? rewarded / trials : null
  return {
    ...{ arm, share, rate },
    name: arm === HOLDOUT_ARM ? 'Left alone' : arm.toUpperCase(),
    counts: { ...NO_COUNTS, delivered: trials, seen: trials, rewarded },
    interval: rate === null ? null : [rate - 0.01, rate + 0.01],
    ...{ believed: rate, best: null, expectedLoss: null, lift: null, worth: null },
  }
}

/** A bandit with a goal that has learned, unless `more` says otherwise. */
export function toReport(rows: readonly ArmRow[], more: Partial<Report> = {}): Report {
  return {
    ...{ generatedAt: 0, id: 'hero', name: 'Home hero', slot: 'hero', allocation: 'bandit' },
    ...{ goal: 'Purchase', rung: 'seen', version: 7, zone: 'UTC', measure: 'rewards' },
    ...{ control: rows[0]?.[0] ?? null, segment: null, verdict: { kind: 'nothing' } },
    ...{ caveats: [], worth: null, saved: null, days: [], segments: [], history: [], audit: null },
    watched: [],
    arms: rows.map(toArm),
    ...more,
  }
}

/** A lift of so much, clear by ±5 %. */
export function toLift(relative: number | null, clear: Lift['clear'] = null): Lift {
  const around = (estimate: number, half: number) => ({
    estimate,
    once: [estimate - half / 2, estimate + half / 2] as [number, number],
    always: [estimate - half, estimate + half] as [number, number],
  })
  return {
    ...{ visitors: 9000, clear, more: clear ? 0 : 35_400 },
    difference: around((relative ?? 0.1) / 20, 0.0025),
    relative: relative === null ? null : around(relative, 0.05),
  }
}

export function toStanding(more: Partial<Standing> = {}): Standing {
  return {
    ...{ id: 'hero', name: 'Home hero', slot: 'hero', allocation: 'bandit', goal: 'Purchase' },
    ...{ shown: 9000, lately: 900, rewarded: 90, verdict: { kind: 'nothing' }, control: 'a' },
    ...{ names: { a: 'Calm', b: '' }, lift: null, worth: null, caveats: [], harmed: [] },
    ...more,
  }
}
