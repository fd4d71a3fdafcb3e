import type { Slot } from './slot.ts'

/** Safe ASCII HTML for a slot (the attribute's value for `set-attribute`), ready to be inserted. */
export interface Fragment {
  readonly slot: Slot
  readonly experience: string
  readonly html: string
  /**
   * By rank, the mark (`data-sv`) of the element that stands for the exposure; `''` where nothing is
   * left on the page to carry one.
   */
  readonly marks: readonly string[]
}
