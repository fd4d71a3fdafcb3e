/** One element of an array, as text; `line` is where it starts. */
export interface Element {
  readonly line: number
  readonly text: string
}

/** Longest element that is kept to be looked at, in characters; a longer one is cut, so no JSON. */
const LONGEST = 500_000

/**
 * Cuts a JSON array of objects into its elements, in pieces of any size, by brackets and strings alone.
 * Numbers, words and texts between them are elements too; that these are no rows is not told here.
 */
export function createArrayCutter(): { push(text: string): Element[]; isClosed(): boolean } {
  let [depth, line, startedAt] = [0, 1, 1]
  let [inString, escaped, closed] = [false, false, false]
  let text = ''

  const add = (char: string): void => {
    if (text === '') startedAt = line
    if (text.length <= LONGEST) text += char
  }
  const take = (): Element => {
    const element = { line: text === '' ? line : startedAt, text }
    text = ''
    return element
  }
  const read = (char: string): Element[] => {
    const between = depth === 1 && !inString
    const ends = between && (char === ',' || char === ']')
    const bracket = depth === 0 && char === '[' && !closed
    if (!ends && !bracket && (text !== '' || char.trim() !== '')) add(char)
    if (char === '\n') line += 1
    if (inString) {
      inString = escaped || char !== '"'
      escaped = !escaped && char === '\\'
    } else if (char === '"') {
      inString = depth > 0
    } else if (char === '[' || char === '{') {
      depth += 1
    } else if (char === ']' || char === '}') {
      depth -= 1
      closed ||= depth === 0
    }
    // Before a comma something is missing; an array may be empty.
    return ends && (char === ',' || text !== '') ? [take()] : []
  }

  return {
    push: (piece) => Array.from(piece, read).flat(),
    isClosed: () => closed && depth === 0 && text === '',
  }
}
