import { type Basket, type BasketLine, costOfDelivery, sumGoods } from '../basket.ts'
import { toPrice, toSizeName } from '../catalogue.ts'
import { html, type Markup } from '../markup.ts'
import type { Page, Visit } from './page.ts'

export function basketPage({ basket }: Visit): Page {
  return {
    title: 'Basket',
    description: 'What you have put in your basket.',
    main:
      basket.length === 0
        ? emptyBasket()
        : html`<div class="page-head"><h1>Your basket</h1></div>
<div class="till">
<ul class="basket-lines">
${basket.map(basketLine)}</ul>
<section class="summary" aria-labelledby="summary-title">
<h2 id="summary-title">Summary</h2>
${totals(basket)}
<p><a class="button button-wide" href="/checkout" data-goal="checkout_started" data-goal-value="${sumGoods(basket)}">Go to checkout</a></p>
<p><a class="more" href="/products">Keep looking</a></p>
</section>
</div>`,
  }
}

/** Goods, delivery and total, as the basket and the checkout show them. */
export function totals(basket: Basket): Markup {
  const delivery = costOfDelivery(basket)
  return html`<dl class="totals">
<div><dt>Goods</dt><dd>${toPrice(sumGoods(basket))}</dd></div>
<div><dt>Delivery to a parcel point</dt><dd>${delivery === 0 ? 'Free' : toPrice(delivery)}</dd></div>
<div class="total"><dt>Total, VAT included</dt><dd>${toPrice(sumGoods(basket) + delivery)}</dd></div>
</dl>`
}

function emptyBasket(): Markup {
  return html`<div class="page-head page-head-centred"><h1>Your basket is empty</h1>
<p>Light to carry, but not much use in the rain.</p>
<p><a class="button" href="/products">See everything</a></p></div>`
}

function basketLine({ product, size, quantity }: BasketLine): Markup {
  return html`<li>
<img src="/assets/art/${product.slug}.svg" alt="" width="160" height="120">
<div><h2><a href="/products/${product.slug}">${product.name}</a></h2>
<p class="meta">${toSizeName(size)}, ${quantity} ${quantity === 1 ? 'piece' : 'pieces'}</p>
<form method="post" action="/basket">
<input type="hidden" name="product" value="${product.slug}"><input type="hidden" name="size" value="${size}">
<button class="link-button" name="action" value="remove" aria-label="Remove ${product.name}, ${toSizeName(size)}">Remove</button>
</form></div>
<p class="price">${toPrice(product.price * quantity)}</p>
</li>
`
}
