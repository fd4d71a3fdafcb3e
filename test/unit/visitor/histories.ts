import fc from 'fast-check'
import type { Event } from '../../../src/model/event.ts'
import { EMPTY_PROFILE, type Profile } from '../../../src/model/profile.ts'
import { type Done, fold } from '../../../src/visitor/profile.ts'

/** A Tuesday in November. */
export const AT = 1_796_000_000_000

/** An event of a visitor: an order, unless something else is said. */
export const event = (changes: Partial<Event> = {}): Event => ({
  ...{ messageId: 'm', at: AT, kind: 'track', name: 'Order Completed', properties: {} },
  ...changes,
})

export const foldAll = (events: readonly Event[], start: Profile = EMPTY_PROFILE): Profile =>
  events.map((one) => ({ event: one })).reduce(fold, start)

const DAY_MS = 86_400_000

/** Half a year, minutes, or the very same moment apart. */
const times = fc.oneof(
  fc.integer({ min: AT - 180 * DAY_MS, max: AT }),
  fc.integer({ min: AT - 3 * 3_600_000, max: AT }),
  fc.constantFrom(AT, AT - 1),
)

const events: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    messageId: fc.constant('m'),
    at: times,
    kind: fc.constantFrom('track' as const, 'page' as const, 'screen' as const),
    name: fc.constantFrom('A', 'b c', '/x', '', 'Product Added', 'constructor'),
    properties: fc.record(
      { category: fc.constantFrom('Boots', 'tents', '★'), tags: fc.constantFrom('a,b', 'B') },
      { requiredKeys: [] },
    ),
  }),
  fc.record({
    messageId: fc.constant('m'),
    at: times,
    kind: fc.constantFrom('identify' as const, 'alias' as const),
    name: fc.constant(''),
    properties: fc.record(
      { plan: fc.constantFrom('free', 'gold', 7, true), age: fc.nat(99) },
      { requiredKeys: [] },
    ),
  }),
)

/** What visitors did, in whatever order, with all that a profile takes from it. */
export const histories: fc.Arbitrary<Done[]> = fc.array(
  fc.record(
    {
      event: events,
      counted: fc.array(
        fc.record(
          {
            counter: fc.constantFrom('bets', 'logins'),
            amount: fc.double({ min: -9, max: 1e6, noNaN: true }),
          },
          { requiredKeys: ['counter'] },
        ),
        { maxLength: 2 },
      ),
      hour: fc.nat(23),
      device: fc.constantFrom('desktop' as const, 'phone' as const),
    },
    { requiredKeys: ['event'] },
  ),
  { maxLength: 40 },
)
