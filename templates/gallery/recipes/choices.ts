import type { RecipeChoice } from '../gallery.ts'

export const SLOT: RecipeChoice = {
  name: 'slot',
  label: 'Where it goes',
  kind: 'slot',
  hint: 'One of the slots that this site has.',
}

export const LINK: RecipeChoice = {
  name: 'link',
  label: 'Where the button leads',
  kind: 'url',
  hint: 'A path of the site, such as /basket, or a whole address.',
}

export const EVENT: RecipeChoice = {
  name: 'event',
  label: 'Event that tells success',
  kind: 'text',
  hint: 'The name by which the site tracks it.',
}
