import type { attributesIn } from './attributes.ts'
import { MATH, SVG, traitsById, VOID } from './elements.ts'
import { type Fate, OpenElements } from './open-elements.ts'
import { Ambiguity, Namespaces } from './tree.ts'

/** Why the rest of a page cannot be parsed. */
export type Stop = 'ambiguous' | 'tag_too_long' | 'too_deep' | 'held_too_long'

/** Bytes that lol-html may use as workerd sets it up, less a reserve. */
const MEMORY = 3 * 1024 * 1024 - 256 * 1024
/** Bytes of that which an open element takes. */
const MEMORY_PER_ELEMENT = 192
/** How many bytes are kept back while it is open whether they can be parsed. */
const LONGEST_HOLD = 256 * 1024
/** As large as a number can be that takes no memory of its own. */
const SMALL = 0x3fffffff

const FOREIGN_ROOT = SVG | MATH

/** A place from which on it is open whether the page can be parsed: where, and how it stood there. */
interface Hold {
  readonly start: number
  readonly foreignDepth: number
  /** Where elements started that were open there. */
  readonly open: readonly number[]
}

/** A start tag, complete. */
interface StartTag {
  readonly id: number
  readonly hash: number
  readonly start: number
  readonly isSelfClosing: boolean
  readonly attributes: ReturnType<typeof attributesIn>
}

/** What lol-html makes of a page's tags, and whether it can go on. */
export class PageTree {
  readonly elements = new OpenElements()
  readonly #ambiguity = new Ambiguity()
  readonly #namespaces = new Namespaces()
  #longestTag = 0
  #hold: Hold | undefined
  /** Set when what follows must not be parsed. */
  stop: Stop | undefined

  /** Where that begins of which it is open whether it can be parsed. */
  get heldFrom(): number | undefined {
    return this.#hold?.start
  }

  /** How many levels of SVG and MathML a parser is in that was given what is not held. */
  get foreignDepth(): number {
    return this.#hold?.foreignDepth ?? this.#namespaces.foreignDepth
  }

  get isForeign(): boolean {
    return this.#namespaces.isForeign
  }

  /** What became of the element that started there, as far as the parser sees it. */
  fateOf(start: number): Fate {
    if (!this.#hold?.open.includes(start)) return this.elements.fateOf(start)
    return this.stop === undefined ? 'open' : 'lost'
  }

  /** Where elements started, at or after `from`, that are not `closed`. */
  unclosedSince(from: number): number[] {
    const held = this.#hold?.open.filter((start) => start >= from) ?? []
    return [...new Set([...held, ...this.elements.unclosedSince(from)])]
  }

  /** A start tag's name is known; says whether its attributes are asked for. */
  name(id: number, start: number): boolean {
    const traits = traitsById[id] ?? 0
    if (!this.#ambiguity.start(traits)) this.stop = 'ambiguous'
    else if (this.#ambiguity.isCritical && this.#hold === undefined) {
      const { foreignDepth } = this.#namespaces
      this.#hold = { start, foreignDepth, open: this.elements.open() }
    }
    return this.#namespaces.asksAttributes(traits)
  }

  /** The length of a complete tag: the parser's memory grows with the longest. */
  measure(length: number): void {
    if (length > this.#longestTag) this.#longestTag = length
  }

  /** Opens an element; says whether its content is that of HTML. */
  open({ id, hash, start, isSelfClosing, attributes }: StartTag): boolean {
    const traits = traitsById[id] ?? 0
    if ((this.elements.count + 1) * MEMORY_PER_ELEMENT + this.#longestTag > MEMORY) {
      this.stop = 'too_deep'
      return false
    }
    const isHtml = !this.isForeign
    if (!isHtml || traits & FOREIGN_ROOT) {
      this.#namespaces.start(traits, isSelfClosing, attributes)
    }
    if (this.isForeign ? isSelfClosing : (traits & VOID) !== 0) return false
    this.elements.push(hash & SMALL, id, start)
    return isHtml
  }

  close(id: number, hash: number): void {
    const traits = traitsById[id] ?? 0
    this.elements.close(hash & SMALL)
    if (traits === 0) return
    this.#namespaces.end(traits)
    this.#ambiguity.end(traits)
    if (!this.#ambiguity.isCritical) this.#hold = undefined
  }

  /** The page goes on to there. */
  reach(scanned: number): void {
    if (this.#hold && scanned - this.#hold.start > LONGEST_HOLD) this.stop ??= 'held_too_long'
  }

  /** Nothing more comes: what was held has turned out to be parsable. */
  end(): void {
    if (this.stop === undefined) this.#hold = undefined
  }
}
