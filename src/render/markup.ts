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
  // These give a link another address after it was checked.
  ...['animate', 'set'],
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

/** Attributes that take a URL, where a variable must be a whole checked URL. */
export const URL_ATTRIBUTES: ReadonlySet<string> = new Set([
  ...['href', 'src', 'action', 'formaction', 'poster', 'cite', 'data', 'ping', 'background'],
  ...['xlink:href', 'srcset', 'imagesrcset', 'manifest', 'longdesc'],
])

/** Lists of pictures, whose URLs run nothing. */
const URL_LISTS: ReadonlySet<string> = new Set(['srcset', 'imagesrcset'])

/** What precedes the first `/`, `?` or `#` of a URL in markup holds its scheme, or there is none. */
const SAFE_HEAD = /^(?:https?:|mailto:|tel:|[^:&]*$)/i

/** A comment that every parser ends at the same place: `<!-->`, `<!--->` and `--!>` end one early. */
const COMMENT = /^<!--(?!-?>)(?:(?!--!?>)[\s\S])*-->/

/** White space in HTML; `\s` has more, which a browser takes for part of a name or a value. */
const SPACE = '[\\t\\n\\f\\r ]'
const LEADING_SPACE = new RegExp(`^${SPACE}*`)
const END_TAG = new RegExp(`^</([a-zA-Z][\\w-]*)${SPACE}*>`)
const ATTRIBUTE_NAME = /^[^\t\n\f\r =>"'/<]+/
const EQUALS_SIGN = new RegExp(`^${SPACE}*=${SPACE}*(["']?)`)
const UNQUOTED_END = /[\t\n\f\r >]/

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
    const inside = this.#state === 'text' ? '' : `${this.#attribute}${this.#quote}`
    return `${this.#state}:${this.#open.join('>')}:${inside}`
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
      const comment = COMMENT.exec(text.slice(next))
      if (!comment) return this.#fail('Close the comment with --> in the same piece of text.', text)
      return next + comment[0].length
    }
    const closing = END_TAG.exec(text.slice(next, next + 80))
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
    const next = at + (LEADING_SPACE.exec(text.slice(at))?.[0].length ?? 0)
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
    const name = ATTRIBUTE_NAME.exec(text.slice(next))?.[0]
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
    const equals = EQUALS_SIGN.exec(text.slice(at))
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
      this.#quote === '' ? text.slice(at).search(UNQUOTED_END) + at : text.indexOf(this.#quote, at)
    if (end < at) return text.length
    // What a variable begins is checked where that variable is.
    if (this.#valueStart >= this.#fed) this.#literal(text.slice(at, end))
    this.#state = 'tag'
    return this.#quote === '' ? end : end + 1
  }

  #literal(value: string): void {
    if (!URL_ATTRIBUTES.has(this.#attribute) || URL_LISTS.has(this.#attribute)) return
    if (SAFE_HEAD.test(value.split(/[/?#]/, 1)[0] ?? '')) return
    this.problems.push({
      code: 'unsafe_template',
      detail: `${this.#attribute}="${value}" may run script; use https, http, mailto, tel or a path.`,
    })
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
