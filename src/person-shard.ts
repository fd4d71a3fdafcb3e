import { DurableObject } from 'cloudflare:workers'
import { Alarm } from './events/alarm.ts'
import type { Item } from './events/attribution.ts'
import { forwardWaiting, type PersonSide, type VisitorSide } from './events/forward.ts'
import {
  People,
  type PersonRecord,
  peopleShard,
  type Reception,
  type VisitorLink,
} from './events/people.ts'
import type { Profile } from './model/profile.ts'
import { shardStub } from './visitor/shard-stub.ts'

/** Events are passed on to a person's browsers this long after they came. */
const FORWARD_MS = 1_000

/** How often events that wait for somebody unknown are looked through. */
const PATIENT_MS = 6 * 3_600_000

/** Events of one person, whichever browsers are theirs. */
export interface PersonDelivery {
  readonly person: string
  readonly items: readonly Item[]
}

/**
 * Knows a share of one site's people, each by a hash: which visitors they are, and what servers report
 * of them until one of these has it. Named `<site>:<n>`. What a call writes is on disk before its
 * answer leaves (output gate).
 */
export class PersonShard extends DurableObject<Env> {
  readonly #alarm: Alarm
  readonly #people: People

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#alarm = new Alarm(ctx.storage)
    this.#people = new People(ctx.storage.sql)
    ctx.blockConcurrencyWhile(() => this.#wakeAgain())
  }

  /** Keeps what servers report of people until one of their visitors has it. */
  async receive(deliveries: readonly PersonDelivery[]): Promise<Reception> {
    const now = Date.now()
    const reception = this.ctx.storage.transactionSync(() =>
      deliveries
        .map(({ person, items }) => this.#people.receive(person, items, now))
        .reduce((sum, one) => ({
          accepted: sum.accepted + one.accepted,
          duplicates: sum.duplicates + one.duplicates,
          unknown: sum.unknown + one.unknown,
        })),
    )
    await this.#alarm.wakeIn(FORWARD_MS)
    return reception
  }

  /** What one of a person's visitors says of their link, and with it of its profile. */
  async linkVisitor(person: string, link: VisitorLink): Promise<void> {
    if (!this.#people.link(person, link)) return
    await this.#alarm.wakeIn(FORWARD_MS)
    for (const other of this.#people.aliasesOf(person)) {
      await this.#personSide(other).linkVisitor(other, link)
    }
  }

  /** What a person's other browsers add to the profile of one of them. */
  contributions(person: string, but: string): Profile[] {
    return this.#people.contributions(person, but)
  }

  async unlinkVisitor(person: string, visitor: string): Promise<void> {
    if (!this.#people.unlink(person, visitor)) return
    for (const other of this.#people.aliasesOf(person)) {
      await this.#personSide(other).unlinkVisitor(other, visitor)
    }
  }

  /** From now on people go by another id too, which gets to know all their visitors. */
  async aliasPeople(aliases: readonly { person: string; goesBy: string }[]): Promise<void> {
    for (const { person, goesBy } of aliases) {
      if (person === goesBy) continue
      this.#people.alias(person, goesBy)
      await this.#personSide(goesBy).noteFormer(goesBy, person)
      for (const link of this.#people.linksOf(person)) {
        await this.#personSide(goesBy).linkVisitor(goesBy, link)
      }
    }
  }

  /** A person went by another id before. */
  async noteFormer(person: string, was: string): Promise<void> {
    this.#people.noteFormer(person, was)
  }

  /** All that is kept of a person under this id. */
  export(person: string): PersonRecord {
    return this.#people.of(person)
  }

  /** Erases a person under this id; what waits for them is given up. */
  async erase(person: string): Promise<void> {
    this.ctx.storage.transactionSync(() => this.#people.erase(person))
    await this.ctx.storage.sync()
  }

  override async alarm(): Promise<void> {
    this.#alarm.rings()
    const [forwarded] = await Promise.allSettled([
      forwardWaiting(this.#people, (visitor) => this.#visitorSide(visitor)),
    ])
    const failed = forwarded.status === 'rejected'
    this.#alarm.ended(failed)
    if (failed || this.#people.waiting(1).length > 0) await this.#alarm.wakeIn(FORWARD_MS)
    else if (this.#people.holdsAny()) await this.#alarm.wakeIn(PATIENT_MS)
    await this.#giveUp(Date.now())
  }

  /** Events of people who were never seen are given up, and counted. */
  async #giveUp(now: number): Promise<void> {
    const lost = this.#people.prune(now)
    if (lost === 0) return
    await this.env.BOARD.getByName(this.#site()).countEvents({ unknown_person: lost }, now)
  }

  #personSide(person: string): PersonSide {
    return this.env.PEOPLE.getByName(peopleShard(this.#site(), person))
  }

  #visitorSide(visitor: string): VisitorSide {
    const stub = shardStub(this.env, this.#site(), visitor)
    if (!stub) throw new Error('A person is linked to an id that is no visitor of ours.')
    return stub
  }

  #site(): string {
    const { name } = this.ctx.id
    if (!name) throw new Error('Objects of people are addressed by name; this one has none.')
    return name.split(':')[0] ?? ''
  }

  /** What was to be passed on when an alarm was lost is still here. */
  async #wakeAgain(): Promise<void> {
    if (this.#people.waiting(1).length > 0) await this.#alarm.wakeUnlessDue(FORWARD_MS)
  }
}
