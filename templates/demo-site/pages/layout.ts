import { countItems } from '../basket.ts'
import { CATEGORIES } from '../catalogue.ts'
import { html, type Markup } from '../markup.ts'
import { PLAN_NAMES } from '../members.ts'
import { icon } from './icons.ts'
import type { Page, Visit } from './page.ts'

/** Addresses of the style sheet and the script, with their version. */
export interface AssetLinks {
  readonly styles: string
  readonly script: string
}

/** A complete HTML document. */
export function renderDocument(page: Page, visit: Visit, assets: AssetLinks): string {
  const document = html`<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title} · Lavmark</title>
<meta name="description" content="${page.description}">
${page.category && html`<meta name="sv:category" content="${page.category}">\n`}<meta name="theme-color" content="#1d3b2d">
<link rel="icon" href="/assets/mark.svg" type="image/svg+xml">
<link rel="stylesheet" href="${assets.styles}">
<script src="${assets.script}" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
${header(visit)}
<main id="main">
${page.main}
</main>
${footer()}
${!visit.consent && consentBanner(visit.path)}
</body>
</html>
`
  return document.markup
}

function header(visit: Visit): Markup {
  const items = countItems(visit.basket)
  return html`<header class="site-header">
<div id="notice" class="notice"><p class="notice-item">Free delivery over 800 kr, sixty days to change your mind, and repairs for as long as the thing lives.</p></div>
<div class="site-bar">
<a class="brand" href="/">${mark()}<span>Lavmark</span></a>
<nav class="site-nav" aria-label="Main">
<ul>
${CATEGORIES.map((category) => navLink(`/categories/${category.id}`, category.name, visit.path))}${navLink('/benefits', 'Benefits', visit.path)}${navLink('/repairs', 'Repairs', visit.path)}</ul>
</nav>
<div class="site-tools">
${account(visit)}
<a class="tool" href="/basket">${icon('basket')}<span>Basket</span>${items > 0 && html` <span class="count">${items}</span>`}</a>
</div>
</div>
</header>`
}

function navLink(href: string, name: string, path: string): Markup {
  return html`<li><a href="${href}"${href === path && html` aria-current="page"`}>${name}</a></li>
`
}

function account({ member }: Visit): Markup {
  if (!member)
    return html`<a class="tool" href="/sign-in">${icon('person')}<span>Sign in</span></a>`
  return html`<a class="tool" href="/benefits">${icon('person')}<span>${member.givenName}</span> <span class="plan plan-${member.plan}">${PLAN_NAMES[member.plan]}</span></a>
<form class="sign-out" method="post" action="/sign-out"><button type="submit">Sign out</button></form>`
}

function mark(): Markup {
  return html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><path fill="currentColor" d="M16 1a15 15 0 1 1 0 30 15 15 0 0 1 0-30z"/><path fill="var(--mark)" d="M5 22l7-11 4 6 3-4 8 9-2 3H7z"/><circle cx="22" cy="9" r="2.5" fill="var(--mark)"/></svg>`
}

function footer(): Markup {
  return html`<footer class="site-footer">
<svg class="ridge" viewBox="0 0 1440 90" preserveAspectRatio="none" aria-hidden="true"><path fill-opacity=".35" d="M0 90V58l90-22 70 18 120-40 96 34 84-16 130 30 110-44 100 36 90-20 140 34 120-48 110 40 80-18 100 26v22z"/><path d="M0 90V76l110-20 90 14 140-30 110 28 120-12 120 20 130-32 110 24 120-14 150 26 110-30 130 30v10z"/></svg>
<div class="footer-columns">
<div>
<p class="brand">${mark()}<span>Lavmark</span></p>
<p>Outdoor kit, made to be mended. Sewn, soled and patched in Umeå since 1974.</p>
</div>
<nav aria-label="Shop"><h2>Shop</h2><ul>
${CATEGORIES.map(({ id, name }) => html`<li><a href="/categories/${id}">${name}</a></li>\n`)}<li><a href="/products">Everything</a></li>
</ul></nav>
<nav aria-label="Help"><h2>Help</h2><ul>
<li><a href="/delivery">Delivery and returns</a></li>
<li><a href="/repairs">Repairs</a></li>
<li><a href="/shops">Our shops</a></li>
<li><a href="/guides">Guides</a></li>
</ul></nav>
<nav aria-label="Lavmark"><h2>Lavmark</h2><ul>
<li><a href="/about">About us</a></li>
<li><a href="/join">Membership</a></li>
<li><a href="/benefits">Benefits</a></li>
<li><a href="/privacy">Privacy choices</a></li>
</ul></nav>
</div>
<p class="small-print">Lavmark is an invented shop that shows what Selvedge does. Nothing is sold, nothing is charged, nobody sews.</p>
</footer>`
}

function consentBanner(path: string): Markup {
  return html`<section class="consent" id="consent" aria-labelledby="consent-title">
<form method="post" action="/consent">
<input type="hidden" name="from" value="${path}">
<div><h2 id="consent-title">May we remember you?</h2>
<p>With your leave we keep count of what is looked at, or show what suits you. Without it, nothing is stored. <a href="/privacy">Read more</a></p></div>
<div class="consent-choices">
<button class="button button-quiet" name="choice" value="profile">Accept all</button>
<button class="button button-quiet" name="choice" value="measure">Measurement only</button>
<button class="button button-quiet" name="choice" value="none">Decline</button>
</div>
</form>
</section>`
}
