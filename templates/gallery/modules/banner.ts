import type { GalleryModule } from '../gallery.ts'

export const banner = {
  id: 'gallery-banner',
  name: 'Banner',
  about: 'A strip with a message and a button, between other parts of a page.',
  template: `<aside class="sv-banner">
  <div>
    <h2>{{title}}</h2>
    <p>{{text}}</p>
  </div>
  <p class="sv-actions"><a class="sv-button" href="{{link}}">{{linkText}}</a></p>
</aside>`,
  fields: {
    title: { kind: 'text', label: 'Headline', max: 80 },
    text: { kind: 'text', label: 'Message', max: 200 },
    link: { kind: 'url', label: 'Where the button leads' },
    linkText: { kind: 'text', label: 'Text of the button', max: 40 },
  },
  content: {
    title: 'Your basket is still here',
    text: 'We kept what you chose. It takes two minutes to order.',
    link: '/',
    linkText: 'Open the basket',
  },
} satisfies GalleryModule
