import * as z from 'zod'
import type { Event, Identification } from '../model/event.ts'
import { err, ok, type Result } from '../model/result.ts'

/** The event by which a browser reports a step of an exposure. */
export const EXPOSURE_EVENT = 'Selvedge Exposure'

/** Why one event of a batch was not taken. */
export type EventRefusal =
  | 'malformed'
  | 'no_message_id'
  | 'too_large'
  | 'too_many_properties'
  | 'too_old'
  | 'in_future'
  | 'unsupported_type'

/** An event with what its sender says of who it is of. */
export interface Told {
  readonly event: Event
  readonly who: Identification
}

/** Older events cannot be deduplicated any more, as senders' ids are remembered for a week or so. */
const OLDEST_MS = 7 * 86_400_000
/** What is left of a clock's error after the spec's correction. */
const FUTURE_MS = 5 * 60_000

/** Browser clients write `null` for what they do not know. */
const Properties = z.record(z.string().max(128), z.unknown()).nullish()
const Text = z.string().max(128).nullish()
const Time = z.string().max(40).nullish()
/** A lone surrogate turns into U+FFFD on its way and a NUL ends a text: one id into another. */
const isPlain = (id: string) => id.isWellFormed() && !/\p{Cc}/u.test(id)
/** Systems whose ids are numbers send them as such. */
const Identifier = z
  .union([z.string().max(256).refine(isPlain), z.number().transform(String)])
  .nullish()
  .transform((id) => id ?? '')

const Message = z.object({
  type: z.string().max(32),
  messageId: z.string().max(128).refine(isPlain).default(''),
  timestamp: Time,
  originalTimestamp: Time,
  sentAt: Time,
  event: Text,
  name: Text,
  userId: Identifier,
  anonymousId: Identifier,
  previousId: Identifier,
  properties: Properties,
  traits: Properties,
})

type Message = z.infer<typeof Message>

/** Takes one message of a request for an event; `sentAt` is the request's own. */
export function toEvent(
  raw: unknown,
  sentAt: number | undefined,
  now: number,
): Result<Told, EventRefusal> {
  const parsed = Message.safeParse(raw)
  if (!parsed.success) return err('malformed')
  const message = parsed.data
  const { messageId, userId, anonymousId, previousId } = message
  if (messageId === '') return err('no_message_id')
  const at = toTime(message, sentAt, now)
  if (!at.ok) return at
  const content = toContent(message)
  if (!content.ok) return content
  const event = { messageId, at: at.value, ...content.value }
  return ok({ event, who: { userId, anonymousId, previousId } })
}

type Content = Omit<Event, 'messageId' | 'at'>

function toContent({ type, event, name, ...message }: Message): Result<Content, EventRefusal> {
  const properties = message.properties ?? {}
  const traits = message.traits ?? {}
  if (Math.max(count(properties), count(traits)) > MAX_PROPERTIES) return err('too_many_properties')
  switch (type) {
    case 'track':
      if (!event) return err('malformed')
      return ok({ kind: type, name: event, properties: flat(properties, longest(event)) })
    case 'page':
      return ok({ kind: type, name: pathOf(properties), properties: flat(properties) })
    case 'screen':
      return ok({ kind: type, name: name ?? '', properties: flat(properties) })
    case 'identify':
      return ok({ kind: type, name: '', properties: flat(traits) })
    case 'group':
    case 'alias':
      return ok({ kind: type, name: '', properties: {} })
    default:
      return err('unsupported_type')
  }
}

/**
 * When it happened, by our clock: `timestamp + (receivedAt − sentAt)`, as the Segment spec says. A
 * message with an `originalTimestamp` beside it went through that correction already.
 */
function toTime(
  { timestamp, originalTimestamp, ...message }: Message,
  batchSentAt: number | undefined,
  now: number,
): Result<number, EventRefusal> {
  const text = timestamp ?? originalTimestamp
  if (!text) return ok(now)
  const said = Date.parse(text)
  if (Number.isNaN(said)) return err('malformed')
  const corrected = Boolean(timestamp && originalTimestamp)
  const sentAt = toSentAt(message.sentAt) ?? batchSentAt
  const at = corrected || sentAt === undefined ? said : said + now - sentAt
  if (at < now - OLDEST_MS) return err('too_old')
  if (at > now + FUTURE_MS) return err('in_future')
  return ok(Math.min(at, now))
}

/** When the sender sent it, by the sender's clock; nothing when that is not a date. */
export function toSentAt(text: string | null | undefined): number | undefined {
  const at = Date.parse(text ?? '')
  return Number.isNaN(at) ? undefined : at
}

/** More than any tracking plan has; an event with more is somebody's attempt. */
const MAX_PROPERTIES = 200
const MAX_TEXT = 256
/** A page's token grows with its exposures. */
const MAX_TOKEN = 8192

function count(properties: object): number {
  return Object.keys(properties).length
}

function longest(event: string): number {
  return event === EXPOSURE_EVENT ? MAX_TOKEN : MAX_TEXT
}

/** The properties rules can read: flat, bounded, finite. */
function flat(
  properties: Readonly<Record<string, unknown>>,
  longestText = MAX_TEXT,
): Event['properties'] {
  const kept: Record<string, string | number | boolean> = {}
  for (const [name, value] of Object.entries(properties)) {
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
