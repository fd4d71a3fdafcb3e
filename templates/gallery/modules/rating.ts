import type { GalleryModule } from '../gallery.ts'

export const rating = {
  id: 'gallery-rating',
  name: 'Rating',
  about: 'How others rated it, with one of their own sentences.',
  template: `<figure class="sv-rating">
  <p class="sv-figure">{{score}} <small>{{ofText}}</small></p>
  <meter min="0" max="5" value="{{score}}">{{score}}</meter>
  <blockquote>{{quote}}</blockquote>
  <figcaption>{{author}}{{#link}} · <a href="{{link}}">{{linkText}}</a>{{/link}}</figcaption>
</figure>`,
  fields: {
    score: { kind: 'number', label: 'Mean rating, 0 to 5' },
    ofText: { kind: 'text', label: 'Of how much, by how many', max: 60 },
    quote: { kind: 'text', label: 'A sentence by somebody', max: 240 },
    author: { kind: 'text', label: 'By whom', max: 80 },
    link: { kind: 'url', label: 'Where all ratings are', required: false },
    linkText: { kind: 'text', label: 'Text of the link', max: 60, required: false },
  },
  content: {
    score: 4.6,
    ofText: 'of 5, by 1,204 people',
    quote: 'Three winters, and it still keeps the rain out.',
    author: 'Maj, Umeå',
    link: '/',
    linkText: 'Read all',
  },
} satisfies GalleryModule
