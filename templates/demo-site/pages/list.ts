import { CATEGORIES, type Category, PRODUCTS, productsIn } from '../catalogue.ts'
import { html, type Markup } from '../markup.ts'
import { productGrid } from './cards.ts'
import type { Page } from './page.ts'

/** Every product, by category. */
export function listPage(): Page {
  return {
    title: 'Everything',
    description: `All ${PRODUCTS.length} things we make, from rain jackets to pots.`,
    main: html`<div class="page-head"><h1>Everything we make</h1>
<p>${PRODUCTS.length} things. We would rather make a few of them well, and then go on making them.</p>
${filters()}</div>
${CATEGORIES.map(
  (category) => html`<section class="band" aria-labelledby="${category.id}-title">
<div class="band-head"><h2 id="${category.id}-title">${category.name}</h2><a class="more" href="/categories/${category.id}">Only ${category.name.toLowerCase()}</a></div>
${productGrid(productsIn(category.id))}
</section>
`,
)}`,
  }
}

/** One category. */
export function categoryPage(category: Category): Page {
  return {
    title: category.name,
    description: category.intro,
    category: category.id,
    main: html`<div class="page-head"><h1>${category.name}</h1>
<p>${category.intro}</p>
${filters(category.id)}</div>
<div class="band">
${productGrid(productsIn(category.id), 2)}
</div>`,
  }
}

function filters(current?: string): Markup {
  const all = { id: '', name: 'Everything' }
  return html`<nav aria-label="Categories"><ul class="filters">
${[all, ...CATEGORIES].map(({ id, name }) => {
  const href = id === '' ? '/products' : `/categories/${id}`
  return html`<li><a href="${href}"${id === (current ?? '') && html` aria-current="page"`}>${name}</a></li>
`
})}</ul></nav>`
}
