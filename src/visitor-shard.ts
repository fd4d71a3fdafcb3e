import { DurableObject } from 'cloudflare:workers'
import { type Counted, Shows } from './caps/shows.ts'
import { readCustomer } from './db/customers.ts'
import { Alarm } from './events/alarm.ts'
import type { Item } from './events/attribution.ts'
import { createFlood } from './events/flood.ts'
import { type Offer, tellLinks } from './events/forward.ts'
import { Ledger } from './events/ledger.ts'
import { Links, type PersonClaim } from './events/links.ts'
import { type PersonsVisitor, peopleShard, type Reception } from './events/people.ts'
import { Tail, type TailDelivery, type TailEntry, toEffect, toEntry } from './events/tail.ts'
import { nameOfClaim } from './model/cap.ts'
import type { Suppression } from './model/policy.ts'
import type { Snapshot } from './model/profile.ts'
import { Erased, markOf } from './visitor/erased.ts'
import { merge } from './visitor/merge.ts'
import type { Done } from './visitor/profile.ts'
import { Profiles } from './visitor/profiles.ts'
import { toSnapshot } from './visitor/snapshot.ts'
import { Suppressions } from './visitor/suppressions.ts'

/** Learners hear of new totals this long after the first of them. */
const PUSH_MS = 1_000

/** Rows told to learners in one go. */
const PUSH_ROWS = 2_000

const HOUR_MS = 3_600_000
const PRUNE_EVERY_MS = HOUR_MS

/** Events that may wait for the disk: about a second's work of one object. */
const MOST_IN_FLIGHT = 5_000

/** Events of one visitor; a person on a busy page sends some two hundred. */
const MOST_IN_AN_HOUR = 1_000

/** All that is known of those of whom nobody knows who they are, beside what they did here. */
const NOBODY = { attributes: {}, others: [], shared: false }

/** One visitor's accepted events, as `collect` hands them over. */
export interface Delivery {
  readonly visitor: string
  readonly items: readonly Item[]
  /** Profile paths the site's rules read; empty where consent ends at measurement. */
  readonly reads: readonly string[]
  /** Whether consent lets a profile be kept. */
  readonly remember: boolean
  /** Who the visitor is, as far as the sign-in and the page say. */
  readonly people?: readonly PersonClaim[]
  /** What the browser's request says of the moment. */
  readonly context?: Pick<Done, 'hour' | 'device'>
  /** Events that the door refused, for the visitor's tail. */
  readonly refused?: readonly TailEntry[]
}

/** Events that a server reports of one visitor. */
export interface VisitorDelivery {
  readonly visitor: string
  readonly items: readonly Item[]
}

export interface Receipt {
  readonly accepted: number
  readonly duplicates: number
  /** Refused: more than anybody does in an hour. */
  readonly flooded: number
}

/**
 * Remembers a share of one site's visitors: profiles, and the books of exposures and rewards. Named
 * `<site>:<region>:<n>`. What a call writes is on disk before its answer leaves (output gate).
 */
export class VisitorShard extends DurableObject<Env> {
  readonly #alarm: Alarm
  readonly #profiles: Profiles
  readonly #ledger: Ledger
  readonly #links: Links
  readonly #tail: Tail
  readonly #suppressions: Suppressions
  readonly #shows: Shows
  readonly #erased: Erased
  readonly #flood = createFlood({ most: MOST_IN_AN_HOUR, span: HOUR_MS })
  #prunedAt = 0
  /** Events whose calls wait for the disk. */
  #inFlight = 0

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const { sql } = ctx.storage
    this.#alarm = new Alarm(ctx.storage)
    this.#ledger = new Ledger(sql, Date.now())
    this.#profiles = new Profiles(sql)
    this.#links = new Links(sql)
    this.#tail = new Tail(sql)
    this.#suppressions = new Suppressions(sql)
    this.#shows = new Shows(sql)
    this.#erased = new Erased(sql)
    ctx.blockConcurrencyWhile(() => this.#wakeAgain())
  }

  /**
   * The part of a visitor's profile that rules read; of whom `person` tells who they are, with what
   * their other browsers add and what was imported. Rejects where one of these cannot be had: half
   * of what is known would look like the whole.
   */
  async profile(visitor: string, reads: readonly string[], person: string): Promise<Snapshot> {
    const known = person === '' ? NOBODY : await this.#known(visitor, person)
    const profile = [this.#profiles.read(visitor), ...known.others].reduce(merge)
    return toSnapshot({ ...known, profile }, reads, Date.now())
  }

  async #known(visitor: string, person: string) {
    const [others, customer] = await Promise.all([
      this.#personSide(person).contributions(person, visitor),
      readCustomer(this.env.DB, this.#site(), person),
    ])
    return { ...customer, others, shared: true }
  }

  /**
   * Takes a visitor's events in, each messageId once, and tells what rules read of them from now on;
   * takes nothing of a visitor who was erased.
   */
  async accept(
    delivery: Delivery,
  ): Promise<(Receipt & { readonly snapshot?: Snapshot }) | undefined> {
    const { visitor, items } = delivery
    if (this.#erased.has(await markOf(visitor))) return undefined
    this.#expectRoom(items.length)
    const passed = this.#flood.admit(visitor, items.length, Date.now())
    const receipt = await this.#take({ ...delivery, items: items.slice(0, passed) })
    const snapshot = await this.#snapshotFor(delivery)
    return { ...receipt, flooded: items.length - passed, ...(snapshot && { snapshot }) }
  }

  /** Nothing where it cannot be had now: the next page view asks again. */
  async #snapshotFor({ visitor, reads, people = [] }: Delivery): Promise<Snapshot | undefined> {
    if (reads.length === 0) return undefined
    const person = people.find(({ proven }) => proven)?.person ?? ''
    return this.profile(visitor, reads, person).catch(() => undefined)
  }

  async #take(delivery: Delivery): Promise<Receipt> {
    const [receipt] = await this.acceptAll([delivery])
    if (!receipt) throw new Error('A delivery was left without its receipt.')
    return receipt
  }

  /**
   * Takes events of several visitors in: all of a call is written, or none of it. Rejects with an
   * error that says `overloaded` while more waits for the disk than may; nothing was taken then.
   */
  async acceptAll(deliveries: readonly Delivery[]): Promise<Receipt[]> {
    const size = deliveries.reduce((sum, { items }) => sum + items.length, 0)
    this.#expectRoom(size)
    this.#inFlight += size
    try {
      const receipts = this.ctx.storage.transactionSync(() => this.#book(deliveries, Date.now()))
      await this.#alarm.wakeIn(PUSH_MS)
      await this.ctx.storage.sync()
      return receipts
    } finally {
      this.#inFlight -= size
    }
  }

  #expectRoom(size: number): void {
    if (this.#inFlight > 0 && this.#inFlight + size > MOST_IN_FLIGHT) throw overload(this.#inFlight)
  }

  #book(deliveries: readonly Delivery[], now: number): Receipt[] {
    const bookings = this.#ledger.book(deliveries, now)
    return deliveries.map((delivery, place) => {
      const { visitor, items, remember, people = [], refused = [], context } = delivery
      const fresh = new Set(bookings[place]?.fresh)
      // Steps of an exposure are bookkeeping, not something the visitor did.
      const done = [...fresh]
        .filter(({ step }) => !step)
        .map(({ event, counted }) => ({ ...context, event, counted }))
      const changed = remember && this.#profiles.remember(visitor, done)
      this.#links.note(visitor, people, remember, now)
      if (changed) this.#links.profileChanged(visitor, now)
      const taken = items.map((i) => toEntry(i, fresh.has(i) ? 'accepted' : 'duplicate'))
      const effects = (bookings[place]?.changes ?? []).map(toEffect)
      this.#tail.write(visitor, { events: [...taken, ...refused], effects }, now)
      return {
        accepted: fresh.size,
        duplicates: items.length - fresh.size,
        flooded: 0,
      }
    })
  }

  /**
   * Erases a visitor, who stays erased: what comes late is not taken. Rejects where an object that
   * knows a person of theirs was not reached, which the alarm will, or one in which they have a
   * place; another call reaches both.
   */
  async erase(visitor: string): Promise<void> {
    const mark = await markOf(visitor)
    this.ctx.storage.transactionSync(() => {
      this.#erased.add(mark, Date.now())
      this.#ledger.erase(visitor)
      this.#links.erase(visitor)
      this.#tail.erase(visitor)
      this.#profiles.erase(visitor)
      this.#suppressions.erase(visitor)
      this.#shows.erase(visitor)
    })
    await Promise.all([this.#tellOf(visitor), this.#leaveQuotas(visitor)])
  }

  /** Quotas know by whom their places are held; the places stay taken. */
  async #leaveQuotas(visitor: string): Promise<void> {
    const { BOARD, QUOTAS } = this.env
    const site = this.#site()
    const quotas = await BOARD.getByName(site).quotas()
    await Promise.all(quotas.map((quota) => QUOTAS.getByName(`${site}/${quota}`).erase([visitor])))
  }

  /** Erases what measurement does not need: the profile, and who the visitor is. */
  async forgetProfile(visitor: string): Promise<void> {
    this.ctx.storage.transactionSync(() => {
      this.#links.erase(visitor)
      this.#profiles.erase(visitor)
    })
    await this.#tellOf(visitor)
  }

  async #tellOf(visitor: string): Promise<void> {
    await this.#alarm.wakeIn(PUSH_MS)
    await this.#tellLinks(visitor)
    await this.ctx.storage.sync()
  }

  #tellLinks(only?: string): Promise<void> {
    return tellLinks(
      this.#links,
      (person) => this.#personSide(person),
      (visitor) => this.#profiles.read(visitor),
      only,
    )
  }

  /** All that is kept of a visitor. */
  export(visitor: string) {
    return {
      visitor,
      profile: this.#profiles.has(visitor) ? this.#profiles.read(visitor) : undefined,
      links: this.#links.of(visitor),
      ...this.#ledger.of(visitor),
      deliveries: this.#tail.of(visitor),
      suppressions: this.#suppressions.of(visitor),
      shows: this.#shows.of(visitor),
    }
  }

  /** Counts what a visitor is shown now, all of it or nothing; the names of what is refused. */
  async spend(visitor: string, claims: readonly Counted[]): Promise<string[]> {
    if (this.#erased.has(await markOf(visitor))) return claims.map(nameOfClaim)
    return this.ctx.storage.transactionSync(() => this.#shows.spend(visitor, claims, Date.now()))
  }

  /** Puts on record what policies kept from a visitor, unless that visitor was erased meanwhile. */
  async noteSuppressions(visitor: string, suppressed: readonly Suppression[]): Promise<void> {
    if (this.#erased.has(await markOf(visitor))) return
    this.#suppressions.note(visitor, suppressed, Date.now())
  }

  /** A visitor's newest events and what became of each, for staff. */
  tailOf(visitor: string): TailDelivery[] {
    return this.#tail.read(visitor)
  }

  /** Events that a server reports of visitors; those of visitors who are not known here are not taken. */
  async acceptKnown(deliveries: readonly VisitorDelivery[]): Promise<Reception> {
    const known = deliveries.filter(({ visitor }) => this.#knows(visitor))
    const receipts = await this.acceptAll(
      known.map((delivery) => {
        return { ...delivery, reads: [], remember: this.#hasProfile(delivery.visitor) }
      }),
    )
    const strange = deliveries.filter((delivery) => !known.includes(delivery))
    return {
      accepted: receipts.reduce((sum, { accepted }) => sum + accepted, 0),
      duplicates: receipts.reduce((sum, { duplicates }) => sum + duplicates, 0),
      unknown: strange.reduce((sum, { items }) => sum + items.length, 0),
    }
  }

  /** Links visitors to a person each, on a server's word; answers how many of them are known here. */
  async linkKnown(links: readonly { visitor: string; person: string }[]): Promise<number> {
    const now = Date.now()
    const known = links.filter(({ visitor }) => this.#knows(visitor))
    for (const { visitor, person } of known) {
      this.#links.note(visitor, [{ person, proven: true }], this.#hasProfile(visitor), now)
    }
    await this.#alarm.wakeIn(PUSH_MS)
    return known.length
  }

  #knows(visitor: string): boolean {
    return this.#hasProfile(visitor) || this.#ledger.knows(visitor)
  }

  /** Who has none may not have one: consent ended at measurement. */
  #hasProfile(visitor: string): boolean {
    return this.#profiles.has(visitor)
  }

  /** Whether a visitor who is that person has an exposure that would take the event's reward. */
  wouldTake({ visitor, via }: PersonsVisitor, item: Item): Offer {
    if (!this.#links.find(visitor, via)) return 'unlinked'
    return this.#ledger.wouldTake(visitor, item, Date.now()) ? 'taken' : 'left'
  }

  /** Takes a person's event in as the visitor's; false where the visitor is that person no more. */
  async acceptFor({ visitor, via }: PersonsVisitor, item: Item): Promise<boolean> {
    const link = this.#links.find(visitor, via)
    if (!link) return false
    await this.#take({ visitor, items: [item], reads: [], remember: link.remember })
    return true
  }

  #hasNews(): boolean {
    return this.#links.untold(1).length > 0
  }

  #personSide(person: string) {
    return this.env.PEOPLE.getByName(peopleShard(this.#site(), person))
  }

  override async alarm(): Promise<void> {
    this.#alarm.rings()
    const unsent = this.#ledger.unsent(PUSH_ROWS)
    const outcomes = await Promise.allSettled([
      ...unsent.map((totals) => this.#tell(totals)),
      this.#tellLinks(),
    ])
    const failed = outcomes.some((outcome) => outcome.status === 'rejected')
    this.#alarm.ended(failed)
    const again = failed || this.#ledger.unsent(1).length > 0 || this.#hasNews()
    if (again) await this.#alarm.wakeIn(PUSH_MS)
    this.#prune(Date.now())
  }

  #prune(now: number): void {
    if (now - this.#prunedAt <= PRUNE_EVERY_MS) return
    this.#prunedAt = now
    this.#ledger.prune(now)
    this.#suppressions.prune(now)
    this.#shows.prune(now)
    this.#erased.prune(now)
  }

  async #tell(unsent: ReturnType<Ledger['unsent']>[number]): Promise<void> {
    const source = this.#name()
    const learner = this.env.LEARNERS.getByName(`${this.#site()}/${unsent.experience}`)
    await learner.report({ source, totals: unsent.totals })
    this.#ledger.markSent(unsent)
  }

  #name(): string {
    const { name } = this.ctx.id
    if (!name) throw new Error('Visitor shards are addressed by name; this one has none.')
    return name
  }

  #site(): string {
    return this.#name().split(':')[0] ?? ''
  }

  /** What was to be told when an alarm was lost is still here. */
  async #wakeAgain(): Promise<void> {
    if (this.#ledger.unsent(1).length > 0 || this.#hasNews()) {
      await this.#alarm.wakeUnlessDue(PUSH_MS)
    }
  }
}

/** As the platform says that an object has too much to do. Its message tells a caller's log how much. */
function overload(inFlight: number): Error {
  const error = new Error(`shard_overloaded: ${inFlight} events wait for the disk.`)
  return Object.assign(error, { overloaded: true })
}
