import type { BundleDocument, CompiledExperience } from '../../src/model/bundle.ts'
import { SHARES, type WeightsByExperience } from '../../src/model/learning.ts'
import { SiteSchema } from '../../src/model/site.ts'
import type { Slot } from '../../src/model/slot.ts'

/** A page of each visitor's own, so that nothing is decided from memory. */
export const pathOf = (visitor: number): string => `/products/tents/${visitor}`

/** Patterns that match these pages, one slot each: everywhere, a section, one page. */
const HERE = ['/*', '/products/tents/*', '/products/tents/:id']
/** How many experiences stand on a page whatever the bundle's size. */
const MATCHING = 10
const KINDS = ['split', 'bandit'] as const

/** Patterns elsewhere, in the forms that sites use; all begin as these pages do, or with a wildcard. */
const ELSEWHERE = [
  (n: number) => `/products/section-${n}`,
  (n: number) => `/products/section-${n}/*`,
  (n: number) => `/products/section-${n % 100}/:item/page-${n}`,
  (n: number) => `/:language/tents/section-${n}/*`,
  (n: number) => `/*/section-${n}`,
]

/**
 * A site with so many experiences, each of so many arms (a divisor of `SHARES`); ten of them are on
 * each of these pages. Audiences and slots grow alike.
 */
export function createDocument(count: number, arms: number): BundleDocument {
  const numbers = Array.from({ length: count }, (_, n) => n)
  return {
    format: 1,
    site: SiteSchema.parse({
      id: 'shop',
      name: 'Shop',
      hosts: ['shop.example'],
      origin: 'https://origin.example',
    }),
    slots: Array.from({ length: slotCount(count) }, (_, n) => toSlot(n)),
    variants: {},
    audiences: Object.fromEntries(numbers.map((n) => [`audience-${n}`, toCondition(n)])),
    goals: [],
    experiences: numbers.map((n) => toExperience(n, arms)),
    reads: [],
    readsKey: '',
  }
}

/** Learned shares for every experience of the document. */
export function createWeights({ experiences }: BundleDocument): WeightsByExperience {
  return Object.fromEntries(
    experiences.map(({ id, arms }) => {
      const shares = { '': Object.fromEntries(arms) }
      return [id, { version: 7, at: 0, shares }]
    }),
  )
}

/** Experiences elsewhere come three to a slot. */
const slotOf = (n: number) =>
  n < MATCHING ? n % HERE.length : HERE.length + Math.floor((n - MATCHING) / 3)

const slotCount = (count: number) => (count <= MATCHING ? HERE.length : slotOf(count - 1) + 1)

function toSlot(n: number): Slot {
  const page = HERE[n] ?? ELSEWHERE[n % ELSEWHERE.length]?.(n) ?? ''
  return {
    id: `slot-${n}`,
    name: '',
    selector: `#s${n}`,
    pages: [page],
    operation: 'inner',
    required: false,
  }
}

function toExperience(n: number, arms: number): CompiledExperience {
  return {
    id: `experience-${n}`,
    slot: `slot-${slotOf(n)}`,
    audience: `audience-${n}`,
    kind: KINDS[n % KINDS.length] ?? 'split',
    arms: Array.from({ length: arms }, (_, arm) => [`variant-${arm}`, SHARES / arms]),
    show: 1,
    rung: 'delivered',
    floor: 0.01,
    window: 86_400_000,
  }
}

/** Only the last experience of a slot here lets the visitor in, so that all ten are looked at. */
function toCondition(n: number): BundleDocument['audiences'][string] {
  const isLastOfItsSlot = n < MATCHING && n + HERE.length >= MATCHING
  return isLastOfItsSlot
    ? { 'signals.device': 'phone', 'visitor.visits': { $gte: 2 } }
    : { 'signals.country': { $in: ['NO', 'FI'] }, 'visitor.visits': { $gte: n % 7 } }
}
