import type { Stop } from './page-tree.ts'
import { isPerhaps, type StartTag } from './start-tag.ts'
import { Tokenizer } from './tokenizer.ts'

/** How many bytes after its start tag an element's end is looked for. */
const LONGEST_SLOT = 256 * 1024
/** A longer one that is cut in pieces is taken for any. */
const LONGEST_TAG = 16 * 1024

interface Piece {
  readonly bytes: Uint8Array
  readonly start: number
}

/**
 * A page on its way to the parser: how much of it may be parsed, and whether an element that the parser
 * has just come to ends by its own end tag.
 */
export class Watch {
  readonly #tokenizer = new Tokenizer()
  /** What has come and may not be parsed yet, or has not been asked for. */
  readonly #queue: Uint8Array[] = []
  /** What holds the tags that the parser is given just now, and all after that. */
  #pieces: Piece[] = []
  #taken = 0
  /** The whole tags that are being taken, one after another: where they start and end. */
  #run = { start: 0, end: 0 }
  #isOver = false
  /** Whether it begins as UTF-16 does, whatever its headers say. */
  #isWide = false

  get stop(): Stop | undefined {
    return this.#tokenizer.tree.stop
  }

  /** How many levels of SVG and MathML a parser is in that has been given all that may be parsed. */
  get foreignDepth(): number {
    return this.#tokenizer.tree.foreignDepth
  }

  /** Whether markup put after the page would be markup: a page may end amid a script or a comment. */
  get takesMarkup(): boolean {
    return this.#tokenizer.takesMarkup && !this.#isWide
  }

  /** The page goes on. */
  add(bytes: Uint8Array): void {
    const start = this.#tokenizer.scanned
    if (start === 0) this.#isWide = isWide(bytes)
    this.#queue.push(bytes)
    this.#pieces.push({ bytes, start })
    this.#tokenizer.scan(bytes)
  }

  /** The page is over. */
  end(): void {
    this.#isOver = true
    this.#tokenizer.end()
  }

  /** What may be parsed next, if anything. Asked when all that was taken before has been parsed. */
  take(): Uint8Array | undefined {
    const [first] = this.#queue
    const { safe } = this.#tokenizer
    if (first === undefined || this.#taken >= safe) return undefined
    if (this.#taken >= this.#run.end) this.#beginRun(safe)
    const bytes = first.subarray(0, safe - this.#taken)
    if (bytes.length === first.length) this.#queue.shift()
    else this.#queue[0] = first.subarray(bytes.length)
    this.#taken += bytes.length
    return bytes
  }

  /** What is left of the page so far, after a stop. */
  rest(): Uint8Array[] {
    return this.#queue.splice(0)
  }

  /**
   * Begins to look where an element ends whose start tag is in what was taken last. Asked again when
   * more of the page has come: true if it ends by its own end tag, false if it does not (or if that is
   * too far away), `undefined` while it may do either. Elements that look the same and have not ended
   * either are one to it.
   */
  ending(tag: StartTag | undefined): () => boolean | undefined {
    const limit = this.#tokenizer.scanned + LONGEST_SLOT
    const starts = this.#tokenizer.tree
      .unclosedSince(this.#run.start)
      .filter((start) => start < this.#taken)
    return () => {
      const perhaps = starts.filter((start) => this.#isPerhapsAt(start, tag))
      const fates = perhaps.map((start) => this.#tokenizer.tree.fateOf(start))
      if (fates.includes('lost')) return false
      if (!fates.includes('open')) return true
      const isLast = this.#isOver || this.stop !== undefined || this.#tokenizer.scanned > limit
      return isLast ? false : undefined
    }
  }

  /** A tag may be cut in as many pieces as it has bytes. */
  #isPerhapsAt(start: number, tag: StartTag | undefined): boolean {
    let next = this.#pieces.findLastIndex((piece) => piece.start <= start)
    const piece = this.#pieces[next]
    if (!tag || !piece) return true
    let bytes = piece.bytes.subarray(start - piece.start)
    for (;;) {
      const answer = isPerhaps(tag, bytes, 0)
      const more = this.#pieces[++next]
      if (answer !== undefined || !more || bytes.length > LONGEST_TAG) return answer ?? true
      bytes = joined(bytes, more.bytes)
    }
  }

  /** What came before has been parsed, and no handler will ask about it. */
  #beginRun(safe: number): void {
    this.#run = { start: this.#taken, end: safe }
    this.#tokenizer.tree.elements.forget(this.#taken)
    this.#pieces = this.#pieces.filter(({ bytes, start }) => start + bytes.length > this.#taken)
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}

/** The byte order marks of UTF-16. */
const isWide = ([a, b]: Uint8Array) => (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)
