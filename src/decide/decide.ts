import type { Bundle, CompiledExperience, OpenSlot } from '../model/bundle.ts'
import type { Decision } from '../model/decision.ts'
import { SHARES, type WeightsByExperience } from '../model/learning.ts'
import type { Suppression } from '../model/policy.ts'
import { allocate, type Context } from './allocate.ts'
import { type Answers, answersOf, type Inputs } from './answers.ts'
import { claimsOf } from './claims.ts'
import { isRunning, mayHave, shutVariants } from './shut.ts'
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
  const excluded = bundle.site.excluded?.some((audience) => answers.isIn(audience)) ?? false
  const left = excluded ? 'excluded' : isHeldOut(bundle, answers) ? 'holdout' : undefined
  return answers.slots.flatMap((open) => decideSlot(open, left, { answers, bundle, weights }) ?? [])
}

/**
 * The first experience that has something to show. Policies come before the holdout, so that it is made
 * of those who could have been shown the experience; they come before what is kept, too.
 */
function decideSlot(
  { slot: { id: slot }, experiences }: OpenSlot,
  left: 'excluded' | 'holdout' | undefined,
  context: Context,
): Decision | undefined {
  const { answers, bundle } = context
  const met: Suppression[] = []
  for (const experience of experiences) {
    if (!isRunning(experience, answers.now) || !mayHave(experience.audience, answers)) continue
    if (!isInLayer(experience, bundle, answers)) continue
    if (left === 'excluded') return leaveAlone(experience.id, slot, left)
    const { shut, suppressed } = shutVariants(experience, context, left === undefined)
    met.push(...suppressed)
    if (shut.size === experience.arms.length) continue
    if (left === 'holdout') return withMet(leaveAlone(experience.id, slot, left), met)
    const decision = keptPick(experience, answers.kept, shut) ?? allocate(experience, shut, context)
    if (decision.picks.length > 0) return withMet(withClaims(decision, experience, context), met)
  }
  const [first] = met
  return first && withMet(leaveAlone(first.experience, slot, 'suppressed'), met)
}

/** The holdout has a salt of its own, so that it cuts across every experience alike. */
function isHeldOut({ site }: Bundle, { bucket, measured }: Answers): boolean {
  return measured && bucket(`${site.id}/holdout`) < site.holdout * SHARES
}

/** A layer has a salt of its own: who is in which part of it says nothing about any variant. */
function isInLayer({ layer }: CompiledExperience, { site }: Bundle, { bucket }: Answers): boolean {
  if (!layer) return true
  const place = bucket(`${site.id}/layer/${layer.id}`)
  return layer.from <= place && place < layer.to
}

function leaveAlone(
  experience: string,
  slot: string,
  reason: 'holdout' | 'excluded' | 'suppressed',
): Decision {
  return { slot, experience, picks: [], reason, version: 0, segment: '' }
}

function withMet(decision: Decision, suppressed: readonly Suppression[]): Decision {
  return suppressed.length > 0 ? { ...decision, suppressed } : decision
}

function withClaims(
  decision: Decision,
  experience: CompiledExperience,
  { answers, bundle }: Context,
): Decision {
  const claims = claimsOf(experience, decision.picks, bundle, answers.tier)
  return claims.length > 0 ? { ...decision, claims } : decision
}
