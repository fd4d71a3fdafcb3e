/** What the parser does differently for an element of some name; a set of bits. */
export const VOID = 1
/** Its content is text up to its own end tag. */
export const TEXT = 1 << 1
export const SCRIPT = 1 << 2
/** Everything after it is text. */
export const PLAINTEXT = 1 << 3
/** Starts or ends what a parser without a tree cannot place: see `Ambiguity`. */
export const SWITCHES_TEXT = 1 << 4
export const SELECT = 1 << 5
export const LEAVES_SELECT = 1 << 6
export const TEMPLATE = 1 << 7
export const FRAMESET = 1 << 8
export const NOFRAMES = 1 << 9
export const SVG = 1 << 10
export const MATH = 1 << 11
/** Its start tag ends SVG or MathML. */
export const LEAVES_FOREIGN = 1 << 12
/** Its end tag does. */
export const END_LEAVES_FOREIGN = 1 << 13
/** HTML stands inside it although it stands in SVG. */
export const HTML_IN_SVG = 1 << 14
export const HTML_IN_MATH = 1 << 15
/** Leaves SVG and MathML, or lets HTML stand in MathML, by its attributes. */
export const FONT = 1 << 16
export const ANNOTATION_XML = 1 << 17

const NAMES_BY_TRAIT: readonly (readonly [trait: number, names: string])[] = [
  [
    VOID,
    'area base basefont bgsound br col embed hr img input keygen link meta param source track wbr',
  ],
  [TEXT, 'textarea title style iframe xmp noembed noframes noscript'],
  [SCRIPT, 'script'],
  [PLAINTEXT, 'plaintext'],
  [SWITCHES_TEXT, 'textarea title plaintext script style iframe xmp noembed noframes noscript'],
  [SELECT, 'select'],
  [LEAVES_SELECT, 'select textarea input keygen'],
  [TEMPLATE, 'template'],
  [FRAMESET, 'frameset'],
  [NOFRAMES, 'noframes'],
  [SVG, 'svg'],
  [MATH, 'math'],
  [
    LEAVES_FOREIGN,
    'b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta nobr ol p pre ruby s small span strong strike sub sup table tt u ul var',
  ],
  [END_LEAVES_FOREIGN, 'p br'],
  [HTML_IN_SVG, 'desc title foreignobject'],
  [HTML_IN_MATH, 'mi mo mn ms mtext'],
  [FONT, 'font'],
  [ANNOTATION_XML, 'annotation-xml'],
]

/** Elements whose end tag may be left out, by what ends them; a set of bits as well. */
const P = 1
const ITEM = 1 << 1
const TERM = 1 << 2
const OPTION = 1 << 3
const CELL = 1 << 4
const ROW = 1 << 5
const ROWS = 1 << 6

const NAMES_BY_KIND: readonly (readonly [kind: number, names: string])[] = [
  [P, 'p'],
  [ITEM, 'li'],
  [TERM, 'dt dd'],
  [OPTION, 'option optgroup'],
  [CELL, 'td th'],
  [ROW, 'tr'],
  [ROWS, 'tbody thead tfoot caption colgroup'],
]

/** HTML §13.2.6.4.7 and following: start tags before which an end tag goes without saying. */
const NAMES_BY_ENDED: readonly (readonly [kinds: number, names: string])[] = [
  [
    P,
    'address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li listing main menu nav ol p plaintext pre search section summary table ul xmp',
  ],
  [ITEM, 'li'],
  [TERM, 'dt dd'],
  [OPTION, 'option optgroup'],
  [CELL, 'td th tr tbody thead tfoot'],
  [ROW, 'tr tbody thead tfoot'],
  [ROWS, 'tbody thead tfoot'],
]

/** Elements beyond which such a start tag does not reach. */
const NAMES_BY_KEPT: readonly (readonly [kinds: number, names: string])[] = [
  [P, 'button object marquee applet td th caption template'],
  [ITEM, 'ul ol menu dir table template select'],
  [TERM, 'dl table template select'],
  [OPTION, 'select datalist template'],
  [CELL | ROW | ROWS, 'table template'],
]

/** What an id says, by `idOf`; 0 is any name that is not in the tables. */
export const traitsById = new Int32Array(256)
/** What its end tag may be implied by. */
export const kindById = new Int32Array(256)
/** Which kinds its start tag ends. */
export const endedById = new Int32Array(256)
/** Which kinds are out of reach for start tags inside it. */
export const keptById = new Int32Array(256)

/** Longest name in the tables. */
export const LONGEST = 16
/** Many times as many as there are names, so that hardly any other name meets one. */
const CELLS = 1024

const idByCell = new Uint8Array(CELLS)
const hashById: number[] = [0]
const nameById: Uint8Array[] = [new Uint8Array()]
const ids = new Map<string, number>()

/** FNV-1a, a step for each byte of a name in lower case. */
export const HASH_START = 0x811c9dc5 | 0
export const HASH_FACTOR = 0x01000193

const cellOf = (hash: number) => (hash ^ (hash >>> 15)) & (CELLS - 1)

function add(text: string): number {
  const name = new TextEncoder().encode(text)
  const id = nameById.length
  const hash = hashOf(name)
  let cell = cellOf(hash)
  while (idByCell[cell] !== 0) cell = (cell + 1) % CELLS
  idByCell[cell] = id
  hashById.push(hash)
  nameById.push(name)
  ids.set(text, id)
  return id
}

function fill(table: Int32Array, rows: readonly (readonly [bits: number, names: string])[]): void {
  for (const [bits, names] of rows) {
    for (const name of names.split(' ')) {
      const id = ids.get(name) ?? add(name)
      table[id] = (table[id] ?? 0) | bits
    }
  }
}

/** The hash of a whole name in lower case. */
export function hashOf(name: Uint8Array): number {
  return name.reduce((hash, byte) => Math.imul(hash ^ byte, HASH_FACTOR), HASH_START)
}

fill(traitsById, NAMES_BY_TRAIT)
fill(kindById, NAMES_BY_KIND)
fill(endedById, NAMES_BY_ENDED)
fill(keptById, NAMES_BY_KEPT)

/** The id of the name that stands in `bytes` from `from` on, in either case; 0 if it is in no table. */
export function idOf(hash: number, bytes: Uint8Array, from: number, length: number): number {
  if (length > LONGEST) return 0
  for (let cell = cellOf(hash); ; cell = (cell + 1) % CELLS) {
    const id = idByCell[cell] ?? 0
    if (id === 0 || (hashById[id] === hash && isName(id, bytes, from, length))) return id
  }
}

function isName(id: number, bytes: Uint8Array, from: number, length: number): boolean {
  const name = nameById[id]
  if (name?.length !== length) return false
  for (let n = 0; n < length; n++) {
    const byte = bytes[from + n] ?? 0
    if ((byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte) !== name[n]) return false
  }
  return true
}

/** Whether an HTML element has neither content nor an end tag. */
export function isVoid(name: string): boolean {
  return ((traitsById[ids.get(name) ?? 0] ?? 0) & VOID) !== 0
}
