import type { Recipe } from '../gallery.ts'
import { EVENT, LINK, SLOT } from './choices.ts'

export const abandonedBasket: Recipe = {
  id: 'abandoned-basket',
  name: 'Abandoned basket',
  about:
    'Who filled a basket and left it for half an hour is reminded of it. Reads the profile, so it is for visitors who allow one.',
  choices: [
    SLOT,
    { ...LINK, label: 'Where the basket is', default: '/basket' },
    { ...EVENT, label: 'Event that tells an order', default: 'order_placed' },
  ],
  module: 'gallery-banner',
  audience: {
    name: 'Left a basket',
    condition: () => ({ 'profile.session.basket': 'abandoned' }),
  },
  goal: ({ event = '' }) => ({ kind: 'event', name: 'Ordered after all', event }),
  window: 72,
  variants: ({ link }) => [
    {
      name: 'It is still here',
      content: {
        title: 'Your basket is still here',
        text: 'We kept what you chose. It takes two minutes to order.',
        ...{ link, linkText: 'Open the basket' },
      },
    },
    {
      name: 'Is there a question?',
      content: {
        title: 'Is there a question left?',
        text: 'Your basket waits. Returns are free, and we answer within the hour.',
        ...{ link, linkText: 'Back to the basket' },
      },
    },
  ],
}
