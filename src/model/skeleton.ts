import type { Sighting } from './slot-health.ts'

/** How the beacon may be put on a page without a policy being broken or weakened. */
export type ScriptForm =
  | { readonly kind: 'inline'; readonly nonce: string }
  | { readonly kind: 'external' }
  | { readonly kind: 'none' }

/** Where a slot's element stands in a page's bytes: what is inserted there goes in before the byte. */
export interface Place {
  readonly slot: string
  readonly before: number
  /** Its content; absent where it can have none. */
  readonly start?: number
  readonly end?: number
  /** Absent where it does not end by its own end tag. */
  readonly after?: number
  /** For `set-attribute`: the start tag as it is then, before and after the value; a byte a character. */
  readonly tag?: readonly [before: string, after: string]
}

/** What is known of a page's markup when it has been read once. Plain JSON. */
export interface Outline {
  /** In document order; none inside another. */
  readonly places: readonly Place[]
  /** Slot → how it fared. */
  readonly sightings: Readonly<Record<string, Sighting>>
  readonly script: ScriptForm
  /** Whether markup put after the page would be markup. */
  readonly takesMarkup: boolean
}

/** A page as the origin sent it, with its slots' places: views are put together without a parse. */
export interface Skeleton {
  readonly bytes: Uint8Array
  /** The origin's, less those of one connection. */
  readonly headers: Headers
  readonly outline: Outline
}
