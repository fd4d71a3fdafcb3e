import { uniform } from '../bandit/pick.ts'
import type { Bundle, CompiledExperience } from '../model/bundle.ts'
import type { Decision } from '../model/decision.ts'
import { SHARES } from '../model/learning.ts'
import { segmentNames } from '../model/segment.ts'
import type { StickyPick } from '../model/sticky.ts'

/** Six million names: those of an experience's variants are its own, so both would have to clash. */
const LETTERS = 5

/** A short name that cannot be told from another's once in 36⁵ pairs. */
function shortName(kind: string, name: string): string {
  return Math.floor(uniform(kind, name) * 36 ** LETTERS)
    .toString(36)
    .padStart(LETTERS, '0')
}

const experienceName = (id: string) => shortName('experience/', id)
const variantName = (experience: string, id: string) => shortName(`variant/${experience}/`, id)
const segmentName = (name: string) => (name === '' ? '' : shortName('segment/', name))

/**
 * What a visitor was shown by a sticky experience and keeps, with the version and the propensity of
 * then; nothing where it is shut or no longer one of the arms, or where two go by its short name.
 */
export function keptPick(
  { id, slot, arms, sticky, segments = [] }: CompiledExperience,
  kept: readonly StickyPick[],
  shut: ReadonlySet<string>,
): Decision | undefined {
  if (!sticky) return undefined
  const name = experienceName(id)
  const known = kept.find(({ experience }) => experience === name)
  if (!known) return undefined
  const [arm, ...others] = arms.filter(([variant]) => variantName(id, variant) === known.variant)
  if (!arm || others.length > 0 || shut.has(arm[0])) return undefined
  // Where visitors are divided otherwise by now, it counts as everybody's.
  const segment = segmentNames(segments).find((one) => segmentName(one) === known.segment) ?? ''
  const picks = [{ variant: arm[0], propensity: known.share / SHARES }]
  return { slot, experience: id, picks, reason: 'sticky', version: known.version, segment }
}

/** The picks on a page that its visitor is to keep, whether made on it or before. */
export function toSticky(decisions: readonly Decision[], bundle: Bundle): StickyPick[] {
  return decisions.flatMap(({ experience, picks, version, segment }) => {
    const [pick] = picks
    if (!pick || !bundle.experienceById.get(experience)?.sticky) return []
    return [
      {
        experience: experienceName(experience),
        variant: variantName(experience, pick.variant),
        version,
        share: Math.round(pick.propensity * SHARES),
        segment: segmentName(segment),
      },
    ]
  })
}
