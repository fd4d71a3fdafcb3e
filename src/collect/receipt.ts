import type { Config } from '../config.ts'
import type { EventRequest } from '../events/request.ts'
import type { Bundle } from '../model/bundle.ts'
import { type OutcomeCounts, type Refusal, sumOutcomes } from '../model/event-counts.ts'
import type { Revocations } from '../site/board.ts'

/** What it takes to book events of a site. */
export interface Surroundings {
  readonly env: Env
  readonly bundle: Bundle
  readonly config: Config
  readonly now: number
  readonly revoked: Revocations
}

/** What became of a request's events, and the cookie that its sender gets for them. */
export interface Booked {
  readonly counts: OutcomeCounts
  readonly cookie?: string
}

export function refuseAll({ messages }: EventRequest, reason: Refusal): Booked {
  return { counts: { [reason]: messages.length } }
}

/** Segment's clients look for `success`; the rest tells a developer what became of the events. */
export function toReceipt(counts: OutcomeCounts): object {
  const { accepted = 0, duplicate: duplicates = 0, ...refused } = sumOutcomes(counts)
  return { success: true, accepted, duplicates, refused }
}

/** A visitor shard's receipt as counts. */
export function toCounts({ accepted, duplicates, flooded }: ShardReceipt): OutcomeCounts {
  return { accepted, duplicate: duplicates, too_many_events: flooded }
}

interface ShardReceipt {
  readonly accepted: number
  readonly duplicates: number
  readonly flooded: number
}
