import type { Sighting } from '../model/slot-health.ts'
import type { HydrationWatch } from './hydration.ts'

/** Counts the slots of one page as they stream past. */
export interface Lookout {
  /** How many of a slot's elements there have been, this one included. */
  sight(slot: { readonly id: string }): number
  /** The slot was there, and nothing could be done with it. */
  lose(slot: { readonly id: string }): void
  sightings(slots: readonly { readonly id: string }[]): ReadonlyMap<string, Sighting>
}

/** `hydration`, where the page is looked at more closely, names the framework around each slot. */
export function createLookout(hydration: HydrationWatch | undefined): Lookout {
  const seen = new Map<string, Sighting>()
  const lost = new Set<string>()
  return {
    sight({ id }) {
      const matches = (seen.get(id)?.matches ?? 0) + 1
      const framework = seen.get(id)?.framework ?? hydration?.inside()
      seen.set(id, { matches, ...(framework && { framework }) })
      return matches
    },
    lose: ({ id }) => void lost.add(id),
    sightings(slots) {
      const everywhere = hydration?.wholeDocument()
      const toSighting = ({ id }: { readonly id: string }): [string, Sighting] => {
        const sighting = lost.has(id) ? undefined : seen.get(id)
        const { matches, framework = everywhere } = sighting ?? { matches: 0 }
        return [id, { matches, ...(framework && { framework }) }]
      }
      return new Map(slots.map(toSighting))
    },
  }
}
