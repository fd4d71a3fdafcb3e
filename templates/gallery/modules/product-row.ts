import type { GalleryModule } from '../gallery.ts'

const products = ['Skur jacket', 'Stig boot', 'Natt pack'].map((name, at) => ({
  ...{ name, price: `${(at + 1) * 490} kr`, link: '/', image: '/_sv/gallery.svg' },
}))

export const productRow = {
  id: 'gallery-products',
  name: 'Product row',
  about: 'Products in a row, each with its picture and price.',
  template: `<section class="sv-list">
  <h2>{{title}}</h2>
  <ul class="sv-cards">
    {{#products}}<li class="sv-product">
      <a href="{{link}}"><img src="{{image}}" alt="" width="320" height="240"><strong>{{name}}</strong> <span>{{price}}</span></a>
    </li>{{/products}}
  </ul>
</section>`,
  fields: {
    title: { kind: 'text', label: 'Headline', max: 80 },
    products: {
      kind: 'list',
      label: 'Products',
      max: 12,
      fields: {
        name: { kind: 'text', label: 'Name', max: 80 },
        price: { kind: 'text', label: 'Price', max: 30 },
        link: { kind: 'url', label: 'Its page' },
        image: { kind: 'image', label: 'Its picture' },
      },
    },
  },
  content: { title: 'Goes with what you bought', products },
} satisfies GalleryModule
