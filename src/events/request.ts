import * as z from 'zod'
import { err, ok, type Result } from '../model/result.ts'
import { toSentAt } from './ingest.ts'

/** A request's messages in the Segment spec, with what it says of all of them. */
export interface EventRequest {
  readonly messages: readonly unknown[]
  readonly sentAt: number | undefined
  /** The write key in the body; `''` where there is none. */
  readonly writeKey: string
}

export type RequestRefusal = 'bad_json' | 'bad_events' | 'too_large'

/** How much a sender may send at once. */
export interface Limits {
  /** Bytes of a body, after it is unpacked. */
  readonly body: number
  readonly messages: number
}

/** What fetch lets a page send with `keepalive`. */
export const BROWSER_LIMITS: Limits = { body: 64 * 1024, messages: 100 }

/** Those of the Segment spec for servers. */
export const SERVER_LIMITS: Limits = { body: 500 * 1024, messages: 2_500 }

/** Bytes of one message, as the Segment spec says. */
export const MAX_MESSAGE_BYTES = 32 * 1024

/** Types of messages by the last part of their path: whole, and as browser clients abbreviate them. */
export const TYPES: ReadonlyMap<string, string> = new Map(
  ['track', 'identify', 'page', 'screen', 'group', 'alias'].flatMap((type) => [
    [type, type],
    [type.slice(0, 1), type],
  ]),
)

const Envelope = z.object({
  sentAt: z.string().max(40).nullish(),
  writeKey: z.string().max(128).nullish(),
})
const Batch = z.object({ batch: z.array(z.unknown()).min(1) })

/** Reads a body: a batch, or one message whose type is in its path where it does not say so itself. */
export function parseRequest(
  text: string,
  type: string | undefined,
  limits: Limits,
): Result<EventRequest, RequestRefusal> {
  const body = parseJson(text)
  if (body === undefined) return err('bad_json')
  const envelope = Envelope.safeParse(body)
  const messages =
    type === undefined ? Batch.safeParse(body).data?.batch : [{ type, ...toObject(body) }]
  if (!envelope.success || !messages) return err('bad_events')
  if (messages.length > limits.messages) return err('too_large')
  const { sentAt, writeKey } = envelope.data
  return ok({ messages, sentAt: toSentAt(sentAt), writeKey: writeKey ?? '' })
}

function toObject(body: unknown): object {
  return typeof body === 'object' && body !== null ? body : {}
}

function parseJson(text: string): unknown {
  try {
    const body: unknown = JSON.parse(text)
    return body
  } catch {
    return undefined
  }
}

/** Whether a message is too large by itself; small requests hold no such. */
export function isOversize(message: unknown, bodyLength: number): boolean {
  if (bodyLength <= MAX_MESSAGE_BYTES) return false
  return new TextEncoder().encode(JSON.stringify(message)).length > MAX_MESSAGE_BYTES
}
