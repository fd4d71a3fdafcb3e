/** Why an event was not taken, by where it failed: the request, the sender, the event or its token. */
export const REFUSALS = [
  'cross_site',
  'bad_write_key',
  'too_large',
  'bad_encoding',
  'bad_json',
  'bad_events',
  'overloaded',
  'unavailable',
  'no_consent',
  'unknown_visitor',
  'unknown_person',
  'no_identity',
  'too_many_events',
  'malformed',
  'no_message_id',
  'unsupported_type',
  'too_many_properties',
  'too_old',
  'in_future',
  'token_malformed',
  'token_forged',
  'token_expired',
  'unknown_exposure',
] as const

export type Refusal = (typeof REFUSALS)[number]

/** What became of an event. */
export const OUTCOMES = ['accepted', 'duplicate', ...REFUSALS] as const

export type Outcome = (typeof OUTCOMES)[number]

/** How often each outcome was met. */
export type OutcomeCounts = Readonly<Partial<Record<Outcome, number>>>

/** A site's outcomes in one hour. */
export interface HourOfEvents {
  /** Hours since the epoch. */
  readonly hour: number
  readonly counts: OutcomeCounts
}

/** How often each of a list of outcomes is in it. */
export function countOutcomes(outcomes: readonly Outcome[]): OutcomeCounts {
  const counts: Partial<Record<Outcome, number>> = {}
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}

export function sumOutcomes(...counts: readonly OutcomeCounts[]): OutcomeCounts {
  const sums: Partial<Record<Outcome, number>> = {}
  for (const outcome of OUTCOMES) {
    const sum = counts.reduce((total, one) => total + (one[outcome] ?? 0), 0)
    if (sum > 0) sums[outcome] = sum
  }
  return sums
}
