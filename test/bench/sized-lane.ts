import type { Answer } from './ask.ts'
import { sized } from './contestants/sized.ts'
import type { Lane } from './race.ts'
import { faultsOfSized, type Manner, pathTo, type Size } from './sized-page.ts'

/** Selvedge on a page of some size. */
export function toSizedLane(manner: Manner, size: Size): Lane {
  return `${sized.name} ${pathTo(manner, size)}`
}

/** Everything that is wrong with such a lane's answer. */
export function faultsOfLane(lane: Lane, answer: Answer): string[] {
  return faultsOfSized(lane.slice(lane.indexOf('/')), answer)
}
