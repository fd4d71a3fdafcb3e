import type { Bundle } from '../model/bundle.ts'
import type { Snapshot, SnapshotValue } from '../model/profile.ts'

/** A snapshot as a cookie carries it: values by their place in the bundle's `reads`, without the paths. */
export interface CarriedSnapshot extends Omit<Snapshot, 'values'> {
  /** Which paths were read (`readsKey`): another list makes it stale. */
  readonly reads: string
  readonly places: readonly (SnapshotValue | null)[]
}

type Reads = Pick<Bundle, 'reads' | 'readsKey'>

export function toCarried(
  { values, ...snapshot }: Snapshot,
  { reads, readsKey }: Reads,
): CarriedSnapshot {
  const last = reads.findLastIndex((path) => values[path] !== undefined)
  const places = reads.slice(0, last + 1).map((path) => values[path] ?? null)
  return { ...snapshot, reads: readsKey, places }
}

/** The snapshot that was carried; nothing where it was taken for another list of paths. */
export function fromCarried(
  carried: CarriedSnapshot | undefined,
  { reads, readsKey }: Reads,
): Snapshot | undefined {
  if (carried?.reads !== readsKey) return undefined
  const { places, reads: _, ...snapshot } = carried
  const values = reads.flatMap((path, place) => {
    const value = places[place] ?? null
    return value === null ? [] : [[path, value] as const]
  })
  return { ...snapshot, values: Object.fromEntries(values) }
}
