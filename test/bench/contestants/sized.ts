import type * as z from 'zod'
import type { ConfigurationSchema } from '../../../src/model/configuration.ts'
import { MANNERS, markOf, pathTo } from '../sized-page.ts'
import { HOST } from './contestant.ts'
import { createSelvedge } from './selvedge.ts'

type Draft = z.input<typeof ConfigurationSchema>

/** How many slots pages have: a path that ends in one of these has so many. */
export const SLOT_COUNTS = [1, 3, 10, 25, 50] as const
export const USUAL_SLOTS = 3
const MOST_SLOTS = Math.max(...SLOT_COUNTS)

/** Of any size, with at least n + 1 slots. */
const pagesWith = (n: number) =>
  MANNERS.flatMap((manner) =>
    SLOT_COUNTS.filter((count) => count > n).map((count) => `/${manner}/:size/${count}`),
  )

/** A site whose pages are of many sizes; a rule fills each slot for everybody. */
function configuration(origin: string): Draft {
  const numbers = Array.from({ length: MOST_SLOTS }, (_, n) => n)
  return {
    site: { id: 'shop', name: 'Shop', hosts: [HOST], origin, holdout: 0, consent: { default: 2 } },
    slots: numbers.map((n) => ({ id: `s${n}`, selector: `#s${n}`, pages: pagesWith(n) })),
    modules: [
      {
        id: 'offer',
        template: '<p class="offer">{{text}}</p>',
        fields: { text: { kind: 'text' } },
      },
    ],
    variants: numbers.map((n) => ({ id: `v${n}`, module: 'offer', content: { text: markOf(n) } })),
    experiences: numbers.map((n) => ({
      id: `e${n}`,
      slot: `s${n}`,
      variants: [{ variant: `v${n}` }],
    })),
  }
}

/** Selvedge in front of pages of any size and number of slots. */
export const sized = createSelvedge({
  name: 'sized',
  configuration,
  path: pathTo('streamed', { kilobytes: 10, slots: USUAL_SLOTS }),
})
