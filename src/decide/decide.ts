import { pickByShares, rankByShares } from '../bandit/pick.ts'
import { sharesOf } from '../bandit/shares.ts'
import type { Bundle, CompiledExperience } from '../model/bundle.ts'
import type { Decision } from '../model/decision.ts'
import { SHARES, type Weights, type WeightsByExperience } from '../model/learning.ts'
import { segmentOf } from '../model/segment.ts'
import { type Answers, answersOf, type Inputs } from './answers.ts'
import { keptPick } from './sticky.ts'

/**
 * What every slot of this page shows, by rule, fixed share or learned share. Pure: the same inputs,
 * bundle, weights and seed give the same decisions, so that each of them can be replayed.
 */
export function decide(
  inputs: Inputs,
  bundle: Bundle,
  weights: WeightsByExperience,
  seed: string,
): Decision[] {
  return decideBy(answersOf(inputs, bundle, seed), bundle, weights)
}

/** The same by answers that may have been written down. */
export function decideBy(
  answers: Answers,
  bundle: Bundle,
  weights: WeightsByExperience,
): Decision[] {
  const { now, isIn, slots, kept, measured } = answers
  const excluded = bundle.site.excluded?.some((audience) => isIn(audience)) ?? false
  const heldOut = measured && isHeldOut(bundle, answers)
  return slots.flatMap(({ experiences }) => {
    for (const experience of experiences) {
      if (!isRunning(experience, now) || !mayHave(experience.audience, answers)) continue
      if (!isInLayer(experience, bundle, answers)) continue
      if (excluded) return leaveAlone(experience, 'excluded')
      if (heldOut) return leaveAlone(experience, 'holdout')
      const before = experience.sticky && keptPick(experience, kept)
      if (before) return before
      const decision = allocate(experience, { answers, bundle, weights })
      if (decision.picks.length > 0) return decision
    }
    return []
  })
}

/** What names no audience is for everybody. */
function mayHave(audience: string | undefined, { isIn }: Answers): boolean {
  return audience === undefined || isIn(audience)
}

/** The holdout has a salt of its own, so that it cuts across every experience alike. */
function isHeldOut({ site }: Bundle, { bucket }: Answers): boolean {
  return bucket(`${site.id}/holdout`) < site.holdout * SHARES
}

/** A layer has a salt of its own: who is in which part of it says nothing about any variant. */
function isInLayer({ layer }: CompiledExperience, { site }: Bundle, { bucket }: Answers): boolean {
  if (!layer) return true
  const place = bucket(`${site.id}/layer/${layer.id}`)
  return layer.from <= place && place < layer.to
}

function isRunning({ from, until }: { from?: number; until?: number }, now: number): boolean {
  return (from === undefined || now >= from) && (until === undefined || now < until)
}

function leaveAlone({ slot, id }: CompiledExperience, reason: 'holdout' | 'excluded'): Decision {
  return { slot, experience: id, picks: [], reason, version: 0, segment: '' }
}

interface Context {
  readonly answers: Answers
  readonly bundle: Bundle
  readonly weights: WeightsByExperience
}

function allocate(experience: CompiledExperience, context: Context): Decision {
  const { id, slot, kind } = experience
  const { answers, bundle } = context
  const segment = experience.segments ? segmentOf(experience.segments, answers.read) : ''
  const { version, arms } = currentShares(experience, segment, context)
  const salt = `${bundle.site.id}/${id}`
  const picks =
    kind === 'ranked' ? rank(experience, arms, salt, context) : pick(arms, answers.bucket(salt))
  return { slot, experience: id, picks, reason: kind, version, segment }
}

type Arms = readonly (readonly [variant: string, share: number])[]

interface Shares {
  readonly version: number
  readonly arms: Arms
}

/** What published weights mean, by segment, for the arms of a bundle. */
type Meanings = Map<string, { readonly of: Arms; readonly shares: Shares }>

/** Published weights never change: what they mean is found out once. */
const meanings = new WeakMap<Weights, Meanings>()

function currentShares(
  { id, kind, arms }: CompiledExperience,
  segment: string,
  { weights }: Context,
): Shares {
  const learned = kind === 'bandit' || kind === 'ranked' ? weights[id] : undefined
  if (!learned) return { version: 0, arms }
  const bySegment: Meanings = meanings.get(learned) ?? new Map()
  meanings.set(learned, bySegment)
  const known = bySegment.get(segment)
  if (known?.of === arms) return known.shares
  const shares = toShares(learned, segment, arms)
  bySegment.set(segment, { of: arms, shares })
  return shares
}

/**
 * Learned shares where they cover exactly the bundle's arms; the bundle's own (version 0) elsewhere. A
 * segment that nothing is known of has everybody's.
 */
function toShares(learned: Weights, segment: string, arms: Arms): Shares {
  const shares = sharesOf(learned, segment)
  if (!shares) return { version: 0, arms }
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
  { bundle, answers }: Context,
): Decision['picks'] {
  const open = arms.flatMap(([variant, share]) => {
    const offer = bundle.variants[variant]?.offer
    if (!offer || !isRunning(offer, answers.now) || !mayHave(offer.eligible, answers)) return []
    return [{ variant, weight: share * offer.value }]
  })
  const { order, propensities } = rankByShares(
    open.map(({ variant }) => variant),
    open.map(({ weight }) => weight),
    show,
    (variant) => answers.level(`${salt}/${variant}`),
  )
  return order.flatMap((index, place) => {
    const variant = open[index]?.variant
    return variant === undefined ? [] : [{ variant, propensity: propensities[place] ?? 0 }]
  })
}
