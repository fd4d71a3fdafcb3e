import { toKey } from '../../../src/model/subject.ts'
import type { Recipe } from '../gallery.ts'
import { EVENT, LINK, SLOT } from './choices.ts'

/** Long enough for most habits to have ended: a profile remembers 91 days of counts. */
const QUIET_DAYS = 60

export const winBack: Recipe = {
  id: 'win-back',
  name: 'Win back',
  about:
    'Who ordered once, and not for two months, is invited again. Reads the profile, so it is for visitors who allow one.',
  choices: [
    SLOT,
    { ...EVENT, label: 'Event that tells an order', default: 'order_placed' },
    { ...LINK, label: 'Where to lead them', default: '/' },
  ],
  module: 'gallery-hero',
  audience: {
    name: 'Was here and ordered, long ago',
    condition: ({ event = '' }) => ({
      [`profile.events.${toKey(event)}.count`]: { $gte: 1 },
      [`profile.events.${toKey(event)}.daysSince`]: { $gte: QUIET_DAYS },
    }),
  },
  goal: ({ event = '' }) => ({ kind: 'event', name: 'Ordered again', event }),
  window: 168,
  variants: ({ link }) => [
    {
      name: 'It has been a while',
      content: {
        ...{ eyebrow: 'It has been a while', title: 'We kept your size' },
        text: 'What you ordered last is still made. So is what goes with it.',
        ...{ link, linkText: 'Look again' },
      },
    },
    {
      name: 'Much has changed',
      content: {
        ...{ eyebrow: 'Welcome back', title: 'Much has changed here' },
        text: 'Delivery in two days, returns free for thirty.',
        ...{ link, linkText: 'See what is new' },
      },
    },
  ],
}
