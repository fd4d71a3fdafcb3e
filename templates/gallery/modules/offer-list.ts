import type { GalleryModule } from '../gallery.ts'

export const offerList = {
  id: 'gallery-offers',
  name: 'Offer list',
  about: 'A few offers side by side, in an order that an editor chooses.',
  template: `<section class="sv-list">
  <h2>{{title}}</h2>
  <ul class="sv-cards">
    {{#offers}}<li class="sv-offer">
      <p class="sv-figure">{{figure}}</p>
      <h3>{{name}}</h3>
      <p>{{text}}</p>
      <p><a href="{{link}}">{{linkText}}</a></p>
    </li>{{/offers}}
  </ul>
</section>`,
  fields: {
    title: { kind: 'text', label: 'Headline', max: 80 },
    offers: {
      kind: 'list',
      label: 'Offers',
      max: 12,
      fields: {
        figure: { kind: 'text', label: 'What one gets', max: 20 },
        name: { kind: 'text', label: 'Name', max: 80 },
        text: { kind: 'text', label: 'What it is', max: 200 },
        link: { kind: 'url', label: 'Where it is taken' },
        linkText: { kind: 'text', label: 'Text of the link', max: 40 },
      },
    },
  },
  content: {
    title: 'For you this month',
    offers: [
      ...[{ figure: '2 for 1', name: 'Cinema on Tuesdays', text: 'Bring a friend.', link: '/' }],
      ...[{ figure: '50', name: 'Extra points', text: 'On the next order.', link: '/' }],
      ...[{ figure: '0 kr', name: 'Free return', text: 'For thirty days.', link: '/' }],
    ].map((offer) => ({ ...offer, linkText: 'Read more' })),
  },
} satisfies GalleryModule
