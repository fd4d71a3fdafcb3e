/** One element of an array, as text; `line` is where it starts. */
export interface Element {
  readonly line: number
  readonly text: string
}

/** Longest element that is kept to be looked at, in characters; a longer one is cut, so no JSON. */
const LONGEST = 500_000

/**
 * Cuts a JSON array of objects into its elements, in pieces of any size, by brackets and strings alone.
 * What stands between elements is not looked at, but for the array's own brackets.
 */
export function createArrayCutter(): { push(text: string): Element[]; isClosed(): boolean } {
  let [depth, line, startedAt] = [0, 1, 1]
  let [inString, escaped, closed] = [false, false, false]
  let text = ''

  const read = (char: string): Element[] => {
    if (char === '\n') line += 1
    if (depth > 1 && text.length <= LONGEST) text += char
    if (inString) {
      inString = escaped || char !== '"'
      escaped = !escaped && char === '\\'
    } else if (char === '"') {
      inString = depth > 0
    } else if (char === '[' || char === '{') {
      depth += 1
      if (depth === 2) [text, startedAt] = [char, line]
    } else if (char === ']' || char === '}') {
      depth -= 1
      closed ||= depth === 0
      if (depth === 1) return [{ line: startedAt, text }]
    }
    return []
  }

  return {
    push: (piece) => Array.from(piece, read).flat(),
    isClosed: () => closed && depth === 0,
  }
}
