import { CATEGORIES, findProduct } from '../catalogue.ts'
import { GUIDES } from '../guides.ts'
import { html, type Markup } from '../markup.ts'
import { guideCard, productGrid } from './cards.ts'
import { icon } from './icons.ts'
import { offerList } from './offers.ts'
import type { Page } from './page.ts'

const FAVOURITES = [
  'skur-jacket',
  'borda-pack',
  'stig-boot',
  'kata-tent',
  'natt-pack',
  'glod-stove',
  'dvala-bag',
  'hall-shoe',
]

const VOICES: readonly (readonly [words: string, who: string])[] = [
  [
    'My mother bought the boots in 1996. I am on the third pair of soles and the first argument.',
    'Astrid, Skellefteå',
  ],
  [
    'Tore the jacket on a fence on Monday. It was back on Friday, with a better pocket.',
    'Peter, Luleå',
  ],
  ['They talked me out of the bigger pack. They were right.', 'Noor, Uppsala'],
]

const QUESTIONS: readonly (readonly [question: string, answer: string])[] = [
  [
    'Do you really mend things you did not sell?',
    'If we can get hold of the parts, yes. Boots and zips are nearly always possible, taped seams on other people’s jackets sometimes are not. We look before you pay.',
  ],
  [
    'Which size should I take?',
    'Take your usual size for everything worn over a shirt, and one up if a thick jersey goes beneath. Every product page says how the thing was meant to sit. Sixty days to change it, free both ways.',
  ],
  [
    'Why is there no sale?',
    'We make what we think will sell and store what does not. Seconds, with a crooked stitch or the wrong thread, go to members at half the price twice a year.',
  ],
  [
    'Can I hire before I buy?',
    'Tents, packs and sleeping bags can be hired in Stockholm and Umeå from 120 kr a day. If you buy within a month we take off what you paid.',
  ],
]

export function homePage(): Page {
  const favourites = FAVOURITES.map(findProduct).filter((product) => product !== undefined)
  return {
    title: 'Outdoor kit, made to be mended',
    description:
      'Rainwear, boots, packs and tents from Umeå, built to be repaired, with benefits for members.',
    main: html`<section id="hero" class="hero" aria-label="Welcome">
${hero()}
</section>
${promises()}
<section class="band" aria-labelledby="categories-title">
<div class="band-head"><h2 id="categories-title">What is the plan?</h2><a class="more" href="/products">See everything</a></div>
<ul class="category-tiles">
${CATEGORIES.map(
  ({
    id,
    name,
    picture,
  }) => html`<li><a href="/categories/${id}"><img src="/assets/art/${picture}.svg" alt="" width="320" height="240"><span>${name}</span></a></li>
`,
)}</ul>
</section>
<section class="band" aria-labelledby="favourites-title">
<div class="band-head"><h2 id="favourites-title">Packed most often this month</h2></div>
${productGrid(favourites)}
</section>
<section class="band band-tinted" aria-labelledby="benefits-title">
<div class="band-head"><h2 id="benefits-title">This month’s benefits</h2><a class="more" href="/benefits">All benefits</a></div>
${offerList()}
</section>
${joinStrip()}
<section class="band" aria-labelledby="guides-title">
<div class="band-head"><h2 id="guides-title">Before you set off</h2><a class="more" href="/guides">All guides</a></div>
<ul class="guide-grid">
${GUIDES.map(guideCard)}</ul>
</section>
${workshopBand()}
${askBand()}
<section class="band" aria-labelledby="voices-title">
<h2 id="voices-title">From people who wear things out</h2>
<ul class="voices">
${VOICES.map(
  ([words, who]) => html`<li><blockquote><p>${words}</p></blockquote><p class="meta">${who}</p></li>
`,
)}</ul>
</section>
<section class="band questions" aria-labelledby="questions-title">
<h2 id="questions-title">Good to know</h2>
<div>
${QUESTIONS.map(
  ([question, answer]) => html`<details><summary>${question}</summary><p>${answer}</p></details>
`,
)}</div>
</section>`,
  }
}

function hero(): Markup {
  return html`<div class="hero-scene">
<img class="hero-art" src="/assets/art/dawn.svg" alt="" width="1600" height="900">
<div class="hero-text">
<p class="eyebrow">Autumn and winter</p>
<h1>Outdoor kit, made to be mended</h1>
<p class="hero-lead">Jackets, boots and tents from Umeå that are built to be opened up, patched and handed down.</p>
<p class="hero-actions"><a class="button" href="/products" data-goal="hero_opened">See the collection</a></p>
</div>
</div>`
}

function promises(): Markup {
  return html`<ul id="promises" class="promises">
<li>${icon('needle')}<span><strong>Mended for life</strong>Small repairs are free, big ones are fair.</span></li>
<li>${icon('truck')}<span><strong>With you in two days</strong>Free to a parcel point over 800 kr.</span></li>
<li>${icon('return')}<span><strong>Sixty days to decide</strong>Walk in it first. Mud is fine.</span></li>
<li>${icon('leaf')}<span><strong>No forever chemicals</strong>Every finish has been PFAS-free since 2019.</span></li>
</ul>`
}

function joinStrip(): Markup {
  return html`<section id="join-strip" class="join-strip" aria-labelledby="join-title">
<div><h2 id="join-title">Become a member</h2>
<p>Points on everything, one free re-proofing a year and first choice of the seconds. It costs nothing and takes a minute.</p></div>
<a class="button" href="/join" data-goal="membership_opened">Join Lavmark</a>
</section>`
}

function workshopBand(): Markup {
  return html`<section class="workshop" aria-labelledby="workshop-title">
<div><h2 id="workshop-title">Meanwhile, in the workshop</h2>
<p>Eleven people in Umeå do nothing but put things right. Send yours before the season starts and it will be back before the first snow.</p>
<p><a class="button button-quiet" href="/repairs">How repairs work</a></p></div>
<dl>
<div><dt>Garments mended last year</dt><dd>9,400</dd></div>
<div><dt>Boots with new soles</dt><dd>2,100</dd></div>
<div><dt>Oldest jacket on the bench</dt><dd>1976</dd></div>
<div><dt>Days until you have it back</dt><dd>7</dd></div>
</dl>
</section>`
}

function askBand(): Markup {
  return html`<section class="ask" aria-labelledby="ask-title">
<img src="/assets/art/coast.svg" alt="" width="640" height="360" loading="lazy">
<div><h2 id="ask-title">Ask someone who has been there</h2>
<p>Everyone in our shops has a tent, opinions about socks and time for a question. There are shops in Umeå, Östersund, Stockholm and Gothenburg.</p>
<p><a id="ask-link" class="button" href="/shops" data-goal="advice_asked">Talk to a shop</a></p></div>
</section>`
}
