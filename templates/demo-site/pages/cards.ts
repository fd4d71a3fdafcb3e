import { categoryOf, findProduct, type Product, toPrice } from '../catalogue.ts'
import type { Guide } from '../guides.ts'
import { html, type Markup } from '../markup.ts'

/** A product as a list shows it. `level` is the heading level that fits the page. */
export function productCard(product: Product, level: 2 | 3 = 3): Markup {
  const name = html`<a href="/products/${product.slug}">${product.name}</a>`
  return html`<li class="product-card">
<img src="/assets/art/${product.slug}.svg" alt="" width="400" height="300" loading="lazy">
${product.badge && html`<p class="badge">${product.badge}</p>`}
${level === 2 ? html`<h2>${name}</h2>` : html`<h3>${name}</h3>`}
<p class="product-kind">${product.kind}</p>
<p class="price">${toPrice(product.price)}</p>
</li>
`
}

export function productGrid(products: readonly Product[], level: 2 | 3 = 3): Markup {
  return html`<ul class="product-grid">
${products.map((product) => productCard(product, level))}</ul>`
}

/** A short row: picture, name and price. */
export function productRow(slug: string): Markup | undefined {
  const product = findProduct(slug)
  return (
    product &&
    html`<li><a class="product-row" href="/products/${slug}" data-goal="companion_opened" data-goal-category="${product.category}">
<img src="/assets/art/${slug}.svg" alt="" width="96" height="72" loading="lazy">
<span><strong>${product.name}</strong><br>${toPrice(product.price)}</span></a></li>
`
  )
}

export function guideCard(guide: Guide): Markup {
  return html`<li class="guide-card">
<img src="/assets/art/${guide.picture}.svg" alt="" width="640" height="360" loading="lazy">
<h3><a href="/guides/${guide.slug}" data-goal="guide_opened" data-goal-category="${guide.category}">${guide.title}</a></h3>
<p>${guide.teaser}</p>
<p class="meta">${guide.minutes} minutes’ reading</p>
</li>
`
}

/** The way back: home, the category, and where we are. */
export function breadcrumbs(product: Product): Markup {
  const category = categoryOf(product)
  return html`<nav class="breadcrumbs" aria-label="Breadcrumb"><ol>
<li><a href="/">Home</a></li>
${category && html`<li><a href="/categories/${category.id}">${category.name}</a></li>`}
<li aria-current="page">${product.name}</li>
</ol></nav>`
}
