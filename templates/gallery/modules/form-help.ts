import type { GalleryModule } from '../gallery.ts'

export const formHelp = {
  id: 'gallery-form-help',
  name: 'Help with a form',
  about: 'What is needed for a form, step by step, and whom to ask.',
  template: `<aside class="sv-help">
  <h2>{{title}}</h2>
  <ol>
    {{#steps}}<li>{{text}}</li>{{/steps}}
  </ol>
  {{#contact}}<p><a href="{{contact}}">{{contactText}}</a></p>{{/contact}}
</aside>`,
  fields: {
    title: { kind: 'text', label: 'Headline', max: 80 },
    steps: {
      kind: 'list',
      label: 'Steps',
      max: 10,
      fields: { text: { kind: 'text', label: 'Step', max: 200 } },
    },
    contact: { kind: 'url', label: 'Telephone (tel:…) or page of those who help', required: false },
    contactText: { kind: 'text', label: 'How one reaches them', max: 80, required: false },
  },
  content: {
    title: 'Three things to have at hand',
    steps: [
      { text: 'Your e-mail address' },
      { text: 'Your identity card' },
      { text: 'Two minutes' },
    ],
    contact: 'tel:+46100000000',
    contactText: 'Call us, every day from 8 to 20',
  },
} satisfies GalleryModule
