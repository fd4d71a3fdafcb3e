import type { GalleryModule } from '../gallery.ts'

export const notice = {
  id: 'gallery-notice',
  name: 'Notice',
  about: 'One line, with a link where it leads somewhere.',
  template: `<p class="sv-notice">
  {{text}}
  {{#link}}<a href="{{link}}">{{linkText}}</a>{{/link}}
</p>`,
  fields: {
    text: { kind: 'text', label: 'Message', max: 160 },
    link: { kind: 'url', label: 'Where the link leads', required: false },
    linkText: { kind: 'text', label: 'Text of the link', max: 60, required: false },
  },
  content: {
    text: 'Order before three and it leaves today.',
    link: '/',
    linkText: 'Delivery times',
  },
} satisfies GalleryModule
