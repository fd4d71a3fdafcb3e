/** Why a whole import ends: nothing after it can be read, or all of it would be wrong. */
export type RefusedCode =
  | 'bad_encoding'
  | 'empty'
  | 'missing_column'
  | 'unknown_column'
  | 'duplicate_column'
  | 'too_many_columns'
  | 'not_an_array'
  | 'unreadable'

/** Ends an import; what was acknowledged before it stays. */
export class Refused extends Error {
  readonly code: RefusedCode
  readonly line: number

  constructor(code: RefusedCode, line: number, detail: string) {
    super(detail)
    this.code = code
    this.line = line
  }
}
