import type { Bundle, CompiledExperience } from '../model/bundle.ts'
import { nameOfClaim } from '../model/cap.ts'
import type { Suppression } from '../model/policy.ts'
import type { Context } from './allocate.ts'
import type { Answers } from './answers.ts'
import { claimsOfExperience, claimsOfVariant } from './claims.ts'

/** What names no audience is for everybody. */
export function mayHave(audience: string | undefined, { isIn }: Answers): boolean {
  return audience === undefined || isIn(audience)
}

/** Times in epoch ms; the end is not part of it. */
export function isRunning(
  { from, until }: { readonly from?: number; readonly until?: number },
  now: number,
): boolean {
  return (from === undefined || now >= from) && (until === undefined || now < until)
}

export interface Shut {
  /** Variants that this visitor is not to be shown by an experience, for whatever reason. */
  readonly shut: ReadonlySet<string>
  /** Those among them that policies keep back. */
  readonly suppressed: readonly Suppression[]
}

const ALL_OPEN: Shut = { shut: new Set(), suppressed: [] }

/**
 * Which of an experience's variants policies, an offer's dates and audience, or claims that were
 * refused (unless nothing is going to be claimed) keep from this visitor.
 */
export function shutVariants(
  experience: CompiledExperience,
  { answers, bundle }: Context,
  claims: boolean,
): Shut {
  if (!canShut(experience, bundle)) return ALL_OPEN
  const names = experience.arms.map(([variant]) => variant)
  const suppressed = names.flatMap((variant): Suppression[] => {
    const verdict = answers.suppressed(variant)
    return verdict ? [{ experience: experience.id, variant, ...verdict }] : []
  })
  const shut = new Set(suppressed.map(({ variant }) => variant))
  const isClosed = closedTest(experience, answers, bundle, claims)
  for (const variant of names) {
    if (!isOffered(variant, bundle, answers) || isClosed(variant)) shut.add(variant)
  }
  return { shut, suppressed }
}

function isOffered(variant: string, { variants }: Bundle, answers: Answers): boolean {
  const offer = variants[variant]?.offer
  return !offer || (isRunning(offer, answers.now) && mayHave(offer.eligible, answers))
}

/** Refused claims of the experience shut all of its variants, those of a variant that one. */
function closedTest(
  experience: CompiledExperience,
  { closed, tier }: Answers,
  bundle: Bundle,
  claims: boolean,
): (variant: string) => boolean {
  if (!claims || closed.size === 0) return () => false
  const isClosed = (claim: Parameters<typeof nameOfClaim>[0]) => closed.has(nameOfClaim(claim))
  if (claimsOfExperience(experience).some(isClosed)) return () => true
  return (variant) => claimsOfVariant(variant, experience, bundle, tier).some(isClosed)
}

/** What no visitor can be kept from is not looked at page by page. */
function canShut(experience: CompiledExperience, bundle: Bundle): boolean {
  const known = shuttable.get(bundle)?.get(experience)
  if (known !== undefined) return known
  const fresh =
    experience.cap !== undefined ||
    (bundle.policies ?? []).length > 0 ||
    experience.arms.some(([variant]) => bundle.variants[variant]?.offer !== undefined)
  const ofBundle = shuttable.get(bundle) ?? new WeakMap<CompiledExperience, boolean>()
  shuttable.set(bundle, ofBundle.set(experience, fresh))
  return fresh
}

const shuttable = new WeakMap<Bundle, WeakMap<CompiledExperience, boolean>>()
