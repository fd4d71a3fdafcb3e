import type { Policy } from '../../../src/bandit/state.ts'

/** A bandit with nothing out of the ordinary. */
export const POLICY: Policy = {
  ...{ kind: 'bandit', floor: 0.01, rung: 'delivered', window: 24 * 3_600_000 },
  ...{ aim: 'rewards', pace: 'auto', segments: [] },
}
