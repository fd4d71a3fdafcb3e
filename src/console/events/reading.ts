import {
  type HourOfEvents,
  OUTCOMES,
  type Outcome,
  type OutcomeCounts,
  sumOutcomes,
} from '../../model/event-counts.ts'

/** One line of the table: what became of so many events, in plain words. */
export interface OutcomeRow {
  readonly outcome: Outcome
  readonly words: string
  readonly lastHour: number
  readonly lastDay: number
}

const HOUR_MS = 3_600_000
const HOURS_OF_A_DAY = 24

/** What became of events in this hour and in the last day, but for what never happened. */
export function readCounts(hours: readonly HourOfEvents[], now: number): OutcomeRow[] {
  const hour = Math.floor(now / HOUR_MS)
  const within = (span: number): OutcomeCounts =>
    sumOutcomes(...hours.filter((one) => one.hour > hour - span).map(({ counts }) => counts))
  const lastHour = within(1)
  const lastDay = within(HOURS_OF_A_DAY)
  return OUTCOMES.filter((outcome) => lastDay[outcome] !== undefined).map((outcome) => ({
    outcome,
    words: WORDS[outcome],
    lastHour: lastHour[outcome] ?? 0,
    lastDay: lastDay[outcome] ?? 0,
  }))
}

const WORDS: Readonly<Record<Outcome, string>> = {
  accepted: 'Accepted',
  duplicate: 'Sent again, counted once',
  cross_site: 'From a page of another site, which is not listed',
  bad_write_key: 'With a write key that does not open this site',
  too_large: 'Too large',
  bad_encoding: 'In an encoding that is not gzip',
  bad_json: 'Not JSON',
  bad_events: 'Not in the Segment spec',
  overloaded: 'Put off: too much at once',
  unavailable: 'Put off: could not be stored',
  no_consent: 'Without consent',
  unknown_visitor: 'Of a browser without our cookie',
  unknown_person: 'Of a user who was not seen within a week',
  no_identity: 'Of nobody: a server must send a userId',
  too_many_events: 'Of a visitor who sends more than anybody does',
  malformed: 'With fields that the spec does not allow',
  no_message_id: 'Without a messageId',
  unsupported_type: 'Of a type that the spec does not know',
  too_many_properties: 'With more than 200 properties',
  too_old: 'Older than a week',
  in_future: 'Dated in the future',
  token_malformed: 'Exposures with a broken page token',
  token_forged: 'Exposures with a page token of somebody else, or forged',
  token_expired: 'Exposures of a page older than a day',
  unknown_exposure: 'Exposures of an experience that is gone',
}
