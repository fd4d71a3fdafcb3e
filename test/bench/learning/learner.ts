import { relearn } from '../../../src/bandit/learn.ts'
import {
  absorb,
  newState,
  type Policy,
  type Report,
  type Row,
  rowKey,
} from '../../../src/bandit/state.ts'
import { record, type Timeline } from '../../../src/bandit/timeline.ts'
import type { Weights } from '../../../src/model/learning.ts'

/** The learner object without its storage. */
export function newLearner(arms: readonly string[], policy: Policy) {
  const rows = new Map<string, Row>()
  const published: Weights[] = []
  let timeline: Timeline = []
  let state = newState(arms, policy)
  return {
    weights: () => state.weights,
    hear(reports: readonly Report[], now: number) {
      for (const report of reports) {
        const merged = absorb(report, (wanted) => rows.get(rowKey(wanted)))
        for (const { row } of merged) rows.set(rowKey(row), row)
        timeline = record(
          timeline,
          merged.map(({ delta }) => delta),
          now,
        )
      }
      const next = relearn(state, timeline, now)
      if (next) published.push(next.weights)
      state = next ?? state
    },
    results: () => ({ published, rows: [...rows.values()], timeline }),
  }
}
