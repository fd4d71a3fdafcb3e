import { configOf } from '../config.ts'
import { readBody } from '../events/body.ts'
import {
  BROWSER_LIMITS,
  type EventRequest,
  isOversize,
  type Limits,
  MAX_MESSAGE_BYTES,
  parseRequest,
  SERVER_LIMITS,
  TYPES,
} from '../events/request.ts'
import { type Refusal, sumOutcomes } from '../model/event-counts.ts'
import { err, ok, type Result } from '../model/result.ts'
import { type ProblemType, problem } from '../problem.ts'
import { opensSite } from '../site/write-keys.ts'
import { acceptFromBrowser } from './browser.ts'
import { createLoad } from './load.ts'
import { Overloaded } from './object-call.ts'
import { type Door, type EventContext, openDoor } from './open-door.ts'
import { type Booked, toReceipt } from './receipt.ts'
import { isFromBrowser, senderOf } from './sender.ts'
import { acceptFromServer } from './server.ts'
import { tally } from './tally.ts'

/** Refusals of a whole request; those of single events are counted in its receipt. */
type RequestRefusal = Extract<Refusal, ProblemType>

/**
 * One request of events: whose site → what is sent → by whom → book → receipt. Acknowledged means
 * durable; what cannot be taken is refused by name and for good, and what cannot be stored now is
 * answered so that it is sent again.
 */
export async function collect(c: EventContext): Promise<Response> {
  const door = await openDoor(c)
  if (!door.ok) return problem(c, ...door.error)
  const weight = weigh(c.req.raw)
  if (!load.admit(weight)) return answer(c, door.value, err('overloaded'))
  try {
    return answer(c, door.value, await book(c, door.value))
  } catch (error) {
    // Nothing is lost: every object takes its events by their ids, however often they come.
    console.error(JSON.stringify({ event: 'events_failed', detail: String(error) }))
    return answer(c, door.value, err(error instanceof Overloaded ? 'overloaded' : 'unavailable'))
  } finally {
    load.release(weight)
  }
}

/** Bytes of bodies that an isolate works on at once: parsed, they take some five times as much of its 128 MB. */
const load = createLoad(12 * 1024 * 1024)

/** What a request may grow to, where it does not say so or is packed. */
function weigh({ headers }: Request): number {
  const said = Number(headers.get('content-length') ?? Number.NaN)
  return said >= 0 && !headers.has('content-encoding') ? said : limitsOf(headers).body
}

function limitsOf(headers: Headers): Limits {
  return isFromBrowser(headers) ? BROWSER_LIMITS : SERVER_LIMITS
}

function answer(
  c: EventContext,
  { bundle, background }: Door,
  booked: Result<Booked, RequestRefusal>,
): Response {
  const counts = booked.ok ? booked.value.counts : { [booked.error]: 1 }
  tally(bundle.site.id, counts, { env: c.env, background, now: Date.now() })
  if (!booked.ok) return problem(c, booked.error)
  if (booked.value.cookie) c.header('set-cookie', booked.value.cookie)
  return c.json(toReceipt(counts), 200, { 'cache-control': 'no-store' })
}

async function book(
  { env, req }: EventContext,
  { bundle, revoked, background }: Door,
): Promise<Result<Booked, RequestRefusal>> {
  const { site } = bundle
  const visible = senderOf(req.raw, '', site)
  if (visible.kind === 'refused') return err(visible.reason)
  const read = await readRequest(req.raw, req.path)
  if (!read.ok) return read
  const sender = senderOf(req.raw, read.value.writeKey, site)
  if (sender.kind === 'refused') return err(sender.reason)
  if (sender.kind === 'server' && !(await opensSite(sender.writeKey, site.id, env, background)))
    return err('bad_write_key')

  const { sent, oversize } = withoutOversize(read.value)
  const around = { env, bundle, config: await configOf(env), revoked, now: Date.now() }
  const booked =
    sender.kind === 'server'
      ? await acceptFromServer(sent, around)
      : await acceptFromBrowser(req.raw, sent, around)
  return ok({ ...booked, counts: sumOutcomes(booked.counts, { too_large: oversize }) })
}

async function readRequest(
  request: Request,
  path: string,
): Promise<Result<EventRequest & { readonly length: number }, RequestRefusal>> {
  const type = TYPES.get(path.slice(path.lastIndexOf('/') + 1))
  const limits = limitsOf(request.headers)
  const body = await readBody(request, type === undefined ? limits.body : MAX_MESSAGE_BYTES)
  if (!body.ok) return body
  const sent = parseRequest(body.value, type, limits)
  return sent.ok ? ok({ ...sent.value, length: body.value.length }) : sent
}

/** Messages larger than the spec's 32 kB are refused one by one, as the rest of a batch is good. */
function withoutOversize(request: EventRequest & { readonly length: number }): {
  readonly sent: EventRequest
  readonly oversize: number
} {
  const messages = request.messages.filter((message) => !isOversize(message, request.length))
  const oversize = request.messages.length - messages.length
  return { sent: { ...request, messages }, oversize }
}
