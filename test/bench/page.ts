import { random } from './random.ts'

/** The three places that every contestant fills, by `id`, in document order. */
export const SLOTS = ['promo', 'hero', 'picks'] as const
export type SlotId = (typeof SLOTS)[number]

const SEED = 20_261_101
const CATEGORIES = ['Jackets', 'Trousers', 'Boots', 'Packs', 'Tents', 'Stoves', 'Maps', 'Sale']
const WORDS =
  'wool light storm ridge alder fjord cotton merino shell trail camp river stone north pine ember'.split(
    ' ',
  )
const ENTITIES = ['&amp;', '&nbsp;', '&eacute;', '&ndash;', '&#8217;', '&hellip;', 'ö', '½']
const ICON_PATHS = [
  'M12 2l3.1 6.3 6.9 1-5 4.9 1.2 6.8-6.2-3.3-6.2 3.3 1.2-6.8-5-4.9 6.9-1z',
  'M3 6h18l-2 13H5L3 6zm5 0a4 4 0 0 1 8 0',
  'M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zm5 12 5 5',
]

interface Draw {
  int(below: number): number
  one(list: readonly string[]): string
  words(count: number): string
}

function draw(seed: number): Draw {
  const { uniform } = random(seed)
  const int = (below: number) => Math.floor(uniform() * below)
  const one = (list: readonly string[]) => list[int(list.length)] ?? ''
  const words = (count: number) =>
    Array.from({ length: count }, () => (int(12) === 0 ? one(ENTITIES) : one(WORDS))).join(' ')
  return { int, one, words }
}

const each = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join('\n')

const icon = (d: Draw) =>
  `<svg class="icon" width="24" height="24" viewBox="0 0 24 24" aria-hidden="true"><g fill="none" stroke="currentColor"><path d="${d.one(ICON_PATHS)}"/></g></svg>`

const menu = (d: Draw, category: string) => `<li class="nav__item" data-open="false">
<button type="button" aria-expanded="false" aria-controls="menu-${category}">${category} ${icon(d)}</button>
<ul id="menu-${category}" hidden>
${each(9, (n) => `<li><a class="nav__link" href="/c/${category.toLowerCase()}/${n}?sort=new&amp;page=1">${d.words(2)}</a></li>`)}
</ul></li>`

const card = (
  d: Draw,
  n: number,
) => `<article class="card card--${d.one(WORDS)} u-flex u-flex-column u-gap-2" data-sku="SKU-${10_000 + n}" data-track='{"list":"new","position":${n}}'>
<a class="card__link" href="/p/${10_000 + n}" title="${d.words(2)} &quot;${n}&quot;"><picture>
<source type="image/avif" srcset="/i/${n}-320.avif 320w, /i/${n}-640.avif 640w" sizes="(min-width: 60em) 25vw, 50vw">
<img src="/i/${n}-640.jpg" width="640" height="800" loading="lazy" alt="${d.words(4)}"></picture>
<h3 class="card__title">${d.words(3)}</h3></a>
<p class="card__text">${d.words(46)} <em>${d.words(2)}</em>,<br>${d.words(5)}</p>
<p class="card__price"><del>€&nbsp;${40 + d.int(60)}.00</del> <ins>€&nbsp;${20 + d.int(20)}.50</ins></p>
<p class="stars" role="img" aria-label="${d.int(5)} of 5">${each(5, () => '<svg class="icon icon--star"><use href="#star"/></svg>')}</p>
<form action="/cart" method="post"><input type="hidden" name="sku" value="SKU-${10_000 + n}"><label>Size <select name="size"><option>S</option><option selected>M</option><option>L</option></select></label><button class="button" disabled>Add to bag</button></form>
</article>`

const rule = (d: Draw, n: number) =>
  `.${d.one(WORDS)}-${n}>li:nth-child(${1 + d.int(9)}){margin:${d.int(32)}px ${d.int(9)}rem;color:#${(0x100000 + d.int(0xe00000)).toString(16)}}`

const head = (d: Draw) => `<!doctype html>
<html lang="en" class="no-js"><head><meta charset="utf-8"><title>Fjord &amp; Alder – outdoor wear</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="${d.words(18)}">
<!--[if IE]><p>not a slot: <div id="hero"></div></p><![endif]-->
<link rel="preload" href="/a/text.woff2" as="font" type="font/woff2" crossorigin>
<link rel="stylesheet" href="/a/site.css?v=${d.int(9999)}">
<style>${each(150, (n) => rule(d, n))}</style>
<script>document.documentElement.className='js';window.dataLayer=[];if(1<2&&2>1){dataLayer.push({'page':'<div id="promo">'})}</script>
<script type="application/ld+json">{"@context":"https://schema.org","@type":"Store","name":"Fjord & Alder","itemListElement":[${each(24, (n) => `{"@type":"ListItem","position":${n},"url":"https://shop.example/p/${10_000 + n}"}`).replaceAll('\n', ',')}]}</script>
</head>`

/** So many cards of products, as the shop's pages have them. */
export function cards(count: number): string[] {
  const d = draw(SEED)
  return Array.from({ length: count }, (_, n) => card(d, n))
}

/** A shop's front page of about 80 kB, a start tag in every 60 bytes or so, with the three slots in it. */
export function page(): string {
  const d = draw(SEED)
  return `${head(d)}
<body class="home page"><!-- build ${d.int(1e9)} -->
<div id="promo" class="strip"><p>Free delivery over €&nbsp;50</p></div>
<header class="top"><a href="/" class="logo">${icon(d)} Fjord &amp; Alder</a><nav aria-label="Main"><ul class="nav">
${CATEGORIES.map((category) => menu(d, category)).join('\n')}
</ul></nav><form role="search" action="/search"><input type=search name=q placeholder='Search…'><button>${icon(d)}</button></form></header>
<main>
<section id="hero" class="hero"><h1>${d.words(4)}</h1><p>${d.words(20)}</p><a class="button" href="/new">See what is new</a></section>
<section class="grid" aria-label="New this week">
${each(24, (n) => card(d, n))}
</section>
<section id="picks" class="row"><h2>Popular</h2><ul>${each(4, (n) => `<li><a href="/p/${n}">${d.words(3)}</a></li>`)}</ul></section>
<section class="journal">${each(6, (n) => `<article><h2><a href="/journal/${n}">${d.words(5)}</a></h2><p>${d.words(230)} <a href="/journal/${n}#more">more</a></p><!-- teaser ${n} --></article>`)}</section>
</main>
<footer><div class="columns">${each(4, (n) => `<section><h2>${d.words(1)}</h2><ul>${each(7, (m) => `<li><a href="/help/${n}/${m}">${d.words(2)}</a></li>`)}</ul></section>`)}</div>
<p><small>&copy; 2026 Fjord &amp; Alder. ${d.words(30)}</small></p></footer>
<script src="/a/site.js" defer></script>
<script>(function(w){w.products=[${each(220, (n) => `{id:${n},name:"${d.one(WORDS)}",stock:${d.int(90)},html:"<b>${d.one(WORDS)}<\\/b>"}`).replaceAll('\n', ',')}]})(window)</script>
</body></html>
`
}
