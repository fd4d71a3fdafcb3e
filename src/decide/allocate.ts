import { pickByShares, rankByShares } from '../bandit/pick.ts'
import { type Share, sharesOf } from '../bandit/shares.ts'
import type { Bundle, CompiledExperience } from '../model/bundle.ts'
import type { Decision } from '../model/decision.ts'
import { SHARES, type Weights, type WeightsByExperience } from '../model/learning.ts'
import { segmentOf } from '../model/segment.ts'
import type { Answers } from './answers.ts'

export interface Context {
  readonly answers: Answers
  readonly bundle: Bundle
  readonly weights: WeightsByExperience
}

/** What an experience shows of its variants that are not shut; no picks where none is left. */
export function allocate(
  experience: CompiledExperience,
  shut: ReadonlySet<string>,
  context: Context,
): Decision {
  const { id, slot, kind } = experience
  const { answers, bundle } = context
  const segment = experience.segments ? segmentOf(experience.segments, answers.read) : ''
  const { version, arms } = currentShares(experience, segment, context)
  const draw = { arms, shut, salt: `${bundle.site.id}/${id}`, context }
  const picks = kind === 'ranked' ? rank(draw, experience.show) : pick(draw)
  return { slot, experience: id, picks, reason: kind, version, segment }
}

type Arms = readonly Share[]

interface Shares {
  readonly version: number
  readonly arms: Arms
}

/** What published weights mean, by segment, for the arms of a bundle. */
type Meanings = Map<string, { readonly of: Arms; readonly shares: Shares }>

/** Published weights never change: what they mean is found out once. */
const meanings = new WeakMap<Weights, Meanings>()

function currentShares(
  { id, kind, arms }: CompiledExperience,
  segment: string,
  { weights }: Context,
): Shares {
  const learned = kind === 'rule' ? undefined : weights[id]
  if (!learned) return { version: 0, arms }
  const bySegment: Meanings = meanings.get(learned) ?? new Map()
  meanings.set(learned, bySegment)
  const known = bySegment.get(segment)
  if (known?.of === arms) return known.shares
  const shares = toShares(learned, segment, arms, kind)
  bySegment.set(segment, { of: arms, shares })
  return shares
}

/**
 * Published shares where they cover exactly the bundle's arms; the bundle's own (version 0) elsewhere, which
 * are the ones that count in a split. A segment that nothing is known of has everybody's.
 */
function toShares(
  learned: Weights,
  segment: string,
  arms: Arms,
  kind: CompiledExperience['kind'],
): Shares {
  const shares = sharesOf(learned, segment)
  if (!shares) return { version: 0, arms }
  // Not a number where an arm is new, and neither is the sum then.
  const current = arms.map(([variant]) => [variant, shares[variant] ?? Number.NaN] as const)
  const sum = current.reduce((total, [, share]) => total + share, 0)
  const isCurrent = kind !== 'split' || current.every(([, share], arm) => share === arms[arm]?.[1])
  return sum === SHARES && isCurrent
    ? { version: learned.version, arms: current }
    : { version: 0, arms }
}

interface Draw {
  readonly arms: Arms
  readonly shut: ReadonlySet<string>
  readonly salt: string
  readonly context: Context
}

/**
 * Where the visitor's hash falls on an arm that is shut, one of the others is drawn, each in proportion
 * to its share: so theirs stays the same for everybody else, and an arm has the share it has among
 * those that are open.
 */
function pick({ arms, shut, salt, context: { answers } }: Draw): Decision['picks'] {
  const picked = pickByShares(arms, answers.bucket(salt))
  const arm = picked && arms[picked.index]
  if (!arm) return []
  const [variant, share] = arm
  if (shut.size === 0) return [{ variant, propensity: picked.propensity }]
  const open = arms.filter(([other]) => !shut.has(other))
  if (shut.has(variant)) return placed(open, 1, (other) => answers.level(`${salt}/again/${other}`))
  return [{ variant, propensity: share / open.reduce((total, [, other]) => total + other, 0) }]
}

/** Worth × probability weighs an offer; what is no offer never enters. */
function rank({ arms, shut, salt, context }: Draw, show: number): Decision['picks'] {
  const { bundle, answers } = context
  const open = arms.flatMap(([variant, share]): Share[] => {
    const offer = bundle.variants[variant]?.offer
    return offer && !shut.has(variant) ? [[variant, share * offer.value]] : []
  })
  return placed(open, show, (variant) => answers.level(`${salt}/${variant}`))
}

function placed(
  weighed: Arms,
  show: number,
  level: (variant: string) => number,
): Decision['picks'] {
  const { order, propensities } = rankByShares(
    weighed.map(([variant]) => variant),
    weighed.map(([, weight]) => weight),
    show,
    level,
  )
  return order.flatMap((index, place) => {
    const variant = weighed[index]?.[0]
    return variant === undefined ? [] : [{ variant, propensity: propensities[place] ?? 0 }]
  })
}
