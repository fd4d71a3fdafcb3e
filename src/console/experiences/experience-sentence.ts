import type { Experience } from '../../model/experience.ts'

/** What things are called; an id where nothing else is known. */
export type Names = (kind: 'slots' | 'audiences' | 'variants' | 'goals', id: string) => string

/** What an experience does, in a sentence or two. */
export function experienceSentence(experience: Experience, names: Names): string {
  const { slot, audience, goal, paused, from, until } = experience
  if (slot === '' || experience.variants.length === 0) {
    return 'Choose a slot and at least one variant.'
  }
  const who = audience ? `“${names('audiences', audience)}”` : 'Everybody'
  const aim = goal ? `, to bring about “${names('goals', goal)}”` : ''
  const when = [from && `from ${day(from)}`, until && `until ${day(until)}`].filter(Boolean)
  return [
    `${who} gets ${shown(experience, names)} in “${names('slots', slot)}”${aim}.`,
    ...(when.length > 0 ? [`It runs ${when.join(' ')}.`] : []),
    ...capped(experience),
    ...(paused ? ['It is paused.'] : []),
  ].join(' ')
}

function shown({ variants, allocation }: Experience, names: Names): string {
  const [first] = variants
  if (first && variants.length === 1) return `“${names('variants', first.variant)}”`
  const list = `${variants.length} variants`
  switch (allocation.kind) {
    case 'split':
      return `one of ${list} by fixed shares (${shares(variants)})`
    case 'bandit':
      return `one of ${list}, better ones more often as is learned`
    case 'ranked':
      return `the best ${allocation.show} of ${list}, better ones first`
  }
}

/** Weights as percentages, in order: `50 : 50`. */
function shares(variants: Experience['variants']): string {
  const sum = variants.reduce((total, { weight }) => total + weight, 0)
  if (sum === 0) return 'no shares yet'
  return variants.map(({ weight }) => `${Math.round((weight / sum) * 100)}`).join(' : ')
}

function capped({ cap }: Experience): readonly string[] {
  if (!cap) return []
  const { people, perPerson } = cap
  return [
    ...(people === undefined ? [] : [`At most ${people} people ever see it.`]),
    ...(perPerson
      ? [`One person sees it at most ${perPerson.times} times in ${perPerson.hours} hours.`]
      : []),
  ]
}

const day = (iso: string) => iso.slice(0, 10)
