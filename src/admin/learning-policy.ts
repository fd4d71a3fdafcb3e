import type { Policy } from '../bandit/state.ts'
import type { CompiledExperience } from '../model/bundle.ts'
import { segmentNames } from '../model/segment.ts'

/** How an experience comes to its shares; nothing where there is one variant alone. */
export function toPolicy(experience: CompiledExperience): Policy | undefined {
  const { kind, arms, floor, rung, window, aim, pace, halfLife, segments } = experience
  if (kind === 'rule') return undefined
  return {
    ...{ kind, floor, rung, window, aim: aim ?? 'rewards', pace: pace ?? 'auto' },
    ...(kind === 'split' && { fixed: Object.fromEntries(arms) }),
    ...(halfLife && { halfLife }),
    segments: segmentNames(segments ?? []),
  }
}
