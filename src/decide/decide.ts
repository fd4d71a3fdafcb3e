import { bucket, pickByShares, rankByShares, uniform } from '../bandit/pick.ts'
import { sharesOf } from '../bandit/shares.ts'
import type { Bundle, CompiledExperience } from '../model/bundle.ts'
import type { Decision } from '../model/decision.ts'
import { SHARES, type WeightsByExperience } from '../model/learning.ts'
import { type Reader, segmentOf } from '../model/segment.ts'
import type { StickyPick } from '../model/sticky.ts'
import type { Subject } from '../model/subject.ts'
import { matches } from './condition.ts'
import { keptPick } from './sticky.ts'

export interface Inputs {
  readonly subject: Subject
  /** Epoch ms. */
  readonly now: number
  /** False where nobody could be measured (no consent to it): then there is no holdout either. */
  readonly measured: boolean
  /** What this visitor was shown before and keeps. */
  readonly kept?: readonly StickyPick[]
}

/**
 * What every slot of this page shows, by rule, fixed share or learned share. Pure: the same inputs,
 * bundle, weights and seed give the same decisions, so that each of them can be replayed.
 */
export function decide(
  { subject, now, measured, kept = [] }: Inputs,
  bundle: Bundle,
  weights: WeightsByExperience,
  seed: string,
): Decision[] {
  const isIn = audienceTest(bundle, subject)
  const excluded = bundle.site.excluded?.some(isIn) ?? false
  const heldOut = measured && isHeldOut(bundle, seed)
  return bundle.slotsByPath.match(subject.signals.path).flatMap(({ experiences }) => {
    for (const experience of experiences) {
      if (!isRunning(experience, now) || !isIn(experience.audience)) continue
      if (!isInLayer(experience, bundle, seed)) continue
      if (excluded) return leaveAlone(experience, 'excluded')
      if (heldOut) return leaveAlone(experience, 'holdout')
      const before = experience.sticky && keptPick(experience, kept)
      if (before) return before
      const decision = allocate(experience, { subject, bundle, weights, seed, now, isIn })
      if (decision.picks.length > 0) return decision
    }
    return []
  })
}

type AudienceTest = (audience: string | undefined) => boolean

/** Each audience is evaluated once a page view at most. */
function audienceTest(bundle: Bundle, subject: Subject): AudienceTest {
  const known = new Map<string, boolean>()
  return (audience) => {
    if (audience === undefined) return true
    const answer = known.get(audience)
    if (answer !== undefined) return answer
    const condition = bundle.audiences[audience]
    const fresh = condition !== undefined && matches(condition, subject)
    known.set(audience, fresh)
    return fresh
  }
}

/** The holdout has a salt of its own, so that it cuts across every experience alike. */
function isHeldOut({ site }: Bundle, seed: string): boolean {
  return bucket(`${site.id}/holdout`, seed) < site.holdout * SHARES
}

/** A layer has a salt of its own: who is in which part of it says nothing about any variant. */
function isInLayer({ layer }: CompiledExperience, { site }: Bundle, seed: string): boolean {
  if (!layer) return true
  const place = bucket(`${site.id}/layer/${layer.id}`, seed)
  return layer.from <= place && place < layer.to
}

function isRunning({ from, until }: { from?: number; until?: number }, now: number): boolean {
  return (from === undefined || now >= from) && (until === undefined || now < until)
}

function leaveAlone({ slot, id }: CompiledExperience, reason: 'holdout' | 'excluded'): Decision {
  return { slot, experience: id, picks: [], reason, version: 0, segment: '' }
}

interface Context {
  readonly subject: Subject
  readonly bundle: Bundle
  readonly weights: WeightsByExperience
  readonly seed: string
  readonly now: number
  readonly isIn: AudienceTest
}

function allocate(experience: CompiledExperience, context: Context): Decision {
  const { id, slot, kind } = experience
  const segment = experience.segments ? segmentOf(experience.segments, readerOf(context)) : ''
  const { version, arms } = currentShares(experience, segment, context)
  const salt = `${context.bundle.site.id}/${id}`
  const picks =
    kind === 'ranked'
      ? rank(experience, arms, salt, context)
      : pick(arms, bucket(salt, context.seed))
  return { slot, experience: id, picks, reason: kind, version, segment }
}

/** Reads off a subject what segments are told apart by. */
function readerOf({ subject: { signals, visitor }, isIn }: Context): Reader {
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

type Arms = readonly (readonly [variant: string, share: number])[]

/**
 * Learned shares where they cover exactly the bundle's arms; the bundle's own (version 0) elsewhere. A
 * segment that nothing is known of has everybody's.
 */
function currentShares(
  { id, kind, arms }: CompiledExperience,
  segment: string,
  { weights }: Context,
): { version: number; arms: Arms } {
  const learned = kind === 'bandit' || kind === 'ranked' ? weights[id] : undefined
  const shares = learned && sharesOf(learned, segment)
  if (!learned || !shares) return { version: 0, arms }
  // Not a number where an arm is new, and neither is the sum then.
  const current = arms.map(([variant]) => [variant, shares[variant] ?? Number.NaN] as const)
  const sum = current.reduce((total, [, share]) => total + share, 0)
  return sum === SHARES ? { version: learned.version, arms: current } : { version: 0, arms }
}

function pick(arms: Arms, place: number): Decision['picks'] {
  const picked = pickByShares(arms, place)
  const variant = picked && arms[picked.index]?.[0]
  return picked && variant !== undefined ? [{ variant, propensity: picked.propensity }] : []
}

/** Worth × probability weighs an offer; those out of date or not for this person never enter. */
function rank(
  { show }: CompiledExperience,
  arms: Arms,
  salt: string,
  { bundle, seed, now, isIn }: Context,
): Decision['picks'] {
  const open = arms.flatMap(([variant, share]) => {
    const offer = bundle.variants[variant]?.offer
    if (!offer || !isRunning(offer, now) || !isIn(offer.eligible)) return []
    return [{ variant, weight: share * offer.value }]
  })
  const { order, propensities } = rankByShares(
    open.map(({ variant }) => variant),
    open.map(({ weight }) => weight),
    show,
    (variant) => uniform(`${salt}/${variant}`, seed),
  )
  return order.flatMap((index, place) => {
    const variant = open[index]?.variant
    return variant === undefined ? [] : [{ variant, propensity: propensities[place] ?? 0 }]
  })
}
