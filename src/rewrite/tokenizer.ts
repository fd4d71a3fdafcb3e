import { attributesIn } from './attributes.ts'
import {
  HASH_FACTOR,
  HASH_START,
  PLAINTEXT as IS_PLAINTEXT,
  SCRIPT as IS_SCRIPT,
  TEXT as IS_TEXT,
  idOf,
  LONGEST,
  traitsById,
} from './elements.ts'
import { PageTree } from './page-tree.ts'
import {
  AFTER_ATTRIBUTE,
  ATTRIBUTE,
  BANG,
  BEFORE_ATTRIBUTE,
  BEFORE_VALUE,
  BOGUS,
  CDATA_OPEN,
  DASH,
  DASHED,
  DATA,
  DECLARATION,
  DECLARATION_DASH,
  DOUBLE_QUOTE,
  DOUBLE_QUOTED,
  END_TAG_OPEN,
  EQUALS,
  ESCAPE_START,
  ESCAPED,
  endsName,
  GREATER_THAN,
  isLetter,
  isSpace,
  LESS_THAN,
  NAME,
  OPEN_BRACKET,
  PLAINTEXT,
  QUESTION,
  SCRIPT,
  SINGLE_QUOTE,
  SINGLE_QUOTED,
  SKIPS,
  SLASH,
  SOLIDUS,
  STEPS,
  TAG_OPEN,
  TEXT,
  TEXT_END_TAG_OPEN,
  TEXT_LESS_THAN,
  TEXT_NAME,
  TWICE_ESCAPE_START,
  UNQUOTED,
  WORDS,
} from './states.ts'

/** The longest tag, in bytes. */
const LONGEST_TAG = 2 * 1024 * 1024

const HAS_TEXT = IS_TEXT | IS_SCRIPT | IS_PLAINTEXT

/** Whether an attribute's name ends before it. */
const endsAttribute = (byte: number) => byte === EQUALS || endsName(byte)

/** Beyond so many bytes a native search is faster than a loop. */
const NEAR = 48

/** The place of a byte at or after `from`, or the length where there is none. */
function find(bytes: Uint8Array, byte: number, from: number): number {
  const near = Math.min(from + NEAR, bytes.length)
  for (let at = from; at < near; at++) if (bytes[at] === byte) return at
  if (near === bytes.length) return near
  const at = bytes.indexOf(byte, near)
  return at < 0 ? bytes.length : at
}

/**
 * Follows a page as lol-html does, in whatever pieces it comes, and says how much of it can be given to
 * a rewriter that is to live on. Works on bytes, for every charset in which ASCII stands for itself:
 * `<`, `>` and quotes are never part of another character there. Long methods, for speed.
 */
export class Tokenizer {
  readonly tree = new PageTree()
  /** Bytes scanned before the present piece. */
  #base = 0
  #state = DATA
  /** Where the tag, or what may become one, starts; whether it stands in markup, not in text. */
  #tagStart = 0
  #isInMarkup = true
  #isEndTag = false
  #hash = 0
  #length = 0
  readonly #name = new Uint8Array(LONGEST)
  #id = 0
  /** The state to fall back to in text, and whose text it is. */
  #text = TEXT
  #textId = 0
  /** How much of a word has been matched. */
  #matched = 0
  /** Of a tag whose effect depends on its attributes: their bytes, as far as they came. */
  #kept: Uint8Array[] | undefined
  #keptFrom = 0

  /** How many bytes from the page's start can be parsed. Final when the tree has come to a stop. */
  get safe(): number {
    const { stop, heldFrom } = this.tree
    return heldFrom ?? (stop !== undefined || this.#isInTag ? this.#tagStart : this.#base)
  }

  /** Bytes scanned. */
  get scanned(): number {
    return this.#base
  }

  /** Whether markup put here would be markup: this is no tag, no comment, no script's text. */
  get takesMarkup(): boolean {
    return this.#state === DATA
  }

  get #isInTag(): boolean {
    return this.#isInMarkup && this.#state >= TAG_OPEN && this.#state <= SLASH
  }

  /** Takes the next piece of the page. */
  scan(bytes: Uint8Array): void {
    const { tree } = this
    let at = 0
    while (at < bytes.length && tree.stop === undefined) at = this.#read(bytes, at)
    this.#kept?.push(bytes.slice(this.#keptFrom))
    this.#keptFrom = 0
    this.#base += bytes.length
    if (tree.stop !== undefined) return
    if (this.#isInTag && this.#base - this.#tagStart > LONGEST_TAG) tree.stop = 'tag_too_long'
    tree.reach(this.#base)
  }

  /** Nothing more comes. */
  end(): void {
    if (this.tree.stop === undefined) this.#isInMarkup = false
    this.tree.end()
  }

  /** Reads on in the present state; gives the place up to which it came. */
  #read(bytes: Uint8Array, at: number): number {
    const state = this.#state
    if (state === DATA) return this.#readData(bytes, at)
    if (state <= END_TAG_OPEN) return this.#readTagOpen(bytes[at] ?? 0, at)
    if (state === NAME) return this.#readName(bytes, at)
    return state <= SLASH ? this.#readAttributes(bytes, at) : this.#readOther(bytes, at)
  }

  /** Markup, tag by tag, as long as tags are whole and nothing but tags and text comes. */
  #readData(bytes: Uint8Array, from: number): number {
    let at = from
    while (this.#state === DATA && this.tree.stop === undefined) {
      at = find(bytes, LESS_THAN, at)
      if (at === bytes.length) return at
      this.#tagStart = this.#base + at
      this.#isInMarkup = true
      const isEndTag = bytes[at + 1] === SOLIDUS
      const name = isEndTag ? at + 2 : at + 1
      if (!isLetter(bytes[name] ?? 0)) return this.#readAgainIn(TAG_OPEN, at + 1)
      at = this.#readName(bytes, this.#beginName(NAME, isEndTag, name))
      if (at < bytes.length && this.tree.stop === undefined)
        at = this.#readPlainAttributes(bytes, at)
    }
    return at
  }

  #readTagOpen(byte: number, at: number): number {
    if (isLetter(byte)) return this.#beginName(NAME, this.#state === END_TAG_OPEN, at)
    if (this.#state === END_TAG_OPEN) this.#state = byte === GREATER_THAN ? DATA : BOGUS
    else if (byte === SOLIDUS) this.#state = END_TAG_OPEN
    else if (byte === BANG) this.#state = DECLARATION
    else if (byte === QUESTION) this.#state = BOGUS
    else return this.#readAgainIn(DATA, at)
    return at + 1
  }

  /** Comments, CDATA, and the text of elements that hold nothing else. */
  #readOther(bytes: Uint8Array, at: number): number {
    const state = this.#state
    const byte = bytes[at] ?? 0
    const skip = SKIPS[state]
    if (skip) {
      const found = find(bytes, skip[0], at)
      if (found === bytes.length) return found
      if (state === TEXT || state === SCRIPT) this.#text = state
      this.#state = skip[1]
      return found + 1
    }
    const step = STEPS[state]
    if (step) {
      const next = step[byte]
      if (next === undefined) return this.#readAgainIn(step.else, at)
      this.#state = next
      return at + 1
    }
    if (state === TEXT_NAME) return this.#readTextName(bytes, at)
    if (WORDS[state]) return this.#readWord(byte, at)
    if (DASHED[state]) return this.#readEscaped(bytes, at)
    return this.#readTextTag(byte, at)
  }

  /** What follows `<` in text, and `<!` in markup. */
  #readTextTag(byte: number, at: number): number {
    switch (this.#state) {
      case DECLARATION:
        if (byte === DASH) this.#state = DECLARATION_DASH
        else if (byte === OPEN_BRACKET && this.tree.isForeign) this.#state = CDATA_OPEN
        // A doctype ends where a bogus comment does.
        else return this.#readAgainIn(BOGUS, at)
        return at + 1
      case TEXT_LESS_THAN:
        if (byte === SOLIDUS) this.#state = TEXT_END_TAG_OPEN
        else if (byte === BANG && this.#text === SCRIPT) this.#state = ESCAPE_START
        else if (isLetter(byte) && this.#text === ESCAPED) {
          return this.#readAgainIn(TWICE_ESCAPE_START, at)
        } else return this.#readAgainIn(this.#text, at)
        return at + 1
      default:
        if (isLetter(byte)) return this.#beginName(TEXT_NAME, true, at)
        return this.#readAgainIn(this.#text, at)
    }
  }

  /** A word that opens CDATA, or that starts or ends the inner of two scripts. */
  #readWord(byte: number, at: number): number {
    const word = WORDS[this.#state]
    if (word === undefined) return at + 1
    const isWhole = this.#matched === word.bytes.length
    const lower = word.isName && isLetter(byte) ? byte | 0x20 : byte
    if (!isWhole && word.bytes[this.#matched] === lower) {
      this.#matched++
      if (word.isName || this.#matched < word.bytes.length) return at + 1
      this.#matched = 0
      this.#state = word.next
      return at + 1
    }
    this.#matched = 0
    if (!isWhole || !endsName(byte)) return this.#readAgainIn(word.else, at)
    this.#state = word.next
    return at + 1
  }

  #readEscaped(bytes: Uint8Array, from: number): number {
    const [dash, lessThan] = DASHED[this.#state] ?? [DATA, DATA]
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at]
      if (byte !== DASH && byte !== LESS_THAN) continue
      if (byte === LESS_THAN) this.#text = ESCAPED
      this.#state = byte === DASH ? dash : lessThan
      return at + 1
    }
    return bytes.length
  }

  #readAgainIn(state: number, at: number): number {
    this.#state = state
    return at
  }

  #beginName(state: number, isEndTag: boolean, at: number): number {
    this.#isEndTag = isEndTag
    this.#hash = HASH_START
    this.#length = 0
    return this.#readAgainIn(state, at)
  }

  /** A tag's name, up to what ends it. */
  #readName(bytes: Uint8Array, from: number): number {
    const isWhole = this.#length === 0
    let hash = this.#hash
    let at = from
    for (; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0
      if (byte <= GREATER_THAN && endsName(byte)) break
      hash = Math.imul(hash ^ (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte), HASH_FACTOR)
    }
    this.#hash = hash
    if (isWhole && at < bytes.length) {
      this.#endName(idOf(hash, bytes, from, at - from), at)
      return at
    }
    this.#keepName(bytes, from, at)
    if (at < bytes.length) this.#endName(idOf(hash, this.#name, 0, this.#length), at)
    return at
  }

  /** A name that is cut in two is put together; one that is too long is in no table. */
  #keepName(bytes: Uint8Array, from: number, to: number): void {
    const room = Math.max(0, LONGEST - this.#length)
    this.#name.set(bytes.subarray(from, Math.min(to, from + room)), Math.min(this.#length, LONGEST))
    this.#length += to - from
  }

  #endName(id: number, at: number): void {
    this.#id = id
    this.#state = BEFORE_ATTRIBUTE
    if (id === 0 || this.#isEndTag || !this.tree.name(id, this.#tagStart)) return
    this.#kept = []
    this.#keptFrom = at
  }

  /** The name of what may be the end tag of the element whose text this is: letters alone. */
  #readTextName(bytes: Uint8Array, from: number): number {
    let at = from
    for (; at < bytes.length && isLetter(bytes[at] ?? 0); at++) {
      this.#hash = Math.imul(this.#hash ^ ((bytes[at] ?? 0) | 0x20), HASH_FACTOR)
    }
    this.#keepName(bytes, from, at)
    if (at === bytes.length) return at
    this.#id = idOf(this.#hash, this.#name, 0, this.#length)
    const isEnd = this.#id === this.#textId && endsName(bytes[at] ?? 0)
    this.#isInMarkup = false
    return this.#readAgainIn(isEnd ? BEFORE_ATTRIBUTE : this.#text, at)
  }

  /** From after a tag's name to its end, as long as attributes are written as most are. */
  #readPlainAttributes(bytes: Uint8Array, from: number): number {
    const end = bytes.length
    let at = from
    while (at < end) {
      const byte = bytes[at] ?? 0
      if (byte === GREATER_THAN) return this.#endTag(bytes, at + 1, false)
      if (byte === 0x20 || byte === 0x0a) {
        at++
        continue
      }
      if (byte === SOLIDUS) break
      const attribute = at++
      while (at < end && ((bytes[at] ?? 0) > GREATER_THAN || !endsAttribute(bytes[at] ?? 0))) at++
      const quote = bytes[at + 1] ?? 0
      if (bytes[at] !== EQUALS || (quote !== DOUBLE_QUOTE && quote !== SINGLE_QUOTE)) {
        at = attribute
        break
      }
      const close = find(bytes, quote, at + 2)
      if (close === end) {
        at = attribute
        break
      }
      at = close + 1
    }
    return this.#readAttributes(bytes, at)
  }

  /** From after a tag's name to its end. */
  #readAttributes(bytes: Uint8Array, from: number): number {
    const end = bytes.length
    let state = this.#state
    let at = from
    while (at < end) {
      if (state === ATTRIBUTE) {
        // No byte that ends a name comes after `>`: a comparison is enough for most.
        while (at < end && ((bytes[at] ?? 0) > GREATER_THAN || !endsAttribute(bytes[at] ?? 0))) at++
      } else if (state === DOUBLE_QUOTED || state === SINGLE_QUOTED) {
        at = find(bytes, state === DOUBLE_QUOTED ? DOUBLE_QUOTE : SINGLE_QUOTE, at)
      }
      if (at === end) break
      const byte = bytes[at++] ?? 0
      switch (state) {
        case DOUBLE_QUOTED:
        case SINGLE_QUOTED:
          state = BEFORE_ATTRIBUTE
          break
        case UNQUOTED:
          if (byte === GREATER_THAN) return this.#endTag(bytes, at, false)
          if (isSpace(byte)) state = BEFORE_ATTRIBUTE
          break
        case BEFORE_VALUE:
          if (byte === DOUBLE_QUOTE) state = DOUBLE_QUOTED
          else if (byte === SINGLE_QUOTE) state = SINGLE_QUOTED
          else if (byte === GREATER_THAN) return this.#endTagAmidValue(bytes, at)
          else if (!isSpace(byte)) state = UNQUOTED
          break
        default:
          if (byte === GREATER_THAN) return this.#endTag(bytes, at, state === SLASH)
          if (byte === SOLIDUS) state = SLASH
          else if (isSpace(byte))
            state =
              state === ATTRIBUTE || state === AFTER_ATTRIBUTE ? AFTER_ATTRIBUTE : BEFORE_ATTRIBUTE
          else if (byte === EQUALS && (state === ATTRIBUTE || state === AFTER_ATTRIBUTE))
            state = BEFORE_VALUE
          else state = ATTRIBUTE
      }
    }
    this.#state = state
    return end
  }

  /** A tag is complete, `>` being the byte before `at`. */
  #endTag(bytes: Uint8Array, at: number, isSelfClosing: boolean): number {
    this.tree.measure(this.#base + at - this.#tagStart)
    this.#state = DATA
    if (this.#isEndTag) this.tree.close(this.#id, this.#hash)
    else if (this.#kept === undefined) this.#openElement(isSelfClosing, [])
    else this.#openElement(isSelfClosing, this.#attributes(bytes.subarray(this.#keptFrom, at - 1)))
    return at
  }

  /**
   * Of `<textarea class=>`: lol-html reads on in text or in markup, as it happens to be looking for tags
   * or for their attributes.
   */
  #endTagAmidValue(bytes: Uint8Array, at: number): number {
    const end = this.#endTag(bytes, at, false)
    if (this.#state !== DATA && this.tree.stop === undefined) this.tree.stop = 'ambiguous'
    return end
  }

  #attributes(last: Uint8Array): ReturnType<typeof attributesIn> {
    const attributes = attributesIn([...(this.#kept ?? []), last])
    this.#kept = undefined
    this.#keptFrom = 0
    return attributes
  }

  #openElement(isSelfClosing: boolean, attributes: ReturnType<typeof attributesIn>): void {
    const tag = { id: this.#id, hash: this.#hash, start: this.#tagStart, isSelfClosing, attributes }
    const traits = traitsById[this.#id] ?? 0
    if (this.tree.open(tag) && traits & HAS_TEXT) this.#beginText(traits)
  }

  #beginText(traits: number): void {
    this.#textId = this.#id
    this.#text = traits & IS_SCRIPT ? SCRIPT : TEXT
    this.#state = traits & IS_PLAINTEXT ? PLAINTEXT : this.#text
  }
}
