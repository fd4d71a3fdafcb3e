import { matches } from '../decide/condition.ts'
import type { Item } from '../events/attribution.ts'
import { EXPOSURE_EVENT, toEvent } from '../events/ingest.ts'
import { interpret } from '../events/interpret.ts'
import type { EventRequest } from '../events/request.ts'
import { verifyToken } from '../events/token.ts'
import { countOutcomes, type Refusal, sumOutcomes } from '../model/event-counts.ts'
import { err, ok, type Result } from '../model/result.ts'
import { shardStub } from '../visitor/shard-stub.ts'
import { callObject } from './object-call.ts'
import { type Booked, type Surroundings, toCounts } from './receipt.ts'

/** A step of an exposure, with the page that it was on. */
interface Seen {
  readonly page: string
  readonly item: Item
}

/**
 * Steps of exposures on pages of visitors who allow nothing to be stored. Each page has an id of its own,
 * made for one view of it and proven by its token: the books hold it like a visitor who never comes back.
 * Whatever else such a page sends is refused.
 */
export async function acceptFromPages(sent: EventRequest, around: Surroundings): Promise<Booked> {
  const read = await Promise.all(
    sent.messages.map((message) => readStep(message, sent.sentAt, around)),
  )
  const seen = read.flatMap((one) => (one.ok ? [one.value] : []))
  const refused = read.flatMap((one) => (one.ok ? [] : [one.error]))
  const { env, bundle } = around
  const counts = await Promise.all(
    [...Map.groupBy(seen, ({ page }) => page)].map(async ([page, steps]) => {
      const items = steps.map(({ item }) => item)
      const delivery = { visitor: page, items, reads: [], remember: false }
      const stub = () => shardStub(env, bundle.site.id, page)
      const booked = await callObject(async () => stub()?.accept(delivery))
      return booked ? toCounts(booked) : { unknown_visitor: items.length }
    }),
  )
  return { counts: sumOutcomes(countOutcomes(refused), ...counts) }
}

async function readStep(
  message: unknown,
  sentAt: number | undefined,
  { bundle, config, now }: Surroundings,
): Promise<Result<Seen, Refusal>> {
  const told = toEvent(message, sentAt, now)
  if (!told.ok) return told
  const { event, who } = told.value
  const page = who.anonymousId
  if (event.kind !== 'track' || event.name !== EXPOSURE_EVENT || page === '') {
    return err('no_consent')
  }
  const holder = `${bundle.site.id}/${page}`
  const open = (token: string) => verifyToken(token, holder, config.keys.token, now)
  const item = await interpret(event, { bundle, matches, open })
  return item.ok ? ok({ page, item: item.value }) : item
}
