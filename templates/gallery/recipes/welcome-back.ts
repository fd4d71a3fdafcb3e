import type { Recipe } from '../gallery.ts'
import { LINK, SLOT } from './choices.ts'

export const welcomeBack: Recipe = {
  id: 'welcome-back',
  name: 'Welcome back',
  about:
    'Who comes back, and is not signed in, is greeted and led on. Needs the visitor’s permission to count visits.',
  choices: [
    SLOT,
    { ...LINK, label: 'Where to lead them', default: '/' },
    { name: 'goal', label: 'Page that tells success', kind: 'path', default: '/thank-you' },
  ],
  module: 'gallery-hero',
  audience: {
    name: 'Came back',
    condition: () => ({
      'visitor.returning': true,
      'visitor.visits': { $gte: 2 },
      'visitor.signedIn': false,
    }),
  },
  goal: ({ goal = '' }) => ({ kind: 'page', name: 'Went through with it', pages: [goal] }),
  window: 24,
  variants: ({ link }) => [
    {
      name: 'Go on',
      content: {
        ...{ eyebrow: 'Good to see you again', title: 'Go on where you stopped' },
        text: 'What you looked at last is one step away.',
        ...{ link, linkText: 'Go on' },
      },
    },
    {
      name: 'What is new',
      content: {
        ...{ eyebrow: 'Since your last visit', title: 'Here is what is new' },
        text: 'We put everything that came since then in one place.',
        ...{ link, linkText: 'See what is new' },
      },
    },
  ],
}
