import { FREE_DELIVERY_FROM } from '../basket.ts'
import { type Product, productsIn, toPrice, toSizeName } from '../catalogue.ts'
import { html, type Markup } from '../markup.ts'
import { breadcrumbs, productRow } from './cards.ts'
import { icon } from './icons.ts'
import type { Page } from './page.ts'

/** What goes with most things, where a category has no others. */
const STAPLES = ['natt-pack', 'koka-pots', 'hall-shoe']

export function productPage(product: Product): Page {
  return {
    title: product.name,
    description: product.summary,
    category: product.category,
    main: html`${breadcrumbs(product)}
<article class="product">
<div class="product-picture"><img src="/assets/art/${product.slug}.svg" alt="Drawing of the ${product.name}" width="800" height="600"></div>
<div class="product-buy">
${product.badge && html`<p class="badge">${product.badge}</p>`}
<h1>${product.name}</h1>
<p class="product-kind">${product.kind}</p>
<p class="lead">${product.summary}</p>
<p class="price price-large">${toPrice(product.price)}</p>
${buyForm(product)}
${assurances(product)}
</div>
<div class="product-story">
<h2>How it came about</h2>
${product.story.map(
  (paragraph) => html`<p>${paragraph}</p>
`,
)}</div>
<div class="product-facts">
<h2>In figures</h2>
<dl>
${product.facts.map(
  ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>
`,
)}</dl>
</div>
<div class="product-aside">
${companions(product)}
</div>
</article>`,
  }
}

function buyForm({ slug, sizes, price, category }: Product): Markup {
  return html`<form class="buy" method="post" action="/basket">
<input type="hidden" name="product" value="${slug}">
<label for="size">Size</label>
<select id="size" name="size">
${sizes.map((size, at) => html`<option value="${size}"${at === Math.floor(sizes.length / 2) && html` selected`}>${toSizeName(size)}</option>`)}
</select>
<button class="button button-wide" type="submit" data-goal="basket_added" data-goal-value="${price}" data-goal-category="${category}">Put in basket</button>
</form>`
}

function assurances({ price, stock }: Product): Markup {
  const delivery =
    price >= FREE_DELIVERY_FROM ? 'Free delivery to a parcel point' : 'Delivery from 49 kr'
  return html`<ul class="assurances">
<li>${icon('tick')}<span>${stock > 10 ? 'In stock in Umeå' : `Only ${stock} left in Umeå`}</span></li>
<li>${icon('truck')}<span>${delivery}, two to three days</span></li>
<li>${icon('needle')}<span>Repairs for as long as it lives</span></li>
</ul>`
}

function companions(product: Product): Markup {
  const siblings = productsIn(product.category).map(({ slug }) => slug)
  const slugs = [...siblings, ...STAPLES].filter((slug) => slug !== product.slug)
  return html`<section class="companions" aria-labelledby="companions-title">
<h2 id="companions-title">Goes well with</h2>
<ul>
${[...new Set(slugs)].slice(0, 3).map(productRow)}</ul>
</section>`
}
