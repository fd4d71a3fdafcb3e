export interface BadRow {
  readonly line: number
  readonly code:
    | 'unreadable_row'
    | 'bad_user_id'
    | 'bad_time'
    | 'bad_value'
    | 'unknown_column'
    | 'bad_kind'
    | 'self_link'
    | 'household_full'
  /** Where the row is not as wrong as a whole. */
  readonly column?: string
}
