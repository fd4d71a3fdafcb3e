import type { GalleryModule } from '../gallery.ts'

export const offerCard = {
  id: 'gallery-offer',
  name: 'Offer card',
  about: 'One offer with its terms; several of them make a ranked list.',
  template: `<article class="sv-offer">
  <p class="sv-figure">{{figure}}</p>
  <h3>{{title}}</h3>
  <p>{{text}}</p>
  {{#terms}}<p class="sv-small">{{terms}}</p>{{/terms}}
  <p><a class="sv-button" href="{{link}}">{{linkText}}</a></p>
</article>`,
  fields: {
    figure: { kind: 'text', label: 'What one gets, in a word or two', max: 20 },
    title: { kind: 'text', label: 'Name of the offer', max: 80 },
    text: { kind: 'text', label: 'What it is', max: 240 },
    terms: { kind: 'text', label: 'Terms', max: 240, required: false },
    link: { kind: 'url', label: 'Where it is taken' },
    linkText: { kind: 'text', label: 'Text of the button', max: 40 },
  },
  content: {
    figure: '−20 %',
    title: 'On your second pair',
    text: 'For anybody who bought boots this year: socks and laces are a fifth less.',
    terms: 'Until the end of the month, once per person.',
    link: '/',
    linkText: 'Take the offer',
  },
} satisfies GalleryModule
