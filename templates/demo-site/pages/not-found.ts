import { html } from '../markup.ts'
import type { Page } from './page.ts'

export function notFoundPage(): Page {
  return {
    title: 'Page not found',
    description: 'There is nothing at this address.',
    main: html`<div class="page-head page-head-centred">
<h1>The path ends here</h1>
<p>There is nothing at this address. Perhaps it was moved, perhaps it never was.</p>
<p><a class="button" href="/">Back to the start</a> <a class="more" href="/products">See everything</a></p>
</div>
<img class="wide-picture" src="/assets/art/autumn.svg" alt="" width="1600" height="900">`,
  }
}
