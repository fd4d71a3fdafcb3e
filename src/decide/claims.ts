import type { Bundle, CompiledExperience } from '../model/bundle.ts'
import { type Claim, nameOfClaim, quotaOf } from '../model/cap.ts'
import type { Decision } from '../model/decision.ts'
import type { ConsentTier } from '../model/visitor.ts'
import { governs } from './suppression.ts'

const HOUR_MS = 3_600_000

/** All that an experience's picks need, each claim once. */
export function claimsOf(
  experience: CompiledExperience,
  picks: Decision['picks'],
  bundle: Bundle,
  tier: ConsentTier,
): Claim[] {
  const all = [
    ...claimsOfExperience(experience),
    ...picks.flatMap(({ variant }) => claimsOfVariant(variant, experience, bundle, tier)),
  ]
  return [...new Map(all.map((claim) => [nameOfClaim(claim), claim])).values()]
}

/** What an experience needs, whichever of its variants is shown: a place in its group, a view to spare. */
export function claimsOfExperience({ id, cap = {} }: CompiledExperience): Claim[] {
  const { people, perPerson } = cap
  return [
    ...(people === undefined
      ? []
      : [{ kind: 'place' as const, quota: quotaOf('group', id), most: people }]),
    ...(perPerson === undefined
      ? []
      : [
          {
            ...{ kind: 'frequency' as const, cap: id },
            ...{ times: perPerson.times, window: perPerson.hours * HOUR_MS },
          },
        ]),
  ]
}

/**
 * What one of an experience's variants needs besides: a unit of its stock, and that no other campaign
 * has addressed the visitor. Nobody can be addressed where there is no identifier: whether that
 * is shown to them is for the policy's `anonymous` to say.
 */
export function claimsOfVariant(
  variant: string,
  { id, campaign = id }: CompiledExperience,
  { variants, policies = [] }: Bundle,
  tier: ConsentTier,
): Claim[] {
  const { offer, product } = variants[variant] ?? {}
  return [
    ...(offer?.stock === undefined
      ? []
      : [{ kind: 'place' as const, quota: quotaOf('stock', variant), most: offer.stock }]),
    ...policies.flatMap((policy) =>
      policy.kind === 'addressed' && tier > 0 && governs(policy, product)
        ? [
            {
              ...{ kind: 'addressed' as const, policy: policy.id, campaign },
              window: policy.hours * HOUR_MS,
            },
          ]
        : [],
    ),
  ]
}
