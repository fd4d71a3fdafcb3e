import { toKey } from '../../../src/model/subject.ts'
import type { Recipe } from '../gallery.ts'
import { EVENT, LINK, SLOT } from './choices.ts'

export const crossSell: Recipe = {
  id: 'cross-sell',
  name: 'Cross-sell after a purchase',
  about:
    'Who ordered within the last week is shown what goes with it. Reads the profile, so it is for visitors who allow one.',
  choices: [
    SLOT,
    { ...EVENT, label: 'Event that tells an order', default: 'order_placed' },
    { ...LINK, label: 'Page of what goes with it', default: '/' },
  ],
  module: 'gallery-banner',
  audience: {
    name: 'Ordered this week',
    condition: ({ event = '' }) => ({ [`profile.events.${toKey(event)}.in7d`]: { $gte: 1 } }),
  },
  goal: ({ event = '' }) => ({ kind: 'event', name: 'Ordered once more', event }),
  window: 168,
  variants: ({ link }) => [
    {
      name: 'Goes with it',
      content: {
        title: 'This goes with what you ordered',
        text: 'Chosen by those who packed it.',
        ...{ link, linkText: 'See what goes with it' },
      },
    },
    {
      name: 'Care for it',
      content: {
        title: 'Make it last',
        text: 'What you ordered keeps for years with the right care.',
        ...{ link, linkText: 'See how' },
      },
    },
  ],
}
