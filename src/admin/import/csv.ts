/** Longest cell that is kept to be looked at, in characters; what goes beyond is bad anyway. */
export const LONGEST_CELL = 4096

/** Most columns of a file: a configuration has 200 attributes. */
const MOST_COLUMNS = 1000

export interface CsvRow {
  /** Where it starts, from 1. */
  readonly line: number
  /** Cells that are longer than `LONGEST_CELL` are one character longer than that. */
  readonly cells: readonly string[]
  /** A cell has text after its closing quote, or the file ends within quotes. */
  readonly broken: boolean
}

export interface CsvReader {
  /** The rows that are complete with this piece of text. */
  push(text: string): CsvRow[]
  /** The last row, where no line break ends it. */
  end(): CsvRow[]
}

type Place = 'start' | 'plain' | 'quoted' | 'closed'

/**
 * Reads RFC 4180 in pieces of any size: quoted cells with doubled quotes and line breaks, CRLF, LF or CR.
 * The delimiter is the one of `,`, `;` and tab that comes first outside quotes. Blank lines are no rows.
 */
export function createCsvReader(): CsvReader {
  let place: Place = 'start'
  let cell = ''
  let cells: string[] = []
  let broken = false
  let delimiter = ''
  let line = 1
  let startedAt = 1
  let afterCr = false

  const add = (char: string): void => {
    if (cell.length <= LONGEST_CELL) cell += char
  }
  const endCell = (): void => {
    if (cells.length <= MOST_COLUMNS) cells.push(cell)
    cell = ''
    place = 'start'
  }
  const endRow = (): CsvRow[] => {
    const blank = cells.length === 0 && cell === '' && place === 'start'
    if (!blank) endCell()
    const row = { line: startedAt, cells, broken }
    cells = []
    broken = false
    return blank ? [] : [row]
  }
  const isDelimiter = (char: string): boolean => {
    if (delimiter === '' && (char === ',' || char === ';' || char === '\t')) delimiter = char
    return char === delimiter
  }

  const read = (char: string): CsvRow[] => {
    const breaksLine = char === '\n' || char === '\r'
    const secondOfPair = char === '\n' && afterCr
    afterCr = char === '\r'
    if (breaksLine && !secondOfPair) line += 1
    if (place === 'quoted') {
      if (char === '"') place = 'closed'
      else add(char)
    } else if (place === 'closed' && char === '"') {
      add(char)
      place = 'quoted'
    } else if (place === 'start' && char === '"') {
      place = 'quoted'
    } else if (breaksLine) {
      const rows = secondOfPair && cells.length === 0 && cell === '' ? [] : endRow()
      startedAt = line
      return rows
    } else if (isDelimiter(char)) {
      endCell()
    } else {
      if (place === 'closed') broken = true
      else place = 'plain'
      add(char)
    }
    return []
  }

  return {
    push(text) {
      const rows: CsvRow[] = []
      for (let at = 0; at < text.length; at++) rows.push(...read(text.charAt(at)))
      return rows
    },
    end() {
      broken ||= place === 'quoted'
      return endRow()
    },
  }
}
