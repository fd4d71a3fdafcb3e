import type { Configuration, Kind } from '../model/configuration.ts'
import type { Allocation, Experience } from '../model/experience.ts'
import type { Policy } from '../model/policy.ts'
import type { Dimension } from '../model/segment.ts'
import type { Site } from '../model/site.ts'
import type { Variant } from '../model/variant.ts'

/** One thing that names another. */
export interface Reference {
  readonly kind: Kind | 'layers'
  readonly id: string
  /** Where in the configuration it is named. */
  readonly pointer: string
  /** What names it, for people. */
  readonly by: string
}

type Named = Pick<Reference, 'kind' | 'pointer'> & { readonly id: string | undefined }

/** Everything in a configuration that is named by something else in it. */
export function referencesOf({
  site,
  variants,
  policies,
  experiences,
}: Configuration): Reference[] {
  return [
    ...from('The site', '/site', referencesOfSite(site)),
    ...variants.flatMap((variant, at) =>
      from(nameOf('variant', variant), `/variants/${at}`, referencesOfVariant(variant)),
    ),
    ...policies.flatMap((policy, at) =>
      from(nameOf('policy', policy), `/policies/${at}`, referencesOfPolicy(policy)),
    ),
    ...experiences.flatMap((experience, at) =>
      from(
        nameOf('experience', experience),
        `/experiences/${at}`,
        referencesOfExperience(experience),
      ),
    ),
  ]
}

function referencesOfSite({ excluded = [] }: Site): Named[] {
  return excluded.map((id, at) => ({ kind: 'audiences', id, pointer: `/excluded/${at}` }))
}

function referencesOfVariant({ module, offer }: Variant): Named[] {
  return [
    { kind: 'modules', id: module, pointer: '/module' },
    { kind: 'audiences', id: offer?.eligible, pointer: '/offer/eligible' },
  ]
}

function referencesOfPolicy(policy: Policy): Named[] {
  return 'attribute' in policy
    ? [{ kind: 'attributes', id: policy.attribute, pointer: '/attribute' }]
    : []
}

function referencesOfExperience(experience: Experience): Named[] {
  const { slot, audience, layer, goal, watched = [], variants, allocation } = experience
  return [
    ...dimensionsOf(allocation).flatMap((dimension, at): Named[] =>
      dimension.by === 'audience'
        ? [
            {
              ...{ kind: 'audiences', id: dimension.audience },
              pointer: `/allocation/segments/${at}/audience`,
            },
          ]
        : [],
    ),
    { kind: 'slots', id: slot, pointer: '/slot' },
    { kind: 'audiences', id: audience, pointer: '/audience' },
    { kind: 'layers', id: layer?.id, pointer: '/layer/id' },
    { kind: 'goals', id: goal, pointer: '/goal' },
    ...watched.map(
      (other, at): Named => ({ kind: 'goals', id: other.goal, pointer: `/watched/${at}/goal` }),
    ),
    ...variants.map(
      ({ variant }, at): Named => ({
        ...{ kind: 'variants', id: variant, pointer: `/variants/${at}/variant` },
      }),
    ),
  ]
}

/** What names a thing, so that it cannot go without it. */
export function usesOf(configuration: Configuration, kind: Kind, id: string): Reference[] {
  return referencesOf(configuration).filter((found) => found.kind === kind && found.id === id)
}

/** Segments of an allocation, where it has any. */
export function dimensionsOf(allocation: Allocation): readonly Dimension[] {
  return allocation.kind === 'split' ? [] : allocation.segments
}

function from(by: string, within: string, named: readonly Named[]): Reference[] {
  return named.flatMap(({ kind, id, pointer }) =>
    id === undefined ? [] : [{ kind, id, pointer: `${within}${pointer}`, by }],
  )
}

function nameOf(kind: string, { id, name }: { readonly id: string; readonly name?: string }) {
  return `The ${kind} “${name || id}”`
}
