import { evenShares, toShares } from '../bandit/shares.ts'
import { pathsOf } from '../decide/condition.ts'
import {
  BUNDLE_FORMAT,
  type BundleDocument,
  type CompiledExperience,
  type CompiledVariant,
  type Segment,
} from '../model/bundle.ts'
import type { Configuration } from '../model/configuration.ts'
import type { Allocation, Experience } from '../model/experience.ts'
import type { Policy } from '../model/policy.ts'
import type { Problem } from '../model/problem.ts'
import { basesOf } from '../model/profile-path.ts'
import { err, ok, type Result } from '../model/result.ts'
import { toKey } from '../model/subject.ts'
import type { Offer } from '../model/variant.ts'
import { fillTemplate } from '../render/fill.ts'
import { checkConfiguration, isWhole, type Platform, slotsOfModules } from './check.ts'

/** Compiles a configuration to the document that pages are made from, or to the list of its mistakes. */
export function compile(
  configuration: Configuration,
  platform: Platform,
): Result<BundleDocument, readonly Problem[]> {
  const problems = checkConfiguration(configuration, platform)
  if (problems.length > 0) return err(problems)
  const { site, slots, audiences, goals, experiences } = configuration
  const { attributes, counters, policies } = configuration
  const variants = compileVariants(configuration)
  const reads = readsOf(configuration, variants)
  return ok({
    format: BUNDLE_FORMAT,
    site,
    slots,
    variants,
    audiences: Object.fromEntries(audiences.map(({ id, condition }) => [id, condition])),
    policies: policies.map((policy) => ({ ...policy, version: nameOf(JSON.stringify(policy)) })),
    attributes,
    counters,
    goals,
    experiences: experiences
      .filter(({ paused }) => !paused)
      .toSorted((a, b) => b.priority - a.priority)
      .map(compileExperience),
    reads,
    readsKey: nameOf(reads.join('\n')),
  })
}

function compileVariants(configuration: Configuration): Record<string, CompiledVariant> {
  const moduleById = new Map(configuration.modules.map((module) => [module.id, module]))
  const slots = slotsOfModules(configuration)
  return Object.fromEntries(
    configuration.variants.flatMap(({ id, module: name, content, offer, product }) => {
      const module = moduleById.get(name)
      if (!module) return []
      const segments = fillTemplate(module, content, { whole: isWhole(slots.get(name)) })
      const compiled = offer && { offer: compileOffer(offer) }
      return [[id, { segments, ...(product && { product }), ...compiled }]]
    }),
  )
}

function compileOffer({ value, from, until, eligible, stock }: Offer): CompiledVariant['offer'] {
  return {
    value,
    ...(from && { from: Date.parse(from) }),
    ...(until && { until: Date.parse(until) }),
    ...(eligible && { eligible }),
    ...(stock !== undefined && { stock }),
  }
}

const HOUR_MS = 3_600_000

function compileExperience(experience: Experience): CompiledExperience {
  const { id, slot, audience, layer, variants, allocation, goal, window } = experience
  const { watched = [], attribution, sticky, cap, campaign, from, until } = experience
  const shares =
    allocation.kind === 'split'
      ? toShares(variants.map(({ weight }) => weight))
      : evenShares(variants.length)
  const single = allocation.kind === 'split' && variants.length === 1
  return {
    id,
    slot,
    ...(audience && { audience }),
    ...(layer && { layer }),
    kind: single ? 'rule' : allocation.kind,
    arms: variants.map(({ variant }, arm) => [variant, shares[arm] ?? 0] as const),
    show: allocation.kind === 'ranked' ? allocation.show : 1,
    ...(goal && { goal }),
    ...(watched.length > 0 && { watched: watched.map((other) => other.goal) }),
    ...compileLearning(allocation),
    window: window * HOUR_MS,
    ...(attribution === 'all' && { attribution }),
    ...(sticky && { sticky }),
    ...(cap && { cap }),
    ...(campaign && { campaign }),
    ...(from && { from: Date.parse(from) }),
    ...(until && { until: Date.parse(until) }),
  }
}

/** Least share of an arm whose lift is measured, and of one whose lift is not. */
const FLOORS = { measured: 0.01, unmeasured: 0.002 }

type CompiledLearning = Pick<
  CompiledExperience,
  'rung' | 'floor' | 'aim' | 'pace' | 'halfLife' | 'segments'
>

function compileLearning(allocation: Allocation): CompiledLearning {
  if (allocation.kind === 'split') return { rung: 'delivered', floor: 0 }
  const { rung, measured, floor, aim, pace, halfLife, segments } = allocation
  return {
    rung,
    floor: floor ?? (measured ? FLOORS.measured : FLOORS.unmeasured),
    ...(aim !== 'rewards' && { aim }),
    ...(pace !== 'auto' && { pace }),
    ...(halfLife && { halfLife }),
    ...(segments.length > 0 && { segments }),
  }
}

/** What a visitor's snapshot must hold for all that rules, policies and templates name. */
function readsOf(
  { audiences, policies }: Configuration,
  variants: Readonly<Record<string, CompiledVariant>>,
): string[] {
  const paths = [
    ...audiences.flatMap(({ condition }) => pathsOf(condition)),
    ...policies.flatMap(pathsOfPolicy),
    ...Object.values(variants).flatMap(({ segments }) => segments.flatMap(pathsOfSegment)),
  ]
  return [...new Set(paths.flatMap((path) => basesOf(path) ?? []))].sort()
}

function pathsOfPolicy(policy: Policy): string[] {
  if (policy.kind === 'rule') return pathsOf(policy.condition)
  if (policy.kind === 'quiet-after') return [`profile.events.${toKey(policy.event)}.lastAt`]
  return policy.attribute === undefined ? [] : [`profile.attributes.${policy.attribute}`]
}

function pathsOfSegment(segment: Segment): string[] {
  if (typeof segment === 'string') return []
  const inner = segment[0] === 'v' ? [] : segment[2].flatMap(pathsOfSegment)
  return [segment[1], ...inner]
}

/** Short name of a text: it need only differ from that of the bundles before and after. */
function nameOf(text: string): string {
  let hash = 0
  for (const character of text) {
    hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0
  }
  return hash.toString(36)
}
