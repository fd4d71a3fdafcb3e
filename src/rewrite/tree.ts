import {
  ANNOTATION_XML,
  END_LEAVES_FOREIGN,
  FONT,
  FRAMESET,
  HTML_IN_MATH,
  HTML_IN_SVG,
  LEAVES_FOREIGN,
  LEAVES_SELECT,
  MATH,
  NOFRAMES,
  SCRIPT,
  SELECT,
  SVG,
  SWITCHES_TEXT,
  TEMPLATE,
} from './elements.ts'

const DEFAULT = 0
const IN_SELECT = 1
const IN_TEMPLATE = 2
const IN_FRAMESET = 3

/**
 * Where lol-html's ambiguity guard stands (its `ambiguity_guard.rs`): in and after some elements a
 * parser that keeps no tree cannot know whether a start tag that turns what follows into text counts
 * or is ignored. It gives up there, which cuts the page off.
 */
export class Ambiguity {
  #at = DEFAULT
  #templates = 0

  /** Whether a start tag can be parsed. */
  start(traits: number): boolean {
    switch (this.#at) {
      case DEFAULT:
        if (traits & SELECT) this.#at = IN_SELECT
        else if (traits & FRAMESET) this.#at = IN_FRAMESET
        return true
      case IN_SELECT:
        if (traits & LEAVES_SELECT) this.#at = DEFAULT
        else if (traits & TEMPLATE) {
          this.#at = IN_TEMPLATE
          this.#templates = 1
        } else return !(traits & SWITCHES_TEXT) || (traits & SCRIPT) !== 0
        return true
      case IN_TEMPLATE:
        if (traits & TEMPLATE) this.#templates++
        return !(traits & SWITCHES_TEXT)
      default:
        return !(traits & SWITCHES_TEXT) || (traits & NOFRAMES) !== 0
    }
  }

  end(traits: number): void {
    if (this.#at === IN_SELECT && traits & SELECT) this.#at = DEFAULT
    else if (this.#at === IN_TEMPLATE && traits & TEMPLATE && --this.#templates === 0) {
      this.#at = IN_SELECT
    }
  }

  /** Whether a start tag may come from which the parser can no more be led into plain text. */
  get isCritical(): boolean {
    return this.#at >= IN_TEMPLATE
  }

  get isInSelect(): boolean {
    return this.#at === IN_SELECT
  }
}

const HTML = 0
const IN_SVG = 1
const IN_MATH = 2

type Attributes = readonly (readonly [name: string, value: string])[]

/** SVG and MathML as lol-html follows them (its `tree_builder_simulator`), without a tree. */
export class Namespaces {
  readonly #stack: number[] = []
  #at = HTML

  get isForeign(): boolean {
    return this.#at !== HTML
  }

  /** How many namespaces have to be left for HTML. */
  get foreignDepth(): number {
    let depth = 0
    for (let at = this.#stack.length; at > 0 && this.#stack[at - 1] !== HTML; at--) depth++
    return depth
  }

  /** Whether a start tag's effect depends on its attributes. */
  asksAttributes(traits: number): boolean {
    return this.#at !== HTML && (traits & (FONT | ANNOTATION_XML)) !== 0
  }

  /** A start tag, complete. */
  start(traits: number, isSelfClosing: boolean, attributes: Attributes): void {
    if (traits & SVG) this.#enter(IN_SVG)
    else if (traits & MATH) this.#enter(IN_MATH)
    else if (this.#at === HTML) return
    else if (traits & LEAVES_FOREIGN) this.#leave()
    else if (this.#isIntegrationPoint(traits)) {
      if (!isSelfClosing) this.#enter(HTML)
    } else if (traits & FONT) {
      if (attributes.some(([name]) => /^(color|size|face)$/.test(name))) this.#leave()
    } else if (traits & ANNOTATION_XML && this.#at === IN_MATH && !isSelfClosing) {
      if (attributes.some(holdsHtml)) this.#enter(HTML)
    }
  }

  end(traits: number): void {
    if (this.#at === HTML) {
      if (this.#isEndOfIntegrationPoint(traits)) this.#leave()
    } else if (traits & (this.#at === IN_SVG ? SVG : MATH)) this.#leave()
    else if (traits & END_LEAVES_FOREIGN) this.#leave()
  }

  #isIntegrationPoint(traits: number): boolean {
    return (traits & (this.#at === IN_SVG ? HTML_IN_SVG : HTML_IN_MATH)) !== 0
  }

  #isEndOfIntegrationPoint(traits: number): boolean {
    const depth = this.#stack.length
    if (depth < 2) return false
    const outer = this.#stack[depth - 2]
    if (outer === IN_SVG) return (traits & HTML_IN_SVG) !== 0
    return outer === IN_MATH && (traits & (HTML_IN_MATH | ANNOTATION_XML)) !== 0
  }

  #enter(namespace: number): void {
    this.#stack.push(namespace)
    this.#at = namespace
  }

  #leave(): void {
    this.#stack.pop()
    this.#at = this.#stack.at(-1) ?? HTML
  }
}

const holdsHtml = ([name, value]: readonly [string, string]) =>
  name === 'encoding' && (value === 'text/html' || value === 'application/xhtml+xml')
