import { bucket, uniform } from '../bandit/pick.ts'
import type { Bundle, OpenSlot } from '../model/bundle.ts'
import type { Reader } from '../model/segment.ts'
import type { StickyPick } from '../model/sticky.ts'
import type { Subject } from '../model/subject.ts'
import type { ConsentTier } from '../model/visitor.ts'
import { matches } from './condition.ts'
import { suppressionTest, type Verdict } from './suppression.ts'

export interface Inputs {
  readonly subject: Subject
  /** Epoch ms. */
  readonly now: number
  /** False where nobody could be measured (no consent to it): then there is no holdout either. */
  readonly measured: boolean
  /** What this visitor was shown before and keeps. */
  readonly kept?: readonly StickyPick[]
  /** Names (`nameOfClaim`) of what this visitor was refused: whatever needs it is not shown. */
  readonly closed?: ReadonlySet<string>
}

/** All that deciding a page asks of who looks at it. */
export interface Answers {
  readonly now: number
  readonly measured: boolean
  readonly tier: ConsentTier
  readonly kept: readonly StickyPick[]
  readonly closed: ReadonlySet<string>
  readonly slots: readonly OpenSlot[]
  readonly isIn: (audience: string) => boolean
  /** What policies have against a variant; nothing where it may be shown. */
  readonly suppressed: (variant: string) => Verdict | undefined
  readonly read: Reader
  /** Where the visitor falls among ten thousand buckets, by salt. */
  readonly bucket: (salt: string) => number
  /** Where the visitor falls in (0, 1), by salt. */
  readonly level: (salt: string) => number
}

const NOTHING: ReadonlySet<string> = new Set()

/** The answers of a visitor of this page. */
export function answersOf(
  { subject, now, measured, kept = [], closed = NOTHING }: Inputs,
  bundle: Bundle,
  seed: string,
): Answers {
  const isIn = audienceTest(bundle, subject)
  return {
    ...{ now, measured, tier: subject.visitor.tier, kept, closed, isIn },
    suppressed: suppressionTest(bundle, subject, now),
    slots: bundle.slotsByPath.match(subject.signals.path),
    read: readerOf(subject, isIn),
    bucket: (salt) => bucket(salt, seed),
    level: (salt) => uniform(salt, seed),
  }
}

/** Each audience is evaluated once a page view at most. */
function audienceTest(bundle: Bundle, subject: Subject): Answers['isIn'] {
  const known = new Map<string, boolean>()
  return (audience) => {
    const answer = known.get(audience)
    if (answer !== undefined) return answer
    const condition = bundle.audiences[audience]
    const fresh = condition !== undefined && matches(condition, subject)
    known.set(audience, fresh)
    return fresh
  }
}

/** Reads off a subject what segments are told apart by. */
function readerOf({ signals, visitor }: Subject, isIn: Answers['isIn']): Reader {
  return (dimension) => {
    switch (dimension.by) {
      case 'returning':
        return visitor.returning ? 'returning' : 'new'
      case 'signedIn':
        return visitor.signedIn ? 'signed-in' : 'anonymous'
      case 'audience':
        return isIn(dimension.audience) ? 'in' : 'out'
      case 'source':
        return visitor.campaign.source || signals.campaign.source
      default:
        return signals[dimension.by]
    }
  }
}
