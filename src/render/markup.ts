/**
 * Where in the markup each place of a template stands. A small scanner over the template's own text,
 * which knows just enough HTML to say whether a variable there can be made safe.
 */
export type Position =
  | { readonly kind: 'text' }
  | { readonly kind: 'attribute'; readonly name: string; readonly start: number }
  | { readonly kind: 'unsafe'; readonly where: string }

export interface MarkupProblem {
  readonly code: 'unsafe_template' | 'invalid_template'
  readonly detail: string
}

/** Elements whose content is not markup, that reach beyond their place, or that load things. */
const REFUSED = new Set([
  ...['script', 'style', 'iframe', 'object', 'embed', 'base', 'meta', 'link', 'template'],
  ...['noscript', 'textarea', 'title', 'xmp', 'plaintext', 'noembed', 'noframes', 'frameset'],
  ...['frame', 'html', 'head', 'body', 'select', 'math', 'applet', 'portal', 'foreignobject'],
])

const VOID = new Set([
  ...['area', 'br', 'col', 'embed', 'hr', 'img', 'input', 'source', 'track', 'wbr'],
])

/** Inside svg these may close themselves. */
const SVG = new Set([
  ...['svg', 'path', 'circle', 'rect', 'line', 'polyline', 'polygon', 'ellipse', 'use', 'stop'],
  ...['g', 'defs', 'lineargradient', 'radialgradient', 'clippath', 'mask', 'pattern', 'image'],
])

const REFUSED_ATTRIBUTES = /^(on.*|srcdoc|style)$/

type State = 'text' | 'tag' | 'attribute' | 'value'

/** Walks markup piece by piece; the caller asks for the position between pieces. */
export class MarkupScanner {
  readonly problems: MarkupProblem[] = []
  #state: State = 'text'
  /** Open elements, innermost last. */
  readonly #open: string[] = []
  #element = ''
  #attribute = ''
  #quote = ''
  /** Index into everything fed so far at which the attribute's value began. */
  #valueStart = 0
  #fed = 0

  /** Depth and place; two equal marks around a section prove that it is balanced. */
  get mark(): string {
    return `${this.#state}:${this.#open.join('>')}:${this.#state === 'text' ? '' : this.#attribute}`
  }

  get depth(): number {
    return this.#open.length
  }

  /** Characters fed so far. */
  get fed(): number {
    return this.#fed
  }

  position(): Position {
    if (this.#state === 'text') return { kind: 'text' }
    if (this.#state === 'value' && this.#quote !== '') {
      return { kind: 'attribute', name: this.#attribute, start: this.#valueStart }
    }
    const where = this.#state === 'value' ? 'an attribute value without quotes' : 'a tag'
    return { kind: 'unsafe', where }
  }

  feed(text: string): void {
    let at = 0
    while (at < text.length) at = this.#step(text, at)
    this.#fed += text.length
  }

  #step(text: string, at: number): number {
    switch (this.#state) {
      case 'text':
        return this.#text(text, at)
      case 'tag':
        return this.#tag(text, at)
      case 'attribute':
        return this.#attributeName(text, at)
      case 'value':
        return this.#value(text, at)
    }
  }

  #text(text: string, at: number): number {
    const next = text.indexOf('<', at)
    if (next < 0) return text.length
    if (text.startsWith('<!--', next)) {
      const end = text.indexOf('-->', next + 4)
      if (end < 0) return this.#fail('Close the comment in the same piece of text.', text)
      return end + 3
    }
    const closing = /^<\/([a-zA-Z][\w-]*)\s*>/.exec(text.slice(next, next + 80))
    if (closing) {
      this.#close(closing[1]?.toLowerCase() ?? '')
      return next + closing[0].length
    }
    const opening = /^<([a-zA-Z][\w-]*)/.exec(text.slice(next, next + 80))
    if (!opening) return this.#fail('Write “&lt;” for a less-than sign.', text)
    this.#element = opening[1]?.toLowerCase() ?? ''
    if (REFUSED.has(this.#element)) {
      this.problems.push({
        code: 'unsafe_template',
        detail: `<${this.#element}> is not allowed in a module.`,
      })
    }
    this.#state = 'tag'
    return next + opening[0].length
  }

  #tag(text: string, at: number): number {
    const rest = /^[\s]*/.exec(text.slice(at))?.[0].length ?? 0
    const next = at + rest
    if (next >= text.length) return text.length
    if (text.startsWith('/>', next)) {
      if (!VOID.has(this.#element) && !SVG.has(this.#element)) {
        this.#fail(`<${this.#element}/> does not close itself in HTML; write an end tag.`, text)
      }
      this.#state = 'text'
      return next + 2
    }
    if (text[next] === '>') {
      if (!VOID.has(this.#element)) this.#open.push(this.#element)
      this.#state = 'text'
      return next + 1
    }
    const name = /^[^\s=>"'/<]+/.exec(text.slice(next))?.[0]
    if (!name) return this.#fail(`The tag <${this.#element}> is malformed.`, text)
    this.#attribute = name.toLowerCase()
    if (REFUSED_ATTRIBUTES.test(this.#attribute)) {
      this.problems.push({
        code: 'unsafe_template',
        detail: `The attribute “${name}” is not allowed in a module.`,
      })
    }
    this.#state = 'attribute'
    return next + name.length
  }

  #attributeName(text: string, at: number): number {
    const equals = /^\s*=\s*(["']?)/.exec(text.slice(at))
    if (!equals) {
      this.#state = 'tag'
      return at
    }
    this.#quote = equals[1] ?? ''
    this.#state = 'value'
    this.#valueStart = this.#fed + at + equals[0].length
    return at + equals[0].length
  }

  #value(text: string, at: number): number {
    const end =
      this.#quote === '' ? text.slice(at).search(/[\s>]/) + at : text.indexOf(this.#quote, at)
    if (end < at) return text.length
    this.#state = 'tag'
    return this.#quote === '' ? end : end + 1
  }

  #close(name: string): void {
    const open = this.#open.pop()
    if (open !== name) {
      this.problems.push({
        code: 'invalid_template',
        detail: open
          ? `</${name}> stands where </${open}> is expected.`
          : `</${name}> closes nothing.`,
      })
    }
  }

  #fail(detail: string, text: string): number {
    this.problems.push({ code: 'invalid_template', detail })
    return text.length
  }
}
