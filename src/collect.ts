import type { Context } from 'hono'
import { configOf } from './config.ts'
import { matches } from './decide/condition.ts'
import type { Item } from './events/attribution.ts'
import {
  BatchSchema,
  type EventRefusal,
  MAX_BODY_BYTES,
  toEvent,
  toSentAt,
} from './events/ingest.ts'
import { interpret, type StepRefusal } from './events/interpret.ts'
import { type PageToken, type TokenRefusal, verifyToken } from './events/token.ts'
import type { Bundle } from './model/bundle.ts'
import type { Keyring } from './model/keys.ts'
import type { Result } from './model/result.ts'
import { createTrail } from './model/trail.ts'
import { problem } from './problem.ts'
import { currentSite, findHomeOf } from './site/current.ts'
import { consentTier } from './visitor/consent.ts'
import { parseCookies } from './visitor/cookies.ts'
import { readVisitorCookie, toVisitorCookie } from './visitor/recognise.ts'
import { shardStub } from './visitor/shard-stub.ts'

type Refusal = EventRefusal | StepRefusal | 'no_consent' | 'unknown_visitor'

/**
 * One batch of a browser's events: whose → parse → interpret → book. Acknowledged means durable; what
 * cannot be taken is refused by name, and what cannot be stored now is answered 503 to be sent again.
 */
export async function collect(c: Context<{ Bindings: Env }>): Promise<Response> {
  const now = Date.now()
  const { env, executionCtx, req } = c
  if (isForeign(req.raw)) return problem(c, 'cross_site')
  const text = await readText(req.raw)
  if (text === undefined) return problem(c, 'too_large')
  const batch = parseBatch(text)
  if (!batch) return problem(c, 'bad_json')

  const background = (work: Promise<unknown>) => executionCtx.waitUntil(work)
  const home = await findHomeOf(new URL(req.url), env, background)
  if (!home) return problem(c, 'not_found')
  const found = await currentSite(home.site, env, background)
  if (!found.ok) return problem(c, 'unavailable', { detail: found.error })
  const { bundle } = found.value
  const { site } = bundle

  const config = await configOf(env)
  const cookies = parseCookies(req.header('cookie') ?? null)
  const tier = consentTier(site.consent, cookies, req.raw.headers)
  if (tier === 0)
    return receipt(
      c,
      0,
      batch.messages.map(() => 'no_consent'),
    )
  const trail = createTrail(Date.now, console.warn)
  const state = await readVisitorCookie(req.raw, cookies, { site, config, trail })
  const shard = state && shardStub(env, site.id, state.id)
  if (!state || !shard)
    return receipt(
      c,
      0,
      batch.messages.map(() => 'unknown_visitor'),
    )

  const holder = `${site.id}/${state.id}`
  const { items, refused } = await readItems(batch, {
    bundle,
    holder,
    ring: config.keys.token,
    now,
  })
  const { readsKey } = bundle
  const reads = tier === 2 ? bundle.reads : []
  const booked = await shard.accept({ visitor: state.id, items, reads, remember: tier === 2 })
  const snapshot = { ...booked.snapshot, reads: readsKey }
  const next = { ...state, snapshot: tier === 2 ? snapshot : undefined }
  c.header('set-cookie', await toVisitorCookie(req.raw, next, site, config.keys))
  return receipt(c, booked.accepted, refused, booked.duplicates)
}

/** Browsers say where a request comes from; a beacon of another site has no business here. */
function isForeign(request: Request): boolean {
  const from = request.headers.get('sec-fetch-site')
  if (from !== null) return from !== 'same-origin'
  const origin = request.headers.get('origin')
  return origin !== null && origin !== new URL(request.url).origin
}

async function readText(request: Request): Promise<string | undefined> {
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) return undefined
  const bytes = await request.arrayBuffer()
  return bytes.byteLength > MAX_BODY_BYTES ? undefined : new TextDecoder().decode(bytes)
}

interface Batch {
  readonly messages: readonly unknown[]
  readonly sentAt: number | undefined
}

/** A batch of messages, or nothing when it is not one. */
function parseBatch(text: string): Batch | undefined {
  try {
    const body: unknown = JSON.parse(text)
    const batch = BatchSchema.safeParse(body)
    if (batch.success) return { messages: batch.data.batch, sentAt: toSentAt(batch.data.sentAt) }
    return undefined
  } catch {
    return undefined
  }
}

interface Reading {
  readonly bundle: Bundle
  readonly holder: string
  readonly ring: Keyring
  readonly now: number
}

async function readItems(
  { messages, sentAt }: Batch,
  { bundle, holder, ring, now }: Reading,
): Promise<{ items: Item[]; refused: Refusal[] }> {
  // One page's events share its token: it is verified once a batch.
  const opened = new Map<string, Promise<Result<PageToken, TokenRefusal>>>()
  const open = (token: string) => {
    const known = opened.get(token) ?? verifyToken(token, holder, ring, now)
    opened.set(token, known)
    return known
  }
  const items: Item[] = []
  const refused: Refusal[] = []
  for (const message of messages) {
    const event = toEvent(message, sentAt, now)
    const item = event.ok ? await interpret(event.value, { bundle, matches, open }) : event
    if (item.ok) items.push(item.value)
    else refused.push(item.error)
  }
  return { items, refused }
}

/** Segment's clients look for `success`; the rest tells a developer what became of the events. */
function receipt(
  c: Context,
  accepted: number,
  refused: readonly Refusal[],
  duplicates = 0,
): Response {
  const counts = Object.entries(Object.groupBy(refused, (reason) => reason))
  const byReason = Object.fromEntries(counts.map(([reason, all]) => [reason, all?.length ?? 0]))
  return c.json({ success: true, accepted, duplicates, refused: byReason }, 200, {
    'cache-control': 'no-store',
  })
}
