// Where a tokenizer can stand, named as in HTML §13.2.5 or shorter.
export const DATA = 0
export const TAG_OPEN = 1
export const END_TAG_OPEN = 2
export const NAME = 3
export const BEFORE_ATTRIBUTE = 4
export const ATTRIBUTE = 5
export const AFTER_ATTRIBUTE = 6
export const BEFORE_VALUE = 7
export const DOUBLE_QUOTED = 8
export const SINGLE_QUOTED = 9
export const UNQUOTED = 10
export const SLASH = 11
export const DECLARATION = 12
export const DECLARATION_DASH = 13
export const BOGUS = 14
const COMMENT_START = 15
const COMMENT_START_DASH = 16
const COMMENT = 17
const COMMENT_DASH = 18
const COMMENT_END = 19
const COMMENT_BANG = 20
export const CDATA_OPEN = 21
const CDATA = 22
const CDATA_BRACKET = 23
const CDATA_BRACKETS = 24
export const PLAINTEXT = 25
export const TEXT = 26
export const SCRIPT = 27
export const ESCAPED = 28
/** `<` in one of the three before. */
export const TEXT_LESS_THAN = 29
export const TEXT_END_TAG_OPEN = 30
export const TEXT_NAME = 31
export const ESCAPE_START = 32
const ESCAPE_START_DASH = 33
const ESCAPED_DASH = 34
const ESCAPED_DASH_DASH = 35
export const TWICE_ESCAPE_START = 36
const TWICE_ESCAPED = 37
const TWICE_ESCAPED_DASH = 38
const TWICE_ESCAPED_DASH_DASH = 39
const TWICE_ESCAPED_LESS_THAN = 40
const TWICE_ESCAPE_END = 41

export const LESS_THAN = 0x3c
export const GREATER_THAN = 0x3e
export const SOLIDUS = 0x2f
export const EQUALS = 0x3d
export const DOUBLE_QUOTE = 0x22
export const SINGLE_QUOTE = 0x27
export const BANG = 0x21
export const QUESTION = 0x3f
export const DASH = 0x2d
export const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
/** No byte at all. */
const NEVER = 0x100

export const isSpace = (byte: number) =>
  byte === 0x20 || byte === 0x0a || byte === 0x09 || byte === 0x0d || byte === 0x0c
export const isLetter = (byte: number) => (((byte | 0x20) - 0x61) & 0xff) < 26
/** Whether a tag's name ends before it. */
export const endsName = (byte: number) =>
  byte === GREATER_THAN || byte === SOLIDUS || (byte <= 0x20 && isSpace(byte))

/** States in which everything up to a certain byte is passed over, and the state after that byte. */
export const SKIPS: readonly (readonly [to: number, next: number] | undefined)[] = sparse([
  [DATA, [LESS_THAN, TAG_OPEN]],
  [BOGUS, [GREATER_THAN, DATA]],
  [COMMENT, [DASH, COMMENT_DASH]],
  [CDATA, [CLOSE_BRACKET, CDATA_BRACKET]],
  [TEXT, [LESS_THAN, TEXT_LESS_THAN]],
  [SCRIPT, [LESS_THAN, TEXT_LESS_THAN]],
  [PLAINTEXT, [NEVER, PLAINTEXT]],
])

/** States in which a single byte decides: the next by byte, and the one in which any other is read. */
export const STEPS: readonly (Step | undefined)[] = sparse<Step>([
  [DECLARATION_DASH, { else: BOGUS, [DASH]: COMMENT_START }],
  [COMMENT_START, { else: COMMENT, [DASH]: COMMENT_START_DASH, [GREATER_THAN]: DATA }],
  [COMMENT_START_DASH, { else: COMMENT, [DASH]: COMMENT_END, [GREATER_THAN]: DATA }],
  [COMMENT_DASH, { else: COMMENT, [DASH]: COMMENT_END }],
  [COMMENT_END, { else: COMMENT, [GREATER_THAN]: DATA, [BANG]: COMMENT_BANG, [DASH]: COMMENT_END }],
  [COMMENT_BANG, { else: COMMENT, [GREATER_THAN]: DATA, [DASH]: COMMENT_DASH }],
  [CDATA_BRACKET, { else: CDATA, [CLOSE_BRACKET]: CDATA_BRACKETS }],
  [CDATA_BRACKETS, { else: CDATA, [CLOSE_BRACKET]: CDATA_BRACKETS, [GREATER_THAN]: DATA }],
  [ESCAPE_START, { else: SCRIPT, [DASH]: ESCAPE_START_DASH }],
  [ESCAPE_START_DASH, { else: SCRIPT, [DASH]: ESCAPED_DASH_DASH }],
  [ESCAPED_DASH, { else: ESCAPED, [DASH]: ESCAPED_DASH_DASH }],
  [ESCAPED_DASH_DASH, { else: ESCAPED, [DASH]: ESCAPED_DASH_DASH, [GREATER_THAN]: SCRIPT }],
  [TWICE_ESCAPED_DASH, { else: TWICE_ESCAPED, [DASH]: TWICE_ESCAPED_DASH_DASH }],
  [
    TWICE_ESCAPED_DASH_DASH,
    { else: TWICE_ESCAPED, [DASH]: TWICE_ESCAPED_DASH_DASH, [GREATER_THAN]: SCRIPT },
  ],
  [TWICE_ESCAPED_LESS_THAN, { else: TWICE_ESCAPED, [SOLIDUS]: TWICE_ESCAPE_END }],
])

interface Step {
  /** The state in which any other byte is read. */
  readonly else: number
  readonly [byte: number]: number
}

/** States in which two bytes count and all others are passed over. */
export const DASHED: readonly (readonly [dash: number, lessThan: number] | undefined)[] = sparse([
  [ESCAPED, [ESCAPED_DASH, TEXT_LESS_THAN]],
  [TWICE_ESCAPED, [TWICE_ESCAPED_DASH, TWICE_ESCAPED_LESS_THAN]],
])

const encode = (word: string) => new TextEncoder().encode(word)

/** States in which a word is looked for: the state after it, and the one after anything else. */
export const WORDS: readonly (Word | undefined)[] = sparse<Word>([
  [CDATA_OPEN, { bytes: encode('CDATA['), next: CDATA, else: BOGUS, isName: false }],
  [
    TWICE_ESCAPE_START,
    { bytes: encode('script'), next: TWICE_ESCAPED, else: ESCAPED, isName: true },
  ],
  [TWICE_ESCAPE_END, { bytes: encode('script'), next: ESCAPED, else: TWICE_ESCAPED, isName: true }],
])

interface Word {
  readonly bytes: Uint8Array
  readonly next: number
  readonly else: number
  /** In either case, and to be followed by what ends a tag's name. */
  readonly isName: boolean
}

function sparse<T>(entries: readonly (readonly [state: number, value: T])[]): (T | undefined)[] {
  const table: (T | undefined)[] = Array.from({ length: TWICE_ESCAPE_END + 1 }, () => undefined)
  for (const [state, value] of entries) table[state] = value
  return table
}
