import { findProduct, toPrice } from '../catalogue.ts'
import { html } from '../markup.ts'
import { productGrid } from './cards.ts'
import type { Page, Visit } from './page.ts'

const NEXT = ['koka-pots', 'natt-pack', 'ligg-mat', 'hall-shoe']

export function thankYouPage({ order }: Visit): Page {
  return {
    title: 'Thank you',
    description: 'Your order has been placed.',
    main: html`<div class="page-head page-head-centred">
<p class="stamp" aria-hidden="true">Tack!</p>
<h1>Thank you, it is on its way</h1>
${
  order
    ? html`<p>Order ${order.number}, ${toPrice(order.total)} in all. Had this been a real shop, a receipt would be in your inbox by now.</p>`
    : html`<p>Had this been a real shop, a receipt would be in your inbox by now.</p>`
}
<p><a class="button" href="/guides/a-dry-jacket" data-goal="guide_opened">How to look after it</a></p>
</div>
<section class="band" aria-labelledby="next-title">
<h2 id="next-title">For the next trip</h2>
${productGrid(NEXT.map(findProduct).filter((product) => product !== undefined))}
</section>`,
  }
}
