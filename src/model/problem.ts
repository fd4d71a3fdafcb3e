/** One mistake in an input, with a JSON pointer (RFC 6901) to where it stands. */
export interface Problem {
  readonly code: ProblemCode
  readonly pointer: string
  /** A sentence that says what to do. */
  readonly detail: string
}

/** Stable codes of mistakes in a configuration. */
export type ProblemCode =
  | 'invalid'
  | 'duplicate_id'
  | 'unknown_reference'
  | 'unsupported_selector'
  | 'unsafe_attribute'
  | 'invalid_pattern'
  | 'invalid_template'
  | 'unknown_variable'
  | 'unsafe_template'
  | 'missing_field'
  | 'invalid_field'
  | 'unknown_field'
  | 'unknown_operator'
  | 'unknown_path'
  | 'condition_too_large'
  | 'invalid_weights'
  | 'invalid_schedule'
  | 'invalid_timezone'
  | 'not_an_offer'
  | 'goal_missing'
  | 'goal_too_late'
  | 'too_many_segments'
  | 'layer_overlap'
  | 'origin_refused'
  | 'host_taken'
  | 'reserved_path'

/** Something that does not stop a publish, but that editors should know. */
export interface Warning {
  readonly code:
    | 'hydrated_slot'
    | 'missing_slot'
    | 'slot_not_found'
    | 'repeated_slot'
    | 'page_not_seen'
  readonly pointer: string
  readonly detail: string
}
