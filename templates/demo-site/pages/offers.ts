import { html, type Markup } from '../markup.ts'

interface Offer {
  readonly figure: string
  readonly title: string
  readonly text: string
  readonly terms: string
  readonly link: string
  readonly linkText: string
}

/** What everybody sees where nothing is chosen for them. */
const DEFAULT_OFFERS: readonly Offer[] = [
  {
    figure: 'Free',
    title: 'Re-proof one shell',
    text: 'Send us a jacket that has stopped beading. It comes back washed, proofed and checked at the seams.',
    terms: 'Once a year for every member',
    link: '/repairs',
    linkText: 'Book the workshop',
  },
  {
    figure: '−15 %',
    title: 'Tents and sleep',
    text: 'On tents, bags and mats, for nights that are getting longer.',
    terms: 'Members, in shops and online',
    link: '/categories/tents',
    linkText: 'See tents and sleep',
  },
  {
    figure: '2 for 1',
    title: 'A night in a mountain hut',
    text: 'Two people sleep for the price of one in any of forty huts between Grövelsjön and Abisko.',
    terms: 'Sunday to Thursday',
    link: '/guides/first-night-out',
    linkText: 'Plan a night out',
  },
  {
    figure: '½ price',
    title: 'New soles on old boots',
    text: 'Ours or not, as long as the upper is sound. It takes two weeks and a pair of laces.',
    terms: 'Members, one pair a season',
    link: '/repairs',
    linkText: 'Send in your boots',
  },
]

/** The list container that a ranked list of offers fills. */
export function offerList(): Markup {
  return html`<ul id="benefit-list" class="offer-list">
${DEFAULT_OFFERS.map(offerCard)}</ul>`
}

function offerCard(offer: Offer): Markup {
  return html`<li class="offer">
<p class="offer-figure">${offer.figure}</p>
<div class="offer-body">
<h3>${offer.title}</h3>
<p>${offer.text}</p>
<p class="meta">${offer.terms}</p>
<p><a class="more" href="${offer.link}" data-goal="offer_opened">${offer.linkText}</a></p>
</div>
</li>
`
}
