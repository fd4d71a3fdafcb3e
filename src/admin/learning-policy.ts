import type { Policy } from '../bandit/state.ts'
import type { CompiledExperience } from '../model/bundle.ts'
import { segmentNames } from '../model/segment.ts'

/** How an experience learns; nothing where its shares are fixed. */
export function toPolicy(experience: CompiledExperience): Policy | undefined {
  const { kind, floor, rung, window, aim, pace, halfLife, segments } = experience
  if (kind !== 'bandit' && kind !== 'ranked') return undefined
  return {
    ...{ kind, floor, rung, window, aim: aim ?? 'rewards', pace: pace ?? 'auto' },
    ...(halfLife && { halfLife }),
    segments: segmentNames(segments ?? []),
  }
}
