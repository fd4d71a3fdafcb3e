import { type Attribute, type AttributeValue, isBelieved } from '../model/attribute.ts'
import type { Bundle } from '../model/bundle.ts'
import type { CompiledPolicy, Policy, Suppression, SuppressionReason } from '../model/policy.ts'
import { type Subject, toKey, valueAt } from '../model/subject.ts'
import { matches, pathsOf } from './condition.ts'

/** Which policy keeps a variant from a visitor, and why. */
export type Verdict = Pick<Suppression, 'policy' | 'version' | 'reason'>

/**
 * What the site's policies have against each variant, for one page view: the first of them that
 * suppresses it. Those of one product share a verdict, so each policy is asked once a product at most.
 */
export function suppressionTest(
  { policies = [], attributes = [], variants }: Bundle,
  subject: Subject,
  now: number,
): (variant: string) => Verdict | undefined {
  if (policies.length === 0) return () => undefined
  const asked: Asked = {
    ...{ subject, now },
    factOf: (name) =>
      factOf(
        subject,
        attributes.find(({ id }) => id === name),
      ),
  }
  const known = new Map<string | undefined, Verdict | undefined>()
  return (variant) => {
    const product = variants[variant]?.product
    if (!known.has(product)) known.set(product, verdictOn(product, policies, asked))
    return known.get(product)
  }
}

/** Whether a policy has anything to say on variants of a product, or of none. */
export function governs({ products }: Policy, product: string | undefined): boolean {
  return products === undefined || (product !== undefined && products.includes(product))
}

interface Asked {
  readonly subject: Subject
  /** Epoch ms. */
  readonly now: number
  readonly factOf: (attribute: string) => Fact | undefined
}

function verdictOn(
  product: string | undefined,
  policies: readonly CompiledPolicy[],
  asked: Asked,
): Verdict | undefined {
  for (const policy of policies) {
    if (!governs(policy, product)) continue
    const reason = reasonOf(policy, asked, product ?? '')
    if (reason) return { policy: policy.id, version: policy.version, reason }
  }
  return undefined
}

type Kind = Policy['kind']
type PolicyOf<K extends Kind> = { [P in K]: Extract<CompiledPolicy, { kind: P }> }[K]
type Reason = SuppressionReason | undefined

function reasonOf<K extends Kind>(policy: PolicyOf<K>, asked: Asked, product: string): Reason {
  if (!KNOWN_BY[needOf(policy)](asked.subject.visitor)) {
    return policy.anonymous === 'allow' ? undefined : 'anonymous'
  }
  const test: Test<K> = TESTS[policy.kind]
  return test(policy, asked, product)
}

/** How well somebody must be known for a policy to be asked of them; whoever is not is anonymous to it. */
type Need = 'anybody' | 'browser' | 'profile' | 'person'

const KNOWN_BY: Readonly<Record<Need, (visitor: Subject['visitor']) => boolean>> = {
  anybody: () => true,
  browser: ({ tier }) => tier >= 1,
  profile: ({ tier }) => tier === 2,
  person: ({ tier, signedIn }) => tier === 2 && signedIn,
}

/**
 * Attributes are of customers, so it takes a person to have them. What a browser did, and which
 * campaigns of ours addressed it, is known of the browser itself.
 */
function needOf(policy: Policy): Need {
  switch (policy.kind) {
    case 'quiet-after':
      return 'profile'
    case 'addressed':
      return policy.attribute === undefined ? 'browser' : 'person'
    case 'rule':
      return strongest(pathsOf(policy.condition).map(needOfPath))
    default:
      return 'person'
  }
}

/** From the weakest to the strongest. */
const NEEDS = ['anybody', 'browser', 'profile', 'person'] as const satisfies readonly Need[]

function strongest(needs: readonly Need[]): Need {
  return NEEDS.findLast((need) => needs.includes(need)) ?? 'anybody'
}

/** What the gate of consent leaves out of a subject where less is known; the first that fits. */
const PATH_NEEDS: readonly (readonly [path: RegExp, need: Need])[] = [
  [/^(profile\.(attributes|ages|dates)\.|profile\.household$|visitor\.user\.)/, 'person'],
  [/^(profile\.|visitor\.signedIn$)/, 'profile'],
  [/^visitor\.(returning$|visits$|campaign\.)/, 'browser'],
]

function needOfPath(path: string): Need {
  return PATH_NEEDS.find(([form]) => form.test(path))?.[1] ?? 'anybody'
}

/** What is believed of one attribute of a customer. */
interface Fact {
  /** Null where it is confirmed that there is none. */
  readonly value: AttributeValue | null
  /** Of a date: calendar days, and full years, since. */
  readonly days: number | undefined
  readonly years: number | undefined
}

/** Nothing where it was never said, or not within `maxAge` days, or is no attribute of the site's. */
function factOf(subject: Subject, attribute: Attribute | undefined): Fact | undefined {
  if (!attribute) return undefined
  const { id: name } = attribute
  const age = numberAt(subject, `profile.ages.${name}`)
  if (age === undefined || !isBelieved(attribute, age)) return undefined
  const value = valueAt(subject, `profile.attributes.${name}`)
  return {
    value: isAttributeValue(value) ? value : null,
    days: numberAt(subject, `profile.dates.${name}.days`),
    years: numberAt(subject, `profile.dates.${name}.years`),
  }
}

function isAttributeValue(value: unknown): value is AttributeValue {
  return ['string', 'number', 'boolean'].includes(typeof value) || Array.isArray(value)
}

function numberAt(subject: Subject, path: string): number | undefined {
  const value = valueAt(subject, path)
  return typeof value === 'number' && !Number.isNaN(value) ? value : undefined
}

type Test<K extends Kind> = (policy: PolicyOf<K>, asked: Asked, product: string) => Reason

const HOUR_MS = 3_600_000

const TESTS: { readonly [K in Kind]: Test<K> } = {
  'opt-in': ({ attribute, channel }, { factOf }, product) => {
    const fact = factOf(attribute)
    if (!fact) return 'unknown'
    const { value } = fact
    const isIn = typeof value === 'object' && value?.includes(`${product}:${channel}`)
    return isIn ? undefined : 'no_opt_in'
  },
  'self-exclusion': ({ attribute }, { factOf }) => {
    const fact = factOf(attribute)
    if (!fact) return 'unknown'
    if (fact.value === null || fact.value === false) return undefined
    if (fact.value === true) return 'self_excluded'
    return whereDated(fact, (days) => (days <= 0 ? 'self_excluded' : undefined))
  },
  // That somebody has no birth date says nothing about their age.
  'under-age': ({ attribute, age }, { factOf }) => {
    const years = factOf(attribute)?.years
    if (years === undefined) return 'unknown'
    return years < age ? 'under_age' : undefined
  },
  'open-case': ({ attribute }, { factOf }) => {
    const fact = factOf(attribute)
    if (!fact) return 'unknown'
    return isOpenCase(fact.value) ? 'open_case' : undefined
  },
  'cooling-off': ({ attribute, days: most }, { factOf }) =>
    whereDated(factOf(attribute), (days) => (days < most ? 'cooling_off' : undefined)),
  'quiet-after': ({ event, hours }, { subject, now }) => {
    if (!hasProfile(subject)) return 'unknown'
    const lastAt = numberAt(subject, `profile.events.${toKey(event)}.lastAt`)
    if (lastAt === undefined) return undefined
    return now - lastAt < hours * HOUR_MS ? 'quiet_after' : undefined
  },
  // A day does not say at which hour of it: the last one counts. Our own campaigns are claimed.
  addressed: ({ attribute, hours }, { factOf }) => {
    if (attribute === undefined) return undefined
    return whereDated(factOf(attribute), (days) =>
      (days - 1) * 24 < hours ? 'addressed' : undefined,
    )
  },
  // What is unknown comes first: no `$not` can make a reason to show something of it.
  rule: ({ condition }, asked) => {
    if (!pathsOf(condition).every((path) => isKnown(path, asked))) return 'unknown'
    return matches(condition, asked.subject) ? 'rule' : undefined
  },
}

function whereDated(fact: Fact | undefined, judge: (days: number) => Reason): Reason {
  if (fact?.value === null) return undefined
  return fact?.days === undefined ? 'unknown' : judge(fact.days)
}

/** What is no number is not known to be none. */
function isOpenCase(value: Fact['value']): boolean {
  if (typeof value === 'number') return !(value <= 0)
  return typeof value === 'boolean' ? value : value !== null && value.length > 0
}

const ATTRIBUTE_PATH = /^profile\.(attributes|ages|dates)\.([^.]+)/

/** Whether there is anything to judge by at a path of a rule's condition. */
function isKnown(path: string, { subject, factOf }: Asked): boolean {
  const [, part, name] = ATTRIBUTE_PATH.exec(path) ?? []
  if (name !== undefined) {
    const fact = factOf(name)
    return part === 'dates' ? fact?.value === null || fact?.days !== undefined : fact !== undefined
  }
  if (/^(visitor\.user|profile\.traits)\./.test(path)) return valueAt(subject, path) !== undefined
  if (path.startsWith('profile.')) return hasProfile(subject)
  // Where the platform cannot place a request, it is perhaps from there.
  return !/^signals\.(country|region|city|continent)$/.test(path) || valueAt(subject, path) !== ''
}

/** Only what may be relied on says when it was read: there, what is not told of did not happen. */
const hasProfile = (subject: Subject) => numberAt(subject, 'profile.asOf') !== undefined
