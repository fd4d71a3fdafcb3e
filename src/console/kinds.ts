import type { Kind } from '../model/configuration.ts'

/** What a kind of thing is called, and what it is for. */
export interface KindWords {
  readonly one: string
  readonly many: string
  /** One sentence under the list's heading. */
  readonly about: string
}

/**
 * The kinds an editor works with, in the model's words. Written out here as the model's own list
 * stands beside schemas, which would more than double the console's first load.
 */
export const KIND_WORDS: Readonly<Record<Kind, KindWords>> = {
  modules: {
    one: 'module',
    many: 'Modules',
    about: 'Kinds of block: a template, and the fields that are filled in for each variant.',
  },
  variants: {
    one: 'variant',
    many: 'Variants',
    about: 'Modules filled with words and pictures, ready to be shown.',
  },
  audiences: {
    one: 'audience',
    many: 'Audiences',
    about: 'Named rules about who is asking.',
  },
  experiences: {
    one: 'experience',
    many: 'Experiences',
    about: 'Who gets which variants in which slot, and what for.',
  },
  slots: {
    one: 'slot',
    many: 'Slots',
    about: 'Places on the site’s pages where variants may stand.',
  },
  goals: {
    one: 'goal',
    many: 'Goals',
    about: 'What variants are meant to bring about: a click, a page, an event.',
  },
  policies: {
    one: 'policy',
    many: 'Policies',
    about: 'Rules of the house: no experience, weight or pick gets past them.',
  },
  attributes: {
    one: 'attribute',
    many: 'Attributes',
    about: 'What the business knows of its customers and imports.',
  },
  counters: {
    one: 'counter',
    many: 'Counters',
    about: 'Events that are counted by their properties, beside their names.',
  },
}

export function isKind(name: string): name is Kind {
  return Object.hasOwn(KIND_WORDS, name)
}
