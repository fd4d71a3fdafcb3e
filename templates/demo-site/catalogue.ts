export interface Category {
  /** Stands in URLs and, as the page's category, in what visitors are interested in. */
  readonly id: string
  readonly name: string
  readonly intro: string
  /** The product whose picture stands for the category. */
  readonly picture: string
}

export interface Product {
  readonly slug: string
  readonly name: string
  readonly kind: string
  readonly category: string
  /** Kronor, VAT included. */
  readonly price: number
  readonly summary: string
  readonly story: readonly string[]
  readonly facts: readonly (readonly [name: string, value: string])[]
  /** Codes that are safe in a cookie: letters, digits and hyphens. */
  readonly sizes: readonly string[]
  readonly stock: number
  readonly badge?: string
}

export const CATEGORIES: readonly Category[] = [
  {
    id: 'rainwear',
    name: 'Rainwear',
    intro:
      'Shells and trousers that keep out a wet week, and that we can patch when a branch wins.',
    picture: 'skur-jacket',
  },
  {
    id: 'footwear',
    name: 'Footwear',
    intro: 'Boots and shoes on lasts we have used for thirty years. All of them can be resoled.',
    picture: 'stig-boot',
  },
  {
    id: 'packs',
    name: 'Packs',
    intro: 'Rucksacks that carry on the hips, with buckles you can change without sewing.',
    picture: 'borda-pack',
  },
  {
    id: 'tents',
    name: 'Tents and sleep',
    intro: 'A dry floor, a warm bag and a mat that still holds air at four in the morning.',
    picture: 'kata-tent',
  },
  {
    id: 'cooking',
    name: 'Camp kitchen',
    intro: 'Stoves and pots for coffee with a view, from one cup to a tent full of children.',
    picture: 'glod-stove',
  },
]

export const PRODUCTS: readonly Product[] = [
  {
    slug: 'skur-jacket',
    name: 'Skur shell jacket',
    kind: 'Three-layer shell',
    category: 'rainwear',
    price: 3295,
    summary: 'A quiet three-layer shell for days when the forecast has given up.',
    story: [
      'Skur means shower, though this jacket has sat out rather more than that. The face fabric is recycled nylon, soft enough not to rustle, with a membrane that breathes on the way up and keeps warm on the way down.',
      'The hood turns with your head, the cuffs close over a glove, and every seam is taped by hand in Umeå. If you tear it, send it in: patches up to a palm in size cost nothing.',
    ],
    facts: [
      ['Weight', '465 g in size M'],
      ['Water column', '20,000 mm'],
      ['Fabric', 'Recycled nylon, PFAS-free finish'],
      ['Wash', '30 °C, re-proof every tenth wash'],
    ],
    sizes: ['XS', 'S', 'M', 'L', 'XL'],
    stock: 38,
    badge: 'Back in stock',
  },
  {
    slug: 'dis-trousers',
    name: 'Dis rain trousers',
    kind: 'Full-zip overtrousers',
    category: 'rainwear',
    price: 1495,
    summary: 'Overtrousers that go on over boots, standing on one leg, in the rain.',
    story: [
      'Two-way zips run the whole length of the leg, so there is no hopping about in a puddle. Reinforced knees and seat take a wet log or a rocky step without complaint.',
      'They pack into their own pocket and weigh less than a full water bottle.',
    ],
    facts: [
      ['Weight', '340 g in size M'],
      ['Water column', '15,000 mm'],
      ['Fabric', 'Recycled polyamide'],
      ['Wash', '30 °C, close the zips first'],
    ],
    sizes: ['S', 'M', 'L', 'XL'],
    stock: 61,
  },
  {
    slug: 'blast-smock',
    name: 'Blåst wind smock',
    kind: 'Cotton anorak',
    category: 'rainwear',
    price: 1195,
    summary: 'A close-woven cotton smock that shrugs off wind, sparks and thorns.',
    story: [
      'Some days it only blows. Blåst is woven so tightly that wind has to go round, yet it breathes far better than any shell. The front pocket takes a map, a bar of chocolate and both hands.',
      'Wax it for the autumn, wash it out for the summer.',
    ],
    facts: [
      ['Weight', '520 g in size M'],
      ['Fabric', 'Organic cotton, 180 g/m²'],
      ['Fit', 'Roomy, for a wool jersey beneath'],
      ['Wash', '40 °C, no softener'],
    ],
    sizes: ['S', 'M', 'L', 'XL'],
    stock: 24,
  },
  {
    slug: 'stig-boot',
    name: 'Stig high boot',
    kind: 'Leather walking boot',
    category: 'footwear',
    price: 2195,
    summary: 'A high leather boot for bog, birch root and the long way home.',
    story: [
      'Stig is a path, usually a wet one. The boot is cut from one piece of waxed leather, so there are few seams for water to find, and the tongue is stitched in to the sixth eyelet.',
      'The sole is sewn, not glued. Our workshop has put third soles on boots older than the people who wear them.',
    ],
    facts: [
      ['Weight', '1,380 g a pair in size 42'],
      ['Leather', 'Vegetable-tanned, 2.6 mm'],
      ['Sole', 'Sewn rubber, replaceable'],
      ['Care', 'Wax twice a season'],
    ],
    sizes: ['37', '38', '39', '40', '41', '42', '43', '44', '45'],
    stock: 17,
    badge: 'Resoled for life',
  },
  {
    slug: 'hall-shoe',
    name: 'Häll trail shoe',
    kind: 'Low trail shoe',
    category: 'footwear',
    price: 1495,
    summary: 'A light shoe that grips wet rock and dries over a cup of coffee.',
    story: [
      'Häll is bare rock, the kind that turns to soap in a drizzle. A soft rubber holds on to it, and a mesh upper lets the water out again as quickly as it came in.',
      'Good for huts, islands and any path with a handrail.',
    ],
    facts: [
      ['Weight', '610 g a pair in size 42'],
      ['Upper', 'Recycled mesh'],
      ['Drop', '6 mm'],
      ['Care', 'Rinse, stuff with newspaper'],
    ],
    sizes: ['37', '38', '39', '40', '41', '42', '43', '44', '45'],
    stock: 44,
  },
  {
    slug: 'borda-pack',
    name: 'Börda 45 rucksack',
    kind: 'Trekking pack, 45 litres',
    category: 'packs',
    price: 2395,
    summary: 'Forty-five litres that sit on your hips and leave your shoulders alone.',
    story: [
      'Börda means burden, which is the last time we shall mention it. The back length moves in seconds, the hip belt is cut in three sizes, and the lid comes off to make a bag for the summit.',
      'Each buckle is held by a pin. Break one and change it on the spot; a spare is hidden under the lid.',
    ],
    facts: [
      ['Weight', '1,620 g'],
      ['Volume', '45 litres, and 8 in the lid'],
      ['Carries well to', '16 kg'],
      ['Fabric', 'Waxed cotton and recycled polyester'],
    ],
    sizes: ['S-M', 'M-L'],
    stock: 22,
    badge: 'Members’ favourite',
  },
  {
    slug: 'natt-pack',
    name: 'Nätt 18 day pack',
    kind: 'Day pack, 18 litres',
    category: 'packs',
    price: 895,
    summary: 'A neat pack for the office on Friday and the ridge on Saturday.',
    story: [
      'Eighteen litres is a jersey, lunch for two, a flask and a paperback. A sleeve keeps a laptop off the ground and the ground off a laptop.',
      'The colour is lingonberry. It fades kindly.',
    ],
    facts: [
      ['Weight', '560 g'],
      ['Volume', '18 litres'],
      ['Laptop', 'up to 14 inches'],
      ['Fabric', 'Recycled polyamide'],
    ],
    sizes: ['One-size'],
    stock: 83,
  },
  {
    slug: 'kata-tent',
    name: 'Kåta 4 tent',
    kind: 'Four-person pole tent',
    category: 'tents',
    price: 5495,
    summary: 'One pole, eight pegs and room for four people, or two and a dog.',
    story: [
      'A single pole goes up in under three minutes, even with cold hands. The cotton blend breathes, so the mornings are dry inside, and the apex opens for a small stove.',
      'Snow flaps in winter, mosquito net in summer, and standing height all year round.',
    ],
    facts: [
      ['Weight', '5.9 kg with pegs'],
      ['Sleeps', '4, with room to sit'],
      ['Height', '230 cm'],
      ['Fabric', 'Cotton and polyester blend'],
    ],
    sizes: ['One-size'],
    stock: 9,
    badge: 'Few left',
  },
  {
    slug: 'dvala-bag',
    name: 'Dvala sleeping bag',
    kind: 'Three-season bag',
    category: 'tents',
    price: 2795,
    summary: 'Warm to minus seven, and roomy enough to sleep on your side.',
    story: [
      'Dvala is the half-sleep of a hibernating bear. The down is traced to the farm and the box walls stop it wandering, so there are no cold spots round the knees.',
      'Zip two together, left and right, if you like company.',
    ],
    facts: [
      ['Weight', '980 g'],
      ['Comfort', '−1 °C'],
      ['Limit', '−7 °C'],
      ['Filling', 'Traceable down, 700 fill'],
    ],
    sizes: ['Short', 'Regular', 'Long'],
    stock: 31,
  },
  {
    slug: 'ligg-mat',
    name: 'Ligg sleeping mat',
    kind: 'Insulated mat',
    category: 'tents',
    price: 1295,
    summary: 'Seven centimetres of calm between you and the stones.',
    story: [
      'Ligg fills in twelve breaths and stays quiet when you turn. The cells run lengthways, so you lie in the middle and not on the floor.',
      'A patch and glue live in the valve pocket.',
    ],
    facts: [
      ['Weight', '540 g'],
      ['R-value', '4.1'],
      ['Size', '190 × 60 × 7 cm'],
      ['Fabric', 'Recycled polyester'],
    ],
    sizes: ['Regular', 'Wide'],
    stock: 40,
  },
  {
    slug: 'glod-stove',
    name: 'Glöd gas stove',
    kind: 'Folding stove',
    category: 'cooking',
    price: 995,
    summary: 'Boils a litre in four minutes and simmers like a kitchen hob.',
    story: [
      'Three wide legs keep Glöd level on moss, sand and snow. The burner is recessed against wind and the flame turns down far enough to fry an egg without regret.',
      'Every part unscrews with a coin.',
    ],
    facts: [
      ['Weight', '295 g'],
      ['Power', '2.8 kW'],
      ['Boils 1 litre', 'in 4 minutes'],
      ['Fuel', 'Screw-on gas canisters'],
    ],
    sizes: ['One-size'],
    stock: 52,
  },
  {
    slug: 'koka-pots',
    name: 'Koka pot set',
    kind: 'Two pots and a pan lid',
    category: 'cooking',
    price: 645,
    summary: 'Two nesting pots in plain steel that will outlive the recipe.',
    story: [
      'No coating to scratch and nothing to peel: just steel with a thick base. The lid is a pan, the handle fits both pots, and a gas canister fits inside the smaller one.',
      'Scrub with sand. It is what your grandmother did.',
    ],
    facts: [
      ['Weight', '720 g'],
      ['Holds', '0.9 and 1.8 litres'],
      ['Material', 'Stainless steel'],
      ['Care', 'Anything you like'],
    ],
    sizes: ['One-size'],
    stock: 66,
  },
]

export function findProduct(slug: string): Product | undefined {
  return PRODUCTS.find((product) => product.slug === slug)
}

export function productsIn(category: string): readonly Product[] {
  return PRODUCTS.filter((product) => product.category === category)
}

export function categoryOf(product: Product): Category | undefined {
  return CATEGORIES.find((category) => category.id === product.category)
}

/** A size code as people read it. */
export function toSizeName(code: string): string {
  return code === 'One-size' ? 'One size' : code.replace('-', '–')
}

const KRONOR = new Intl.NumberFormat('en-GB')

/** An amount as a price tag shows it: `3,295 kr`. */
export function toPrice(kronor: number): string {
  return `${KRONOR.format(kronor)} kr`
}
