import { type Basket, costOfDelivery, sumGoods } from '../basket.ts'
import { toSizeName } from '../catalogue.ts'
import { html, type Markup } from '../markup.ts'
import { totals } from './basket.ts'
import type { Page, Visit } from './page.ts'

interface Field {
  readonly name: string
  readonly label: string
  readonly type: 'text' | 'email'
  readonly autocomplete: string
  readonly value: string
}

const FIELDS: readonly Field[] = [
  { name: 'name', label: 'Name', type: 'text', autocomplete: 'name', value: 'Sam Exempel' },
  {
    name: 'email',
    label: 'E-mail',
    type: 'email',
    autocomplete: 'email',
    value: 'sam@example.com',
  },
  {
    name: 'street',
    label: 'Street',
    type: 'text',
    autocomplete: 'street-address',
    value: 'Skolgatan 1',
  },
  {
    name: 'postcode',
    label: 'Postcode',
    type: 'text',
    autocomplete: 'postal-code',
    value: '903 00',
  },
  { name: 'town', label: 'Town', type: 'text', autocomplete: 'address-level2', value: 'Umeå' },
]

const DELIVERIES: readonly (readonly [id: string, name: string, note: string])[] = [
  ['parcel', 'Parcel point', 'Two days, by the shop nearest to you'],
  ['shop', 'Collect in a shop', 'Tomorrow, and coffee is included'],
]

export function checkoutPage({ basket }: Visit): Page {
  const total = sumGoods(basket) + costOfDelivery(basket)
  return {
    title: 'Checkout',
    description: 'Where to send your order.',
    main: html`<div class="page-head"><h1>Checkout</h1>
<p>A demonstration: the form is filled in for you, nothing you write is kept and nothing is charged.</p></div>
<form class="till" method="post" action="/checkout">
<div class="checkout-fields">
<fieldset><legend>Where to</legend>
${FIELDS.map(textField)}</fieldset>
<fieldset><legend>How</legend>
${DELIVERIES.map(
  (
    [id, name, note],
    at,
  ) => html`<label class="choice"><input type="radio" name="delivery" value="${id}"${at === 0 && html` checked`}><span><strong>${name}</strong>${note}</span></label>
`,
)}</fieldset>
</div>
${summary(basket, total)}
</form>`,
  }
}

function textField({ name, label, type, autocomplete, value }: Field): Markup {
  return html`<p class="field field-${name}"><label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" value="${value}" required></p>
`
}

function summary(basket: Basket, total: number): Markup {
  return html`<section class="summary" aria-labelledby="summary-title">
<h2 id="summary-title">Your order</h2>
<ul class="order-lines">
${basket.map(
  ({ product, size, quantity }) => html`<li>${quantity} × ${product.name}, ${toSizeName(size)}</li>
`,
)}</ul>
${totals(basket)}
<button class="button button-wide" type="submit" data-goal="order_placed" data-goal-value="${total}">Place the order</button>
</section>`
}
