import type { Check } from './checks.ts'
import type { Answer, Client } from './client.ts'
import type { Piece } from './page.ts'
import type { Person } from './people.ts'
import type { Stage } from './stage.ts'
import type { Undo } from './storage.ts'

/** Something that goes wrong, and what pages have to be like meanwhile. */
export interface Fault {
  readonly name: string
  /** The `n`th request's path; `/p/small` unless given. */
  readonly path?: (n: number) => string
  readonly expect: Check
  /** What the `n`th page is made of, where the path's case does not tell. */
  readonly pieces?: (n: number) => readonly Piece[]
  /** Requests as a share of the run's, for what takes long; 1 unless given. */
  readonly share?: number
  /** Brings the fault about. */
  readonly begin?: (stage: Stage) => Promise<Scene>
  /** Asks for a page in another way than by a plain GET. */
  readonly ask?: (asking: Asking) => Promise<Answer>
  /** What is found wrong when all is over, in words. */
  readonly afterwards?: (asking: Asking) => Promise<readonly string[]>
}

export interface Asking {
  readonly stage: Stage
  readonly client: Client
  readonly path: string
  readonly person: Person
  readonly n: number
}

/** Where a fault takes place, where that is not the stage's own site and people. */
export interface Scene {
  readonly client?: Client
  readonly people?: readonly Person[]
  readonly undo?: Undo
  /** Nothing gets well again when it is over. */
  readonly lost?: boolean
}

/** Faults that share a heading in the table. */
export interface Group {
  readonly name: string
  readonly faults: readonly Fault[]
}

/** Paths of a list of cases, one after another. */
export function cycle(names: readonly string[], place = 'p'): (n: number) => string {
  return (n) => `/${place}/${names[n % names.length]}`
}
