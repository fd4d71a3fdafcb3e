import * as z from 'zod'
import type { Event } from '../model/event.ts'
import { err, ok, type Result } from '../model/result.ts'

/** The event by which a browser reports a step of an exposure. */
export const EXPOSURE_EVENT = 'Selvedge Exposure'

/** Why one event of a batch was not taken. */
export type EventRefusal = 'malformed' | 'too_old' | 'in_future' | 'unsupported_type'

/** A batch in the Segment spec, as far as its envelope is concerned. */
export const BatchSchema = z.object({
  batch: z.array(z.unknown()).min(1).max(100),
  sentAt: z.string().max(40).optional(),
})

export const MAX_BODY_BYTES = 64 * 1024

/** Older events cannot be deduplicated any more, as senders' ids are remembered for a week or so. */
const OLDEST_MS = 7 * 86_400_000
/** What is left of a clock's error after the spec's correction. */
const FUTURE_MS = 5 * 60_000

const Properties = z.record(z.string().max(128), z.unknown()).optional()

const Message = z.object({
  type: z.string().max(32),
  messageId: z.string().min(1).max(128),
  timestamp: z.string().max(40).optional(),
  event: z.string().max(128).optional(),
  name: z.string().max(128).optional(),
  properties: Properties,
  traits: Properties,
})

/**
 * Takes one message for an event. Its time is corrected by the sender's clock error as the Segment
 * spec says: `timestamp + (receivedAt − sentAt)`.
 */
export function toEvent(
  raw: unknown,
  sentAt: number | undefined,
  now: number,
): Result<Event, EventRefusal> {
  const parsed = Message.safeParse(raw)
  if (!parsed.success) return err('malformed')
  const { type, messageId, timestamp, event, properties = {}, traits = {} } = parsed.data
  const said = timestamp === undefined ? now : Date.parse(timestamp)
  if (Number.isNaN(said)) return err('malformed')
  const at = said + (sentAt === undefined ? 0 : now - sentAt)
  if (at < now - OLDEST_MS) return err('too_old')
  if (at > now + FUTURE_MS) return err('in_future')
  const base = { messageId, at: Math.min(at, now) }
  switch (type) {
    case 'track':
      if (!event) return err('malformed')
      return ok({
        ...base,
        kind: 'track',
        name: event,
        properties: flat(properties, longest(event)),
      })
    case 'page':
      return ok({ ...base, kind: 'page', name: pathOf(properties), properties: flat(properties) })
    case 'identify':
      return ok({ ...base, kind: 'identify', name: '', properties: flat(traits) })
    default:
      return err('unsupported_type')
  }
}

/** When the sender sent it, by the sender's clock; nothing when that is not a date. */
export function toSentAt(text: string | undefined): number | undefined {
  const at = Date.parse(text ?? '')
  return Number.isNaN(at) ? undefined : at
}

const MAX_PROPERTIES = 50
const MAX_TEXT = 256
/** A page's token grows with its exposures. */
const MAX_TOKEN = 8192

function longest(event: string): number {
  return event === EXPOSURE_EVENT ? MAX_TOKEN : MAX_TEXT
}

/** The properties rules can read: flat, bounded, finite. */
function flat(
  properties: Readonly<Record<string, unknown>>,
  longestText = MAX_TEXT,
): Event['properties'] {
  const kept: Record<string, string | number | boolean> = {}
  for (const [name, value] of Object.entries(properties).slice(0, MAX_PROPERTIES)) {
    if (name === '__proto__') continue
    if (typeof value === 'string') kept[name] = value.slice(0, longestText)
    if (typeof value === 'boolean') kept[name] = value
    if (typeof value === 'number' && Number.isFinite(value)) kept[name] = value
  }
  return kept
}

/** Paths only: a query may hold what is personal. */
function pathOf(properties: Readonly<Record<string, unknown>>): string {
  const { path } = properties
  return typeof path === 'string' && path.startsWith('/') ? (path.split(/[?#]/)[0] ?? '/') : '/'
}
