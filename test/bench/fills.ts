import type { SlotId } from './page.ts'

/** Text by which a filled slot is recognised. */
export const MARKS: Readonly<Record<SlotId, string>> = {
  promo: 'Members ride free to the trail head until Sunday.',
  hero: 'Storm shells for your next ridge',
  picks: 'Picked for wet weather',
}

const NAMES = ['Alder shell', 'River boot', 'Ember stove', 'North pack', 'Pine tent', 'Stone map']

/** Products in the list of picks, as content of a variant. */
export const PICKS = NAMES.map((name, n) => ({
  name,
  href: `/p/${20_000 + n}`,
  image: `/i/pick-${n}.jpg`,
}))

const pick = ({ name, href, image }: (typeof PICKS)[number]) =>
  `<li class="pick"><a href="${href}"><img src="${image}" width="320" height="400" alt="${name}"><span>${name}</span></a><p>In stock, with you in two days</p></li>`

/** The HTML that peers put into each slot; what Selvedge's templates make of the same content. */
export const FILLS: Readonly<Record<SlotId, string>> = {
  promo: `<p class="offer">${MARKS.promo} <a href="/members">Join now</a> <b>Welcome back</b></p>`,
  hero: `<div class="hero__inner"><h1>${MARKS.hero}</h1><p>Three layers, taped seams, mended for life in our own workshop.</p><img src="/i/storm.jpg" width="1200" height="600" alt="Walker in rain"><a class="button" href="/c/jackets">See the shells</a></div>`,
  picks: `<div class="picks"><h2>${MARKS.picks}</h2><ul>${PICKS.map(pick).join('')}</ul></div>`,
}
