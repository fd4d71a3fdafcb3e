import type { ShowRecord } from '../caps/shows.ts'
import { type Customer, eraseCustomer, readCustomer } from '../db/customers.ts'
import type { AccountRecord } from '../events/ledger.ts'
import type { LinkRecord } from '../events/links.ts'
import { type PersonRecord, peopleShard } from '../events/people.ts'
import type { TailDelivery } from '../events/tail.ts'
import type { Profile } from '../model/profile.ts'
import type { Site } from '../model/site.ts'
import { markOf } from '../visitor/erased.ts'
import { personOf } from '../visitor/person.ts'
import { shardStub } from '../visitor/shard-stub.ts'
import type { SuppressionRecord } from '../visitor/suppressions.ts'

/** Who is meant: a person by the site's own user id, or one browser by our id for it. */
export type Whom = { readonly userId: string } | { readonly visitor: string }

/** All that is kept of one browser. */
export interface VisitorRecord {
  readonly visitor: string
  readonly profile: Profile | undefined
  /** Who it is said to be. */
  readonly links: readonly LinkRecord[]
  readonly accounts: readonly AccountRecord[]
  /** Ids of its events. */
  readonly messages: readonly string[]
  readonly deliveries: readonly TailDelivery[]
  readonly suppressions: readonly SuppressionRecord[]
  /** Of what is capped, what it was shown. */
  readonly shows: ShowRecord
}

/** What their object knows of a person, and what the business imported. */
export interface PersonWithImports extends PersonRecord {
  readonly customer: Customer
  readonly shows: ShowRecord
}

/** All that is kept of somebody. */
export interface WholePerson {
  /** The person, once for each id they go by. */
  readonly people: readonly PersonWithImports[]
  readonly browsers: readonly VisitorRecord[]
  /** Quotas in which they have a place. */
  readonly places: readonly string[]
}

/** Everything that is kept of somebody, from every object. Rejects when one of them cannot be read. */
export async function readWhole(env: Env, site: Site, whom: Whom): Promise<WholePerson> {
  const people =
    'visitor' in whom ? [] : await readPeople(env, site, await personOf(site, whom.userId))
  const visitors = 'visitor' in whom ? [whom] : visitorsOf(people)
  const browsers = await readBrowsers(env, site, visitors)
  return { people, browsers, places: await readPlaces(env, site, holdersOf({ people, browsers })) }
}

/** Places are held by people and by browsers. */
function holdersOf({ people, browsers }: Pick<WholePerson, 'people' | 'browsers'>): string[] {
  return [...people.map(({ person }) => person), ...browsers.map(({ visitor }) => visitor)]
}

async function readPlaces(env: Env, site: Site, holders: readonly string[]): Promise<string[]> {
  const quotas = await env.BOARD.getByName(site.id).quotas()
  const held = await Promise.all(
    quotas.map((quota) => quotaSide(env, site, quota).holdsAny(holders)),
  )
  return quotas.filter((_, at) => held[at])
}

/** By each id in turn: an alias names another, and so does a browser that came with one. */
async function readPeople(env: Env, site: Site, first: string): Promise<PersonWithImports[]> {
  const ids = new Set([first])
  const people: PersonWithImports[] = []
  for (const id of ids) {
    const [record, customer] = await Promise.all([
      personSide(env, site, id).export(id),
      readCustomer(env.DB, site.id, id),
    ])
    people.push({ ...record, customer })
    for (const other of [...record.aliases, ...record.visitors.map(({ via }) => via)])
      ids.add(other)
  }
  return people
}

function visitorsOf(people: readonly PersonRecord[]): { readonly visitor: string }[] {
  return people.flatMap(({ visitors }) => visitors)
}

function readBrowsers(
  env: Env,
  site: Site,
  browsers: readonly { readonly visitor: string }[],
): Promise<VisitorRecord[]> {
  const ids = new Set(browsers.map(({ visitor }) => visitor))
  return Promise.all([...ids].map((id) => visitorSide(env, site, id).export(id)))
}

/**
 * Erases somebody: first their cookies are made void, then browsers, and the person last, so that a call
 * that fails half way finds the rest when it is repeated.
 */
export async function eraseWhole(env: Env, site: Site, whole: WholePerson): Promise<void> {
  const { people, browsers, places } = whole
  const marks = await marksOf(whole)
  await env.BOARD.getByName(site.id).revoke(marks, 'void', Date.now())
  await Promise.all(browsers.map(({ visitor }) => visitorSide(env, site, visitor).erase(visitor)))
  const ids = people.map(({ person }) => person)
  await Promise.all(places.map((quota) => quotaSide(env, site, quota).erase(ids)))
  for (const { person } of people.toReversed()) {
    await eraseCustomer(env.DB, site.id, person)
    await personSide(env, site, person).erase(person)
  }
}

/** The marks of all browsers. */
export function marksOf({ browsers }: WholePerson): Promise<string[]> {
  return Promise.all(browsers.map(({ visitor }) => markOf(visitor)))
}

/** How many rows each store holds of somebody. */
export function countRows({ people, browsers, places }: WholePerson): Record<string, number> {
  const sum = <T>(all: readonly T[], of: (one: T) => number) =>
    all.reduce((total, one) => total + of(one), 0)
  return {
    profiles: sum(browsers, ({ profile }) => (profile ? 1 : 0)),
    links: sum(browsers, ({ links }) => links.length) + sum(people, (one) => one.visitors.length),
    accounts: sum(browsers, ({ accounts }) => accounts.length),
    messages:
      sum(browsers, ({ messages }) => messages.length) + sum(people, (one) => one.received.length),
    deliveries: sum(browsers, ({ deliveries }) => deliveries.length),
    suppressions: sum(browsers, ({ suppressions }) => suppressions.length),
    contributions: sum(people, ({ visitors }) => visitors.filter((one) => one.profile).length),
    attributes: sum(people, ({ customer }) => Object.keys(customer.attributes).length),
    households: sum(people, ({ customer }) => (customer.household === undefined ? 0 : 1)),
    aliases: sum(people, ({ aliases }) => aliases.length),
    waiting: sum(people, ({ waiting }) => waiting.length),
    shows: sum(
      [...browsers, ...people],
      ({ shows }) => shows.shown.length + shows.addressed.length,
    ),
    places: places.length,
  }
}

function personSide(env: Env, site: Site, person: string) {
  return env.PEOPLE.getByName(peopleShard(site.id, person))
}

function quotaSide(env: Env, site: Site, quota: string) {
  return env.QUOTAS.getByName(`${site.id}/${quota}`)
}

function visitorSide(env: Env, site: Site, visitor: string) {
  const stub = shardStub(env, site.id, visitor)
  if (!stub) throw new Error('A person is linked to an id that is no visitor of ours.')
  return stub
}
