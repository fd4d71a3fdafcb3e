/** How a slot fared on the pages that should have it. */
export interface SlotCounts {
  /** Pages that were looked at. */
  readonly pages: number
  /** Of them, those without the slot's element. */
  readonly missing: number
  /** Of them, those with several such elements; the first one was taken. */
  readonly repeated: number
}

/** What one page showed of a slot. */
export interface Sighting {
  readonly matches: number
  /** The framework that will build the slot's surroundings again in the browser, where one was seen. */
  readonly framework?: string
}

/** A slot's counts over the last hour, and when its element was last there (epoch ms; 0 for never). */
export interface SlotHealth extends SlotCounts {
  readonly slot: string
  readonly lastFoundAt: number
  /** Framework in whose root the slot was last seen, so that hydration undoes what is inserted; or `''`. */
  readonly framework: string
}
