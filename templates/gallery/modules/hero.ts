import type { GalleryModule } from '../gallery.ts'

export const hero = {
  id: 'gallery-hero',
  name: 'Hero',
  about: 'The first thing on a page: a headline, a picture and one thing to do.',
  template: `<section class="sv-hero">
  <div class="sv-hero-text">
    {{#eyebrow}}<p class="sv-eyebrow">{{eyebrow}}</p>{{/eyebrow}}
    <h1>{{title}}</h1>
    <p class="sv-lead">{{text}}</p>
    <p><a class="sv-button" href="{{link}}">{{linkText}}</a></p>
  </div>
  {{#image}}<img class="sv-hero-art" src="{{image}}" alt="{{imageText}}" width="1200" height="800">{{/image}}
</section>`,
  fields: {
    eyebrow: { kind: 'text', label: 'Line above the headline', max: 60, required: false },
    title: { kind: 'text', label: 'Headline', max: 90 },
    text: { kind: 'text', label: 'One or two sentences', max: 240 },
    link: { kind: 'url', label: 'Where the button leads' },
    linkText: { kind: 'text', label: 'Text of the button', max: 40 },
    image: { kind: 'image', label: 'Picture', required: false },
    imageText: { kind: 'text', label: 'What the picture shows', max: 160, required: false },
  },
  content: {
    eyebrow: 'New this week',
    title: 'Ready when the weather is',
    text: 'Three days of rain are on their way. These keep you dry on all of them.',
    link: '/',
    linkText: 'See what is new',
  },
} satisfies GalleryModule
