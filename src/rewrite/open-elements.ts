import { endedById, keptById, kindById } from './elements.ts'

/** How an element fares: one is `lost` whose end was not its own end tag. */
export type Fate = 'open' | 'closed' | 'lost'

/** Where an element's kinds stand in what is noted of it, and a start tag that has ended it. */
const KEPT = 8
const ENDED = 1 << 16

/**
 * The stack of open elements as lol-html's selectors keep it: an end tag takes with it whatever is
 * open inside. Besides, it knows which elements did not end where they would in a browser.
 */
export class OpenElements {
  /** Of each open element its name's hash, where it started, and what its end may be implied by. */
  readonly #hashes: number[] = []
  readonly #starts: number[] = []
  readonly #notes: number[] = []
  /** Where elements started that another's end tag closed, or a start tag would have. */
  #lost: number[] = []

  /** How many are open. */
  get count(): number {
    return this.#starts.length
  }

  /** Where the open ones started. */
  open(): readonly number[] {
    return [...this.#starts]
  }

  push(hash: number, id: number, start: number): void {
    const ended = endedById[id] ?? 0
    if (ended !== 0) this.#end(ended)
    this.#hashes.push(hash)
    this.#starts.push(start)
    this.#notes.push((kindById[id] ?? 0) | ((keptById[id] ?? 0) << KEPT))
  }

  /** An end tag: closes the innermost element of that name and all that is open inside. */
  close(hash: number): void {
    const last = this.#hashes.length - 1
    const at = this.#hashes[last] === hash ? last : this.#hashes.lastIndexOf(hash)
    if (at < 0) return
    for (let n = last; n >= at; n--) {
      const start = this.#starts.pop() ?? 0
      const note = this.#notes.pop() ?? 0
      this.#hashes.pop()
      if (n > at || note & ENDED) this.#lost.push(start)
    }
  }

  /** What became of the element that started there, unless it is forgotten. */
  fateOf(start: number): Fate {
    if (this.#lost.includes(start)) return 'lost'
    const at = this.#starts.lastIndexOf(start)
    if (at < 0) return 'closed'
    return (this.#notes[at] ?? 0) & ENDED ? 'lost' : 'open'
  }

  /** Where elements started, at or after `from`, that are open still or lost. */
  unclosedSince(from: number): number[] {
    return [...this.#lost, ...this.#starts].filter((start) => start >= from)
  }

  /** Lets go of what is only known of elements that started before. */
  forget(before: number): void {
    if (this.#lost.length > 0) this.#lost = this.#lost.filter((start) => start >= before)
  }

  /** Marks the elements that a start tag ends without an end tag. */
  #end(kinds: number): void {
    let left = kinds
    for (let at = this.#notes.length - 1; at >= 0 && left !== 0; at--) {
      const note = this.#notes[at] ?? 0
      if (note & left) this.#notes[at] = note | ENDED
      left &= ~(note | (note >> KEPT))
    }
  }
}
