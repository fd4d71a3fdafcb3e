import { matches } from '../decide/condition.ts'
import type { Item } from '../events/attribution.ts'
import { type Told, toEvent } from '../events/ingest.ts'
import { interpret } from '../events/interpret.ts'
import { peopleShard, type Reception } from '../events/people.ts'
import type { EventRequest } from '../events/request.ts'
import type { Identification } from '../model/event.ts'
import {
  countOutcomes,
  type OutcomeCounts,
  type Refusal,
  sumOutcomes,
} from '../model/event-counts.ts'
import { err, ok, type Result } from '../model/result.ts'
import type { Site } from '../model/site.ts'
import { personOf } from '../visitor/person.ts'
import { shardStub } from '../visitor/shard-stub.ts'
import { shardOf } from '../visitor/visitor-id.ts'
import { callObject } from './object-call.ts'
import type { Booked, Surroundings } from './receipt.ts'

/** Whose an event is: a person's by the site's own user id, or a visitor's by ours. */
type Owner =
  | { readonly kind: 'person'; readonly person: string }
  | { readonly kind: 'visitor'; readonly visitor: string }

/** What a message asks for: to keep an event, or to know somebody by another id as well. */
type Mail =
  | { readonly kind: 'event'; readonly item: Item; readonly to: Owner }
  | { readonly kind: 'joining'; readonly before: Owner; readonly person: string }

/**
 * A server's events: parse → whose → interpret → keep with the person they are of, who passes each on
 * to one of their browsers. Every object takes its part whole or not at all; where one cannot be
 * reached the whole request is to be sent again, and what was kept already is known by its id.
 */
export async function acceptFromServer(sent: EventRequest, around: Surroundings): Promise<Booked> {
  const read = await Promise.all(sent.messages.map((message) => address(message, sent, around)))
  const mail = read.flatMap((one) => (one.ok ? [one.value] : []))
  const refused = read.flatMap((one) => (one.ok ? [] : [one.error]))
  const counts = await Promise.all([
    ...toPeople(mail, around),
    ...toVisitors(mail, around),
    ...joinPeople(mail, around),
    ...joinVisitors(mail, around),
  ])
  return { counts: sumOutcomes(countOutcomes(refused), ...counts) }
}

async function address(
  message: unknown,
  { sentAt }: EventRequest,
  { bundle, now }: Surroundings,
): Promise<Result<Mail, Refusal>> {
  const told: Result<Told, Refusal> = toEvent(message, sentAt, now)
  if (!told.ok) return told
  const { event, who } = told.value
  const to = await ownerOf(who, bundle.site)
  if (!to) return err('no_identity')
  if (event.kind === 'alias') return joiningOf(who, to, bundle.site)
  // Steps of an exposure are told by the page that shows it, with its token, and by nobody else.
  const open = async () => err('token_forged' as const)
  const item = await interpret(event, { bundle, matches, open })
  return item.ok ? ok({ kind: 'event', item: item.value, to }) : item
}

async function ownerOf(
  { userId, anonymousId }: Pick<Identification, 'userId' | 'anonymousId'>,
  site: Site,
): Promise<Owner | undefined> {
  if (userId !== '') return { kind: 'person', person: await personOf(site, userId) }
  if (shardOf(site.id, anonymousId)) return { kind: 'visitor', visitor: anonymousId }
  return undefined
}

async function joiningOf(
  { previousId }: Identification,
  to: Owner,
  site: Site,
): Promise<Result<Mail, Refusal>> {
  const before = shardOf(site.id, previousId)
    ? ({ kind: 'visitor', visitor: previousId } as const)
    : await ownerOf({ userId: previousId, anonymousId: '' }, site)
  if (!before || to.kind !== 'person') return err('no_identity')
  return ok({ kind: 'joining', before, person: to.person })
}

type Parts = Promise<OutcomeCounts>[]

/** One call for each object that knows some of the people. */
function toPeople(mail: readonly Mail[], around: Surroundings): Parts {
  const theirs = mail.flatMap((one) =>
    one.kind === 'event' && one.to.kind === 'person' ? [{ ...one.to, item: one.item }] : [],
  )
  return [...byPeopleShard(theirs, around)].map(async ([name, part]) => {
    const deliveries = [...Map.groupBy(part, ({ person }) => person)].map(([person, events]) => ({
      person,
      items: events.map(({ item }) => item),
    }))
    const stub = () => around.env.PEOPLE.getByName(name)
    const reception = await callObject(() => stub().receive(deliveries))
    return toCounts(reception, 'unknown_person')
  })
}

function toVisitors(mail: readonly Mail[], around: Surroundings): Parts {
  const theirs = mail.flatMap((one) =>
    one.kind === 'event' && one.to.kind === 'visitor' ? [{ ...one.to, item: one.item }] : [],
  )
  return [...byVisitorShard(theirs, around)].map(async ([stub, part]) => {
    const deliveries = [...Map.groupBy(part, ({ visitor }) => visitor)].map(
      ([visitor, events]) => ({ visitor, items: events.map(({ item }) => item) }),
    )
    const reception = await callObject(() => stub().acceptKnown(deliveries))
    return toCounts(reception, 'unknown_visitor')
  })
}

function joinPeople(mail: readonly Mail[], around: Surroundings): Parts {
  const joinings = mail.flatMap((one) =>
    one.kind === 'joining' && one.before.kind === 'person'
      ? [{ person: one.before.person, goesBy: one.person }]
      : [],
  )
  return [...byPeopleShard(joinings, around)].map(async ([name, part]) => {
    await callObject(() => around.env.PEOPLE.getByName(name).aliasPeople(part))
    return { accepted: part.length }
  })
}

function joinVisitors(mail: readonly Mail[], around: Surroundings): Parts {
  const joinings = mail.flatMap((one) =>
    one.kind === 'joining' && one.before.kind === 'visitor'
      ? [{ visitor: one.before.visitor, person: one.person }]
      : [],
  )
  return [...byVisitorShard(joinings, around)].map(async ([stub, part]) => {
    const known = await callObject(() => stub().linkKnown(part))
    return { accepted: known, unknown_visitor: part.length - known }
  })
}

function byPeopleShard<T extends { person: string }>(all: readonly T[], { bundle }: Surroundings) {
  return Map.groupBy(all, ({ person }) => peopleShard(bundle.site.id, person))
}

type Stub = NonNullable<ReturnType<typeof shardStub>>

/** Each shard's part, with a way to reach it: a stub that failed once is not used again. */
function byVisitorShard<T extends { visitor: string }>(
  all: readonly T[],
  { env, bundle }: Surroundings,
): [() => Stub, T[]][] {
  const site = bundle.site.id
  const parts = Map.groupBy(all, ({ visitor }) => shardOf(site, visitor)?.name ?? '')
  return [...parts.values()].map((part) => [() => stubOf(env, site, part[0]?.visitor ?? ''), part])
}

function stubOf(env: Env, site: string, visitor: string): Stub {
  const stub = shardStub(env, site, visitor)
  if (!stub) throw new Error('An owner was addressed by an id that is no visitor of ours.')
  return stub
}

function toCounts(
  { accepted, duplicates, unknown }: Reception,
  reason: 'unknown_person' | 'unknown_visitor',
): OutcomeCounts {
  return { accepted, duplicate: duplicates, [reason]: unknown }
}
