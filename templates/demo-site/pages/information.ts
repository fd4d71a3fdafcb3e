import { html, type Markup } from '../markup.ts'
import type { Page } from './page.ts'

interface Sheet {
  readonly path: string
  readonly title: string
  readonly intro: string
  readonly sections: readonly (readonly [heading: string, text: string])[]
  readonly action?: readonly [text: string, href: string]
}

const SHEETS: readonly Sheet[] = [
  {
    path: '/delivery',
    title: 'Delivery and returns',
    intro: 'How things get to you, and back to us if they should.',
    sections: [
      [
        'Within Sweden',
        'Two days to a parcel point. Free over 800 kr, otherwise 49 kr. Order before three o’clock on a weekday and it leaves Umeå the same day.',
      ],
      [
        'Abroad',
        'We send to the whole of the European Union, Norway, Iceland, Switzerland and the United Kingdom, in three to six working days for 120 kr. Duties are settled at the till, so the parcel arrives without a surprise.',
      ],
      [
        'Returns',
        'Sixty days, also when it has been worn. Put it back in its bag, use the label on the receipt and hand it in where you collected it.',
      ],
    ],
  },
  {
    path: '/repairs',
    title: 'Repairs',
    intro:
      'Eleven people in Umeå do nothing but put things right. Last year they mended 9,400 garments and 2,100 pairs of boots.',
    sections: [
      [
        'Free of charge',
        'Patches up to a palm in size, loose seams, buttons, buckles and zip pulls, for as long as the thing lives and whoever bought it.',
      ],
      [
        'For a fair price',
        'New zips from 280 kr, new soles from 690 kr, new cuffs from 190 kr. We ring you before the work begins if it would cost more.',
      ],
      [
        'How to send it in',
        'Wash it first. Write what is wrong on a slip of paper, and where it hurts on a piece of tape. Leave it in a shop or post it with a label from us. It takes about a week.',
      ],
      [
        'Or do it yourself',
        'Thread, patches, buckles and waxed lace are sold at cost in every shop, and the people behind the counter will show you how.',
      ],
    ],
    action: ['Read how to revive a jacket', '/guides/a-dry-jacket'],
  },
  {
    path: '/shops',
    title: 'Our shops',
    intro: 'Four shops with a workbench in each. Open ten to six, Saturdays to four.',
    sections: [
      [
        'Umeå',
        'Storgatan 44, by the river. Workshop, archive and the good coffee. Telephone +46 70 174 06 20.',
      ],
      [
        'Östersund',
        'Prästgatan 9. Ski waxing from November and a wall of maps. Telephone +46 70 174 06 21.',
      ],
      [
        'Stockholm',
        'Götgatan 101, two floors. Hire of tents and packs. Telephone +46 8 465 004 20.',
      ],
      [
        'Gothenburg',
        'Magasinsgatan 17. Sailing and rain, often at once. Telephone +46 31 390 06 20.',
      ],
    ],
  },
  {
    path: '/about',
    title: 'About us',
    intro:
      'Lavmark is the ground where reindeer lichen grows: thin soil, slow growth, and it lasts.',
    sections: [
      [
        '1974',
        'Gun and Torsten Lav began to sew wind smocks in a garage outside Umeå, because the ones they could buy came apart at the same seam.',
      ],
      [
        'Since then',
        'The smock is still in the collection. Ninety people work here, and the company belongs to a foundation that may neither sell it nor hurry it.',
      ],
      [
        'How we decide',
        'If a thing cannot be taken apart, we do not make it. If it does not sell for ten years, we keep the spare parts for twenty.',
      ],
    ],
    action: ['See what we make', '/products'],
  },
  {
    path: '/join',
    title: 'Become a member',
    intro:
      'Membership is free. You get points on everything, looking-after for what you own, and invitations to dark evenings with hot soup.',
    sections: [
      [
        'From the first day',
        'Five points for every 100 kr, one free re-proofing a year and half price on resoling. Every 500 points become a voucher of 100 kr.',
      ],
      [
        'Gold',
        'With 2,000 points in a year you reach Gold: eight points for every 100 kr, a place kept at every evening and the first look at seconds.',
      ],
      [
        'What we remember',
        'Your purchases and, if you allow it, what you look at, so that we show a tent to someone who wants a tent. You can change your mind under Privacy choices.',
      ],
    ],
    action: ['Join as a demo member', '/sign-in'],
  },
]

/** Pages of plain text, by path. */
export function informationPages(): readonly (readonly [path: string, page: Page])[] {
  return SHEETS.map((sheet) => [sheet.path, toPage(sheet)])
}

function toPage({ title, intro, sections, action }: Sheet): Page {
  return {
    title,
    description: intro,
    main: html`<article class="prose">
<h1>${title}</h1>
<p class="lead">${intro}</p>
${sections.map(
  ([heading, text]): Markup => html`<h2>${heading}</h2>
<p>${text}</p>
`,
)}${action && html`<p><a class="button" href="${action[1]}">${action[0]}</a></p>`}
</article>`,
  }
}
