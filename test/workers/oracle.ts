import type { AttributeValue } from '../../src/model/attribute.ts'
import type { Policy, SuppressionReason } from '../../src/model/policy.ts'
import { TODAY, type Who } from './who.ts'

/** Attribute → days for which it is believed. */
export const MAX_AGES: Readonly<Record<string, number>> = {
  ...{ optIns: 30, barred: 1, barredUntil: 9999, birthDate: 365, cases: 9999 },
  ...{ lossOn: 7, mailedOn: 9999, vip: 20 },
}

/**
 * Why a policy keeps a variant of a product from somebody, from plain facts and as the table of
 * docs/visitors.md has it: written apart from the code that decides, and in no way like it.
 */
export function reasonAgainst(
  policy: Policy,
  product: string | undefined,
  who: Who,
): SuppressionReason | undefined {
  const governed = policy.products === undefined || policy.products.includes(product ?? '-')
  if (!governed) return undefined
  if (isStranger(policy, who)) return policy.anonymous === 'allow' ? undefined : 'anonymous'
  switch (policy.kind) {
    case 'opt-in': {
      const list = told(who, policy.attribute)
      if (list === undefined) return 'unknown'
      const isIn =
        Array.isArray(list) && list.some((item) => item === `${product}:${policy.channel}`)
      return isIn ? undefined : 'no_opt_in'
    }
    case 'self-exclusion': {
      const bar = told(who, policy.attribute)
      if (bar === undefined) return 'unknown'
      if (bar === null || bar === false) return undefined
      if (bar === true) return 'self_excluded'
      return isDay(bar) ? (bar >= TODAY ? 'self_excluded' : undefined) : 'unknown'
    }
    case 'under-age': {
      const birth = told(who, policy.attribute)
      if (!isDay(birth)) return 'unknown'
      const birthday = `${Number(birth.slice(0, 4)) + policy.age}${birth.slice(4)}`
      return TODAY >= birthday ? undefined : 'under_age'
    }
    case 'open-case': {
      const cases = told(who, policy.attribute)
      if (cases === undefined) return 'unknown'
      return cases === null || cases === 0 ? undefined : 'open_case'
    }
    case 'cooling-off': {
      const day = told(who, policy.attribute)
      if (day === null) return undefined
      if (!isDay(day)) return 'unknown'
      return daysSince(day) >= policy.days ? undefined : 'cooling_off'
    }
    case 'quiet-after': {
      if (who.lost) return 'unknown'
      const heard = who.events.some(
        ([name, hoursAgo]) => name === policy.event && hoursAgo < policy.hours,
      )
      return heard ? 'quiet_after' : undefined
    }
    case 'addressed': {
      if (policy.attribute === undefined) return undefined
      const day = told(who, policy.attribute)
      if (day === null) return undefined
      if (!isDay(day)) return 'unknown'
      // From the last moment of that day to the first of today.
      return (daysSince(day) - 1) * 24 >= policy.hours ? undefined : 'addressed'
    }
    case 'rule': {
      const { isKnown, holds } = ruleOf(policy.condition)
      if (!isKnown(who)) return 'unknown'
      return holds(who) ? 'rule' : undefined
    }
  }
}

/** Nobody whom such a policy can be asked of. */
function isStranger(policy: Policy, { tier, signedIn }: Who): boolean {
  const isCustomer = tier === 2 && signedIn
  if (policy.kind === 'quiet-after') return tier < 2
  if (policy.kind === 'addressed' && policy.attribute === undefined) return tier === 0
  if (policy.kind !== 'rule') return !isCustomer
  const { of } = ruleOf(policy.condition)
  return of === 'customer'
    ? !isCustomer
    : of === 'profile'
      ? tier < 2
      : of === 'browser' && tier < 1
}

/** What is believed of a customer; null where it is confirmed that there is none. */
function told(who: Who, name: string): AttributeValue | null | undefined {
  const [value, age = Number.POSITIVE_INFINITY] = who.attributes[name] ?? []
  if (who.lost || age > (MAX_AGES[name] ?? 0)) return undefined
  // A day that there is not is no word on when it was.
  return name.match(/On$|Until$|Date$/) && value !== null && !isDay(value) ? undefined : value
}

function isDay(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false
  const date = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)
}

function daysSince(day: string): number {
  return (Date.parse(TODAY) - Date.parse(day)) / 86_400_000
}

interface Rule {
  readonly condition: Readonly<Record<string, never>> | object
  readonly of: 'anybody' | 'browser' | 'profile' | 'customer'
  readonly isKnown: (who: Who) => boolean
  readonly holds: (who: Who) => boolean
}

const always = () => true
const isReadable = ({ lost }: Who) => !lost
const countOf = ({ events }: Who, name: string) => events.filter(([event]) => event === name).length

/** Conditions, each with what it says in so many words. */
export const RULES: readonly Rule[] = [
  {
    condition: { 'signals.country': 'NO' },
    of: 'anybody',
    isKnown: ({ country }) => country !== '',
    holds: ({ country }) => country === 'NO',
  },
  {
    condition: { $not: { 'signals.device': 'desktop' } },
    of: 'anybody',
    isKnown: always,
    holds: () => false,
  },
  {
    condition: { 'visitor.returning': false },
    of: 'browser',
    isKnown: always,
    holds: ({ returning }) => !returning,
  },
  {
    condition: { 'profile.events.bet_placed.count': { $gte: 2 } },
    of: 'profile',
    isKnown: isReadable,
    holds: (who) => countOf(who, 'Bet Placed') >= 2,
  },
  {
    condition: { 'profile.events.bet_placed.count': 0, 'signals.country': { $ne: 'SE' } },
    of: 'profile',
    isKnown: (who) => isReadable(who) && who.country !== '',
    holds: (who) => countOf(who, 'Bet Placed') === 0 && who.country !== 'SE',
  },
  {
    condition: { $not: { 'profile.attributes.vip': true } },
    of: 'customer',
    isKnown: (who) => told(who, 'vip') !== undefined,
    holds: (who) => told(who, 'vip') !== true,
  },
  {
    condition: { $nor: [{ 'profile.attributes.cases': 0 }, { 'profile.ages.vip': { $gt: 10 } }] },
    of: 'customer',
    isKnown: (who) => told(who, 'cases') !== undefined && told(who, 'vip') !== undefined,
    // To the dialect, what there is none of is 0.
    holds: (who) => (told(who, 'cases') ?? 0) !== 0 && (who.attributes.vip?.[1] ?? 0) <= 10,
  },
  {
    condition: { 'profile.dates.lossOn.days': { $lt: 30 } },
    of: 'customer',
    isKnown: (who) => told(who, 'lossOn') !== undefined,
    // The same: also whoever is known to have no such day.
    holds: (who) => {
      const day = told(who, 'lossOn')
      return !isDay(day) || daysSince(day) < 30
    },
  },
  {
    condition: { 'visitor.user.plan': { $in: ['basic', 'none'] } },
    of: 'customer',
    isKnown: ({ user }) => user.plan !== undefined,
    holds: ({ user }) => user.plan === 'basic',
  },
]

function ruleOf(condition: object): Rule {
  const text = JSON.stringify(condition)
  const rule = RULES.find((one) => JSON.stringify(one.condition) === text)
  if (!rule) throw new Error(`Nobody knows what ${text} says.`)
  return rule
}
