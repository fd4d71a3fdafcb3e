import type { CustomerRecord } from '../../src/model/attribute.ts'
import { EMPTY_PROFILE, type Profile, type Snapshot } from '../../src/model/profile.ts'
import { basesOf } from '../../src/model/profile-path.ts'
import { NO_CAMPAIGN } from '../../src/model/signals.ts'
import { fold } from '../../src/visitor/profile.ts'
import { toSnapshot } from '../../src/visitor/snapshot.ts'
import { type Source, sourceOf } from '../../src/visitor/source.ts'
import { type Figure, toFigure } from './figure.ts'
import { type Random, random } from './random.ts'

/** Of all page views, and of first ones, those that wait for an object. */
const CLAIMS = [
  {
    figure: 'objects.page-views',
    goal: { sign: '<=', bound: 0.15 },
    isOf: () => true,
    note: 'page views of a simulated week that wait for an object',
  },
  {
    figure: 'objects.first-views',
    goal: { sign: '<=', bound: 0 },
    isOf: ({ isFirst }: View) => isFirst,
    note: 'first page views of browsers in that week that wait for an object',
  },
] as const

/** The names of the figures that `objectFigures` measures. */
export const OBJECT_FIGURES: readonly string[] = CLAIMS.map(({ figure }) => figure)

const PEOPLE = 500

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const MONDAY = Date.UTC(2026, 10, 23)

/** Who comes in a week. Assumed, not measured: every site has its own. */
const HABITS = {
  /** Come back after a visit, again and again. */
  returns: 0.45,
  /** Ms until then: after lunch, in the evening, another day. */
  pauses: [
    { share: 0.2, from: 35 * MINUTE_MS, to: 2 * HOUR_MS },
    { share: 0.3, from: 2 * HOUR_MS, to: 12 * HOUR_MS },
    { share: 0.5, from: 12 * HOUR_MS, to: 3 * DAY_MS },
  ],
  /** Look at one more page of a visit: five of them on average. */
  goesOn: 0.8,
  /** Ms on a page, and of a break within a visit, which one page view in ten is followed by. */
  look: { from: 5_000, to: 3 * MINUTE_MS },
  rest: { share: 0.1, from: 5 * MINUTE_MS, to: 28 * MINUTE_MS },
  /** Sign in on the second page of their first visit, and stay so. */
  signsIn: 0.3,
  /** Let no event through, so that no answer to one brings a fresh snapshot. */
  blocks: 0.1,
} as const

/** What the rules of a site read: windows of all lengths, the visit, interests, an attribute. */
const READS = [
  ...['profile.pages', 'profile.session.pages', 'profile.session.basket', 'profile.topInterest'],
  ...['profile.events.product_viewed.in1h', 'profile.events.page.in24h', 'profile.interests.boots'],
  ...['profile.events.order_completed.in30d', 'profile.activeDays.in7d'],
  'profile.attributes.optIns',
].flatMap((path) => basesOf(path) ?? [])

const RECORD: CustomerRecord = { optIns: { value: ['shop:web'], at: MONDAY, source: 'crm' } }

interface View {
  readonly isFirst: boolean
  readonly isSignedIn: boolean
  readonly source: Source
}

/**
 * How many page views read an object, by the very choice that a page makes, were each visitor's events
 * folded and carried as they are; the peer is to read one on each. Every round is another week.
 */
export async function objectFigures(names: readonly string[], rounds: number): Promise<Figure[]> {
  const weeks = Array.from({ length: rounds }, (_, round) => weekOf(round + 1))
  return CLAIMS.filter(({ figure }) => names.includes(figure)).map(
    ({ figure, goal, isOf, note }) => {
      const shares = weeks.map((views) => shareOfReads(views.filter(isOf)))
      const [first = []] = weeks.map((views) => views.filter(isOf))
      const [known, others] = [true, false].map((isSignedIn) =>
        shareOfReads(first.filter((view) => view.isSignedIn === isSignedIn)).toFixed(2),
      )
      return toFigure(
        { ours: shares, peer: shares.map(() => 1) },
        {
          ...{ figure, goal, unit: 'reads/view' },
          note: `${note}, against one read on every view; ${first.length} views of ${PEOPLE} people, share without a sign-in ${others}, with one ${known}`,
        },
      )
    },
  )
}

function shareOfReads(views: readonly View[]): number {
  return views.filter(({ source }) => source === 'shard').length / Math.max(1, views.length)
}

function weekOf(seed: number): View[] {
  const chance = random(seed)
  return Array.from({ length: PEOPLE }, () => viewsOf(chance)).flat()
}

/** What a browser and its shard hold of somebody. */
interface Somebody {
  readonly profile: Profile
  readonly kept: Snapshot | undefined
  readonly person: string
}

function viewsOf(chance: Random): View[] {
  const isOpen = !happens(chance, HABITS.blocks)
  const signsIn = happens(chance, HABITS.signsIn)
  const views: View[] = []
  let now = MONDAY + chance.uniform() * 7 * DAY_MS
  let one: Somebody = { profile: EMPTY_PROFILE, kept: undefined, person: '' }
  do {
    do {
      const isFirst = views.length === 0
      if (views.length === 1 && signsIn) one = { ...one, person: 'anna' }
      const source = look(one, isFirst, now)
      views.push({ isFirst, isSignedIn: one.person !== '', source })
      if (source === 'shard') one = { ...one, kept: read(one, now) }
      if (isOpen) one = report(one, now)
      now += pause(chance)
    } while (happens(chance, HABITS.goesOn))
    now += between(chance, oneOf(chance, HABITS.pauses))
  } while (now < MONDAY + 7 * DAY_MS && happens(chance, HABITS.returns))
  return views
}

function look({ kept, person }: Somebody, isFirst: boolean, now: number): Source {
  const visitor = {
    ...{ id: 'v', tier: 2 as const, returning: !isFirst, visits: 1, campaign: NO_CAMPAIGN },
    ...{ signedIn: person !== '', user: {} },
  }
  return sourceOf({ visitor, person, kept, reads: READS, now })
}

function read({ profile, person }: Somebody, now: number): Snapshot {
  const shared = person !== ''
  return toSnapshot({ profile, attributes: shared ? RECORD : {}, shared }, READS, now)
}

/** The page tells that it was looked at; the answer's cookie carries what that made of the profile. */
function report(one: Somebody, now: number): Somebody {
  const event = {
    ...{ messageId: 'm', at: now, kind: 'page' as const, name: '/boots' },
    properties: { category: 'boots' },
  }
  const viewed = { ...event, kind: 'track' as const, name: 'Product Viewed' }
  const profile = [event, viewed].map((done) => ({ event: done })).reduce(fold, one.profile)
  return { ...one, profile, kept: read({ ...one, profile }, now) }
}

interface Span {
  readonly from: number
  readonly to: number
}

function pause(chance: Random): number {
  return between(chance, happens(chance, HABITS.rest.share) ? HABITS.rest : HABITS.look)
}

function between(chance: Random, { from, to }: Span): number {
  return from + chance.uniform() * (to - from)
}

function happens(chance: Random, share: number): boolean {
  return chance.uniform() < share
}

function oneOf(chance: Random, spans: readonly (Span & { readonly share: number })[]): Span {
  const place = chance.uniform()
  const upTo = (last: number) => spans.slice(0, last + 1).reduce((sum, { share }) => sum + share, 0)
  return spans.find((_, n) => place < upTo(n)) ?? { from: 0, to: 0 }
}
