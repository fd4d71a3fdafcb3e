import type { Condition } from '../../model/audience.ts'
import { type Answer, call, sitePath } from '../call.ts'
import type { Sample } from './sample.ts'

/** Whether a visitor matches, and why. */
export interface Explanation {
  readonly matches: boolean
  readonly sentence: string
  readonly clauses: readonly {
    readonly sentence: string
    readonly matches: boolean
    /** What the visitor has there. */
    readonly actual: unknown
  }[]
}

export function explainAudience(
  site: string,
  condition: Condition,
  visitor: Sample,
): Answer<Explanation> {
  return call('POST', sitePath(site, 'audiences', 'explain'), { condition, visitor })
}
