/** How somebody looks at the console. */
export interface Look {
  readonly who?: string
  readonly width?: number
  readonly colorScheme?: 'light' | 'dark'
}

/** Every screen by its address, with words that show that it is all there. */
export const SCREENS: readonly (readonly [string, string])[] = [
  ['', 'What to know'],
  ['figures/hero-everybody', 'Comparisons'],
  ['figures/product-aside', 'Rates over time'],
  ['figures/benefits?days=7', 'Exposure ladder'],
  ['modules', 'Hero'],
  ['modules/hero', 'With sample content'],
  ['variants', 'Hero'],
  ['variants/hero-mended', 'As it will look'],
  ['audiences', 'Gold members'],
  ['audiences/gold-members', 'Does this visitor match?'],
  ['experiences', 'Hero: everybody else'],
  ['experiences/hero-everybody', 'When and how often'],
  ['slots', 'Hero of the home page'],
  ['slots/hero', 'What happens there'],
  ['goals', 'Something put in the basket'],
  ['policies/~new', 'What it keeps back'],
  ['attributes/~new', 'Believed for (days)'],
  ['counters/~new', 'Property to add up'],
  ['gallery', 'Abandoned basket'],
  ['preview', 'Who looks at what'],
  ['publish', 'Everything that can be checked is right.'],
  ['history', 'Publication 1'],
  ['settings', 'Hosts and measuring'],
  ['log', 'Every change, by whom and when.'],
]

export const LOOKS: readonly (readonly [string, Look])[] = [
  ['on a desk', {}],
  ['on a phone', { width: 360 }],
  ['in the dark', { colorScheme: 'dark' }],
]
