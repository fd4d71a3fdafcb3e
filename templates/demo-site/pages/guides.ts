import { GUIDES, type Guide } from '../guides.ts'
import { html } from '../markup.ts'
import { guideCard, productRow } from './cards.ts'
import type { Page } from './page.ts'

export function guidesPage(): Page {
  return {
    title: 'Guides',
    description: 'Short guides to mending, packing and sleeping out.',
    main: html`<div class="page-head"><h1>Guides</h1>
<p>Short, practical, and written by the people who answer the telephone.</p></div>
<section class="band" aria-labelledby="list-title">
<h2 id="list-title" class="quiet-title">All guides</h2>
<ul class="guide-grid">
${GUIDES.map(guideCard)}</ul>
</section>`,
  }
}

export function guidePage(guide: Guide): Page {
  return {
    title: guide.title,
    description: guide.teaser,
    category: guide.category,
    main: html`<article class="guide">
<img class="guide-picture" src="/assets/art/${guide.picture}.svg" alt="" width="1600" height="900">
<p class="eyebrow">Guide, ${guide.minutes} minutes</p>
<h1>${guide.title}</h1>
<p class="lead">${guide.teaser}</p>
${guide.sections.map(
  ([heading, text]) => html`<h2>${heading}</h2>
<p>${text}</p>
`,
)}<section class="companions" aria-labelledby="kit-title">
<h2 id="kit-title">Kit for this</h2>
<ul>
${guide.products.map(productRow)}</ul>
</section>
</article>`,
  }
}
