import type { Recipe } from '../gallery.ts'
import { EVENT, LINK, SLOT } from './choices.ts'

export const registrationHelp: Recipe = {
  id: 'registration-help',
  name: 'Help with registration',
  about:
    'Who began a form and did not send it is told what it needs, and whom to ask. Reads the profile, so it is for visitors who allow one.',
  choices: [
    SLOT,
    { ...EVENT, label: 'Event that tells a sent form', default: 'form_submitted' },
    { ...LINK, label: 'Telephone or page of those who help', default: '/help' },
  ],
  module: 'gallery-form-help',
  audience: {
    name: 'Began a form',
    condition: () => ({
      'profile.session.form': { $in: ['open', 'abandoned'] },
      'visitor.signedIn': false,
    }),
  },
  goal: ({ event = '' }) => ({ kind: 'event', name: 'Sent the form', event }),
  window: 24,
  variants: ({ link }) => [
    {
      name: 'What it takes',
      content: {
        title: 'Three things to have at hand',
        steps: [
          { text: 'Your e-mail address' },
          { text: 'Your identity card' },
          { text: 'Two minutes' },
        ],
        ...{ contact: link, contactText: 'Ask us' },
      },
    },
    {
      name: 'Whom to ask',
      content: {
        title: 'Is something unclear?',
        steps: [
          ...[
            { text: 'What you have filled in stays where it is' },
            { text: 'Nothing is sent before you say so' },
          ],
        ],
        ...{ contact: link, contactText: 'Somebody answers at once' },
      },
    },
  ],
}
