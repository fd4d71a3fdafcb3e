export interface Guide {
  readonly slug: string
  readonly title: string
  readonly category: string
  readonly picture: string
  readonly minutes: number
  readonly teaser: string
  readonly sections: readonly (readonly [heading: string, text: string])[]
  /** Slugs of products that the guide leads to. */
  readonly products: readonly string[]
}

export const GUIDES: readonly Guide[] = [
  {
    slug: 'a-dry-jacket',
    title: 'Bring an old jacket back to life',
    category: 'rainwear',
    picture: 'storm',
    minutes: 4,
    teaser: 'When water stops beading, most shells are not worn out. They are dirty.',
    sections: [
      [
        'Look before you wash',
        'Pour a little water over a shoulder. If it darkens the cloth, the finish has gone, but the membrane behind it is very likely fine. Check the seams from the inside: tape that lifts at a corner can be pressed back with a cool iron and a tea towel.',
      ],
      [
        'Wash it properly',
        'Thirty degrees, a shell wash, no softener, zips closed. Rinse twice. Grease from skin and sunscreen does more harm than mud, so the collar deserves a soft brush.',
      ],
      [
        'Warm the finish up',
        'Tumble on low for twenty minutes, or iron gently through a cloth. Heat stands the finish up again. Only if water still soaks in do you need a spray or a wash-in treatment.',
      ],
      [
        'When to send it to us',
        'Holes larger than a palm, zips that split and hoods that have lost their stiffness are a morning’s work in the workshop. Members have one re-proofing a year on the house.',
      ],
    ],
    products: ['skur-jacket', 'dis-trousers', 'blast-smock'],
  },
  {
    slug: 'first-night-out',
    title: 'A first night above the tree line',
    category: 'tents',
    picture: 'night',
    minutes: 6,
    teaser: 'Choose the place first and the tent second. A short list for long evenings.',
    sections: [
      [
        'Pick a place that drains',
        'A slight slope with heather beats a flat meadow. Flat and green means that water stays. Look for a boulder or a ridge between you and the evening wind, and leave a few metres to the nearest brook.',
      ],
      [
        'Sleep warm from below',
        'Cold comes out of the ground. In October a mat with an R-value above four matters more than a thicker bag. Eat something fatty before you lie down and you will carry your own heating.',
      ],
      [
        'Put things where your hands expect them',
        'Head torch in the left shoe, water in the right, jersey under the head. Do it in the same order every evening and you will never search in the dark.',
      ],
      [
        'Leave it as it was',
        'Loosen the heather with your hand where the tent stood. If nobody can tell, you did well.',
      ],
    ],
    products: ['kata-tent', 'dvala-bag', 'ligg-mat'],
  },
  {
    slug: 'fitting-a-pack',
    title: 'How to fit a rucksack in five minutes',
    category: 'packs',
    picture: 'dawn',
    minutes: 3,
    teaser: 'Load it first, loosen everything, and start with the hips.',
    sections: [
      [
        'Start with a load',
        'An empty pack fits everyone. Put in eight kilos, something soft against the back and the heavy things high and close.',
      ],
      [
        'Hips, shoulders, chest',
        'Loosen every strap. Set the belt so that its middle lies on the edge of the hip bone, and tighten it. Pull the shoulder straps until they touch without bearing. Close the chest strap last, two fingers below the collar bone.',
      ],
      [
        'The small straps on top',
        'The load lifters should run at about forty-five degrees. On the way up, ease them; on the way down, pull them in. That is the whole secret.',
      ],
    ],
    products: ['borda-pack', 'natt-pack'],
  },
]
