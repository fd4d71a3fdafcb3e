import type { Profile } from '../model/profile.ts'
import type { Item } from './attribution.ts'
import type { Links } from './links.ts'
import type { People, PersonsVisitor, VisitorLink, Waiting } from './people.ts'

/** A person's object, as a visitor's sees it. */
export interface PersonSide {
  linkVisitor(person: string, link: VisitorLink): Promise<void>
  unlinkVisitor(person: string, visitor: string): Promise<void>
  noteFormer(person: string, was: string): Promise<void>
}

/** A visitor's object, as a person's sees it. */
export interface VisitorSide {
  /** Whether an open exposure of the visitor would take the event's reward. */
  wouldTake(visitor: PersonsVisitor, item: Item): Promise<Offer>
  /** Books the event as the visitor's; false when the visitor is that person no more. */
  acceptFor(visitor: PersonsVisitor, item: Item): Promise<boolean>
}

export type Offer = 'taken' | 'left' | 'unlinked'

/** Links and events that are passed on in one go. */
const AT_ONCE = 100

/**
 * Tells people's objects of links made and taken back, with the profile of who is proven to be that
 * person, by all visitors or by one; rejects when one of them was not reached.
 */
export async function tellLinks(
  links: Links,
  sideOf: (person: string) => PersonSide,
  profileOf: (visitor: string) => Profile,
  only?: string,
): Promise<void> {
  for (const untold of links.untold(AT_ONCE, only)) {
    const { person, visitor, proven, remember, at, kind } = untold
    // Taken back while others were told: that is told by another turn, and must not be undone by this one.
    if (kind === 'link' && !links.find(visitor, person)) continue
    const side = sideOf(person)
    const shared = proven && remember && { profile: profileOf(visitor) }
    if (kind === 'unlink') await side.unlinkVisitor(person, visitor)
    else await side.linkVisitor(person, { visitor, via: person, proven, at, ...shared })
    links.markTold(untold)
  }
}

/**
 * Passes events on to one visitor of their person: the newest with an exposure that takes the reward,
 * else the newest. The choice is kept before it is carried out, so that a repetition repeats it.
 */
export async function forwardWaiting(
  people: People,
  sideOf: (visitor: string) => VisitorSide,
): Promise<void> {
  for (const waiting of people.waiting(AT_ONCE)) {
    const { person, item } = waiting
    const { messageId } = item.event
    const visitor = waiting.visitor ?? (await choose(people, waiting, sideOf))
    if (!visitor) continue
    people.promise(person, messageId, visitor)
    if (await sideOf(visitor.visitor).acceptFor(visitor, item)) people.settle(person, messageId)
    else people.unlink(person, visitor.visitor)
  }
}

async function choose(
  people: People,
  { person, item }: Waiting,
  sideOf: (visitor: string) => VisitorSide,
): Promise<PersonsVisitor | undefined> {
  let newest: PersonsVisitor | undefined
  for (const visitor of people.visitorsOf(person)) {
    const offer = await sideOf(visitor.visitor).wouldTake(visitor, item)
    if (offer === 'taken') return visitor
    if (offer === 'unlinked') people.unlink(person, visitor.visitor)
    else newest ??= visitor
  }
  return newest
}
