import { matches } from '../decide/condition.ts'
import type { Item } from '../events/attribution.ts'
import { type Told, toEvent } from '../events/ingest.ts'
import { interpret } from '../events/interpret.ts'
import type { EventRequest } from '../events/request.ts'
import type { TailEntry } from '../events/tail.ts'
import { type PageToken, type TokenRefusal, verifyToken } from '../events/token.ts'
import { countOutcomes, type Refusal, sumOutcomes } from '../model/event-counts.ts'
import type { Result } from '../model/result.ts'
import { NO_CAMPAIGN, type Signals } from '../model/signals.ts'
import { createTrail } from '../model/trail.ts'
import { toCarried } from '../visitor/carried.ts'
import { parseCookies } from '../visitor/cookies.ts'
import { newVisitorId, readConsent, toVisitorCookie } from '../visitor/recognise.ts'
import type { CookieState } from '../visitor/sealed-cookie.ts'
import { shardStub } from '../visitor/shard-stub.ts'
import { geoOf, readSignals } from '../visitor/signals.ts'
import { acceptFromPages } from './aggregate.ts'
import { callObject } from './object-call.ts'
import { type Booked, refuseAll, type Surroundings, toCounts } from './receipt.ts'
import { type Whose, whoseIs } from './whose.ts'

/** A browser's events: consent → cookie → parse → interpret → book in the visitor's shard. */
export async function acceptFromBrowser(
  request: Request,
  sent: EventRequest,
  { env, bundle, config, revoked, now }: Surroundings,
): Promise<Booked> {
  const { site } = bundle
  const cookies = parseCookies(request.headers.get('cookie'))
  const trail = createTrail(Date.now, console.warn)
  const { state, tier } = await readConsent(request, cookies, { site, config, trail, revoked })
  if (tier === 0) {
    return site.consent.aggregate
      ? acceptFromPages(sent, { env, bundle, config, revoked, now })
      : refuseAll(sent, 'no_consent')
  }
  if (!state || !shardStub(env, site.id, state.id)) return refuseAll(sent, 'unknown_visitor')

  const holder = `${site.id}/${state.id}`
  const read = await readMessages(sent, { bundle, holder, config, now })
  const signals = signalsOf(request, { bundle, config, now })
  const whose = await whoseIs(state, read.userIds, bundle)
  const isAnother = isSomebodyElse(state, whose)
  const delivery = {
    visitor: state.id,
    items: read.items,
    refused: read.refused,
    // Whoever is there now did not see what the browser's former visitor saw.
    people: isAnother ? [] : whose.people,
    reads: tier === 2 ? bundle.reads : [],
    remember: tier === 2,
    context: { hour: signals.hour, device: signals.device },
  }
  // A stub that failed once fails again: each call has its own.
  const booked = await callObject(async () => shardStub(env, site.id, state.id)?.accept(delivery))
  // Who was erased begins anew with the next page view.
  if (!booked) {
    const cookie = await toVisitorCookie(request, undefined, site, config.keys)
    return { ...refuseAll(sent, 'unknown_visitor'), cookie }
  }
  const snapshot = booked.snapshot && toCarried(booked.snapshot, bundle)
  const { said } = whose
  // A profile that begins between page views is withdrawn like any other.
  const allowed = tier === 2 && { tier }
  const next: CookieState = isAnother
    ? {
        ...BEGINNING,
        id: newVisitorId(signals, config),
        lastAt: now,
        ...allowed,
        ...(said && { said }),
      }
    : { ...state, snapshot, ...allowed, ...(said && { said }) }
  const cookie = await toVisitorCookie(request, next, site, config.keys)
  const refused = countOutcomes(read.refused.map(({ outcome }) => outcome))
  return { counts: sumOutcomes(toCounts(booked), refused), cookie }
}

/** What the cookie holds of somebody of whom nothing is known yet. */
const BEGINNING = { visits: 1, campaign: NO_CAMPAIGN, user: '' }

/** Two people of one browser get nothing of each other: the other one begins anew. */
function isSomebodyElse(state: CookieState, { said }: Whose): boolean {
  return said !== undefined && state.said !== undefined && state.said !== said
}

/** What a page view of this browser would be told by. */
function signalsOf(
  request: Request,
  { bundle, config, now }: Omit<Surroundings, 'env' | 'revoked'>,
): Signals {
  const overrides = config.signalOverrides
  const geo = overrides ? {} : geoOf(request)
  const { timezone } = bundle.site
  return readSignals(request, new URL(request.url), { geo, timezone, now, overrides })
}

type Refused = TailEntry & { readonly outcome: Refusal }

interface Read {
  readonly items: readonly Item[]
  readonly refused: readonly Refused[]
  readonly userIds: ReadonlySet<string>
}

interface Reading extends Omit<Surroundings, 'env' | 'revoked'> {
  readonly holder: string
}

async function readMessages(sent: EventRequest, reading: Reading): Promise<Read> {
  const { bundle, holder, config, now } = reading
  // One page's events share its token: it is verified once a batch.
  const opened = new Map<string, Promise<Result<PageToken, TokenRefusal>>>()
  const open = (token: string) => {
    const known = opened.get(token) ?? verifyToken(token, holder, config.keys.token, now)
    opened.set(token, known)
    return known
  }
  const items: Item[] = []
  const refused: Refused[] = []
  const userIds = new Set<string>()
  for (const message of sent.messages) {
    const told: Result<Told, Refusal> = toEvent(message, sent.sentAt, now)
    const item = told.ok ? await interpret(told.value.event, { bundle, matches, open }) : told
    if (told.ok && told.value.who.userId !== '') userIds.add(told.value.who.userId)
    if (item.ok) items.push(item.value)
    else refused.push(toRefused(told, item.error))
  }
  return { items, refused, userIds }
}

function toRefused(told: Result<Told, Refusal>, outcome: Refusal): Refused {
  const event = told.ok ? told.value.event : undefined
  const what = event ? `${event.kind} ${event.name}`.slice(0, 80) : ''
  return { messageId: event?.messageId ?? '', what, outcome, met: [] }
}
