import { checkCondition, type PathRule } from '../decide/condition.ts'
import type { AttributeType } from '../model/attribute.ts'
import type { Condition } from '../model/audience.ts'
import { type Configuration, KINDS } from '../model/configuration.ts'
import type { Experience, LayerRange } from '../model/experience.ts'
import type { Goal } from '../model/goal.ts'
import type { Policy } from '../model/policy.ts'
import type { Problem, ProblemCode } from '../model/problem.ts'
import { countSegments, MOST_CELLS, MOST_SEGMENTS } from '../model/segment.ts'
import type { Site } from '../model/site.ts'
import type { Slot } from '../model/slot.ts'
import { checkAttributeUse, checkTemplate } from '../render/template.ts'
import { isZone } from '../visitor/zone.ts'
import { checkContent } from './content.ts'
import { dimensionsOf, type Reference, referencesOf } from './references.ts'

/** What a check needs of the platform it runs on. */
export interface Platform {
  /** Whether HTMLRewriter understands a selector. */
  readonly isSelector: (selector: string) => boolean
  /** Whether pages and keys may be fetched from this URL. */
  readonly isAllowedUrl: (url: string) => boolean
}

type Check = (configuration: Configuration, platform: Platform) => Problem[]

/** Every mistake of a configuration; a bundle is compiled only when there is none. */
export function checkConfiguration(configuration: Configuration, platform: Platform): Problem[] {
  return CHECKS.flatMap((check) => check(configuration, platform))
}

const CHECKS: readonly Check[] = [
  checkSite,
  checkIds,
  checkReferences,
  checkSlots,
  checkModules,
  checkVariants,
  checkConditions,
  checkPolicies,
  checkExperiences,
  checkLayers,
]

function problem(code: ProblemCode, pointer: string, detail: string): Problem {
  return { code, pointer, detail }
}

function checkSite({ site }: Configuration, { isAllowedUrl }: Platform): Problem[] {
  const urls = [
    { pointer: '/site/origin', url: site.origin },
    ...(site.jwt?.keys.kind === 'remote'
      ? [{ pointer: '/site/jwt/keys/url', url: site.jwt.keys.url }]
      : []),
    ...(site.notify ? [{ pointer: '/site/notify/url', url: site.notify.url }] : []),
  ]
  return [
    ...(isZone(site.timezone)
      ? []
      : [problem('invalid_timezone', '/site/timezone', 'Use an IANA zone such as Europe/Rome.')]),
    ...(isOrigin(site.origin)
      ? []
      : [
          problem(
            'origin_refused',
            '/site/origin',
            'Write scheme, host and port, and nothing more.',
          ),
        ]),
    ...urls
      .filter(({ url }) => !isAllowedUrl(url))
      .map(({ pointer }) =>
        problem('origin_refused', pointer, 'Use a public https host, without a path of ours.'),
      ),
  ]
}

function isOrigin(text: string): boolean {
  const { origin, href } = new URL(text)
  return href === `${origin}/`
}

/** Ids, and hosts, that stand twice where they must stand once. A draft with such cannot be kept. */
export function checkIds(configuration: Configuration): Problem[] {
  const twice = KINDS.flatMap((kind) => findTwice(configuration[kind], `/${kind}`))
  return [...checkSiteIds(configuration.site, '/site'), ...twice]
}

/** The same within a site's own document. */
export function checkSiteIds({ hosts, layers = [] }: Site, pointer: string): Problem[] {
  const repeated = hosts.flatMap((host, place) =>
    hosts.indexOf(host) < place
      ? [problem('duplicate_id', `${pointer}/hosts/${place}`, `“${host}” is there already.`)]
      : [],
  )
  return [...repeated, ...findTwice(layers, `${pointer}/layers`)]
}

function findTwice(things: readonly { readonly id: string }[], pointer: string): Problem[] {
  const seen = new Set<string>()
  return things.flatMap(({ id }, place) => {
    const again = seen.has(id)
    seen.add(id)
    return again
      ? [problem('duplicate_id', `${pointer}/${place}/id`, `“${id}” is there already.`)]
      : []
  })
}

function checkReferences(configuration: Configuration): Problem[] {
  const known: readonly { kind: Reference['kind']; things: readonly { id: string }[] }[] = [
    ...KINDS.map((kind) => ({ kind, things: configuration[kind] })),
    { kind: 'layers', things: configuration.site.layers ?? [] },
  ]
  const ids = new Map(known.map(({ kind, things }) => [kind, new Set(things.map(({ id }) => id))]))
  return referencesOf(configuration)
    .filter(({ kind, id }) => !ids.get(kind)?.has(id))
    .map(({ kind, id, pointer }) =>
      problem('unknown_reference', pointer, `There is no “${id}” among the ${kind}.`),
    )
}

/** Attributes by which a value could run script or restyle the page. */
const REFUSED_ATTRIBUTES = /^(on.*|srcdoc|style)$/

function checkSlots({ slots }: Configuration, { isSelector }: Platform): Problem[] {
  return slots.flatMap(({ selector, pages, attribute }, place) => [
    ...(isSelector(selector)
      ? []
      : [
          problem(
            'unsupported_selector',
            `/slots/${place}/selector`,
            'HTMLRewriter does not know this selector; it has no +, ~, :has() or pseudo-elements.',
          ),
        ]),
    ...(attribute && REFUSED_ATTRIBUTES.test(attribute)
      ? [problem('unsafe_attribute', `/slots/${place}/attribute`, 'This attribute can run script.')]
      : []),
    ...checkPatterns(pages, `/slots/${place}/pages`),
  ])
}

function checkPatterns(pages: readonly string[], pointer: string): Problem[] {
  return pages.flatMap((pathname, place) => {
    const at = `${pointer}/${place}`
    if (/^\/_sv(\/|$)/.test(pathname)) return [problem('reserved_path', at, '/_sv/ is reserved.')]
    return isPlainPattern(pathname)
      ? []
      : [problem('invalid_pattern', at, 'Use URLPattern syntax without (…), such as /products/*.')]
  })
}

/** Visitors choose the path: a regular expression of one's own may take seconds over some. */
function isPlainPattern(pathname: string): boolean {
  try {
    return !new URLPattern({ pathname }).hasRegExpGroups
  } catch {
    return false
  }
}

/** How a module's variants are inserted: as an element of their own, or as an attribute's value. */
export function slotsOfModules(configuration: Configuration): ReadonlyMap<string, Slot[]> {
  const slotById = new Map(configuration.slots.map((slot) => [slot.id, slot]))
  const moduleOf = new Map(configuration.variants.map(({ id, module }) => [id, module]))
  const uses = configuration.experiences.flatMap(({ slot, variants }) =>
    variants.map(({ variant }) => ({ module: moduleOf.get(variant), slot: slotById.get(slot) })),
  )
  const slots = new Map<string, Slot[]>()
  for (const { module, slot } of uses) {
    if (module && slot) slots.set(module, [...(slots.get(module) ?? []), slot])
  }
  return slots
}

/** A module that fills an attribute somewhere has a template of plain text. */
export function isWhole(slots: readonly Slot[] | undefined): boolean {
  return !slots?.some(({ operation }) => operation === 'set-attribute')
}

function checkModules(configuration: Configuration): Problem[] {
  const uses = slotsOfModules(configuration)
  return configuration.modules.flatMap((module, place) => {
    const slots = uses.get(module.id)
    const whole = isWhole(slots)
    const mixed = !whole && slots?.some(({ operation }) => operation !== 'set-attribute')
    return [
      ...checkTemplate(module, { whole }),
      ...(mixed ? [MIXED_USE] : []),
      ...(slots ?? []).flatMap(({ attribute }) =>
        attribute ? checkAttributeUse(module, attribute) : [],
      ),
    ].map(({ code, detail }) => problem(code, `/modules/${place}/template`, detail))
  })
}

const MIXED_USE = {
  code: 'invalid_template',
  detail: 'This module fills an attribute in one slot and an element in another; make two of it.',
} as const

function checkVariants({ variants, modules }: Configuration): Problem[] {
  const moduleById = new Map(modules.map((module) => [module.id, module]))
  return variants.flatMap((variant, place) => {
    const module = moduleById.get(variant.module)
    const { offer } = variant
    return [
      ...(module ? checkContent(module.fields, variant.content, `/variants/${place}/content`) : []),
      ...checkSchedule(offer?.from, offer?.until, `/variants/${place}/offer/until`),
    ]
  })
}

/** Events carry flat properties under names of their senders' choice. */
const isPropertyName: PathRule = (path) => /^[A-Za-z_][\w -]{0,127}$/.test(path)

function checkConditions({ audiences, policies, counters, goals }: Configuration): Problem[] {
  const check = (condition: Condition, pointer: string, rule?: PathRule) =>
    checkCondition(condition, rule).map((found) =>
      problem(found.code, `${pointer}${found.pointer}`, found.detail),
    )
  return [
    ...audiences.flatMap(({ condition }, place) =>
      check(condition, `/audiences/${place}/condition`),
    ),
    ...policies.flatMap((policy, place) =>
      policy.kind === 'rule' ? check(policy.condition, `/policies/${place}/condition`) : [],
    ),
    ...counters.flatMap(({ condition }, place) =>
      condition ? check(condition, `/counters/${place}/condition`, isPropertyName) : [],
    ),
    ...goals.flatMap((goal, place) => {
      if (goal.kind === 'page') return checkPatterns(goal.pages, `/goals/${place}/pages`)
      if (goal.kind !== 'event' || !goal.condition) return []
      return check(goal.condition, `/goals/${place}/condition`, isPropertyName)
    }),
  ]
}

/** Types of attribute that a kind of policy can judge by; all others would keep everything back. */
const JUDGED_BY: Readonly<Partial<Record<Policy['kind'], readonly AttributeType[]>>> = {
  'opt-in': ['list'],
  'self-exclusion': ['flag', 'date'],
  'under-age': ['date'],
  'open-case': ['flag', 'number', 'list'],
  'cooling-off': ['date'],
  addressed: ['date'],
}

function checkPolicies({ policies, attributes }: Configuration): Problem[] {
  const typeOf = new Map(attributes.map(({ id, type }) => [id, type]))
  return policies.flatMap((policy, place) => {
    const type = 'attribute' in policy ? typeOf.get(policy.attribute ?? '') : undefined
    const fitting = JUDGED_BY[policy.kind] ?? []
    if (type === undefined || fitting.includes(type)) return []
    const detail = `“${policy.kind}” goes by an attribute of type ${fitting.join(' or ')}.`
    return [problem('invalid', `/policies/${place}/attribute`, detail)]
  })
}

function checkExperiences({ experiences, variants, goals }: Configuration): Problem[] {
  const offers = new Set(variants.filter(({ offer }) => offer).map(({ id }) => id))
  return experiences.flatMap((experience, place) => {
    const at = `/experiences/${place}`
    return [
      ...checkSchedule(experience.from, experience.until, `${at}/until`),
      ...checkArms(experience, at),
      ...checkSegments(experience, at),
      ...checkSticky(experience, at),
      ...checkGoalTime(experience, goals, at),
      ...checkWatched(experience, at),
      ...(experience.allocation.kind === 'ranked'
        ? experience.variants.flatMap(({ variant }, arm) =>
            offers.has(variant)
              ? []
              : [
                  problem(
                    'not_an_offer',
                    `${at}/variants/${arm}/variant`,
                    `“${variant}” needs an offer (its value) to stand in a ranked list.`,
                  ),
                ],
          )
        : []),
    ]
  })
}

/** A visitor keeps one variant, not an order of many. */
function checkSticky({ sticky, allocation }: Experience, at: string): Problem[] {
  if (!sticky || allocation.kind !== 'ranked') return []
  return [problem('invalid', `${at}/sticky`, 'A ranked list cannot be kept: leave this out.')]
}

/** Whatever does not run takes no part of its layer. */
function checkLayers({ experiences }: Configuration): Problem[] {
  const parts = experiences.flatMap(({ id, layer, paused }, place) =>
    layer && !paused ? [{ id, layer, place }] : [],
  )
  return parts.flatMap(({ layer, place }, index) => {
    const other = parts.slice(0, index).find((earlier) => overlap(earlier.layer, layer))
    if (!other) return []
    const detail = `“${other.id}” has ${other.layer.from}–${other.layer.to} of this layer already.`
    return [problem('layer_overlap', `/experiences/${place}/layer`, detail)]
  })
}

function overlap(one: LayerRange, other: LayerRange): boolean {
  return one.id === other.id && one.from < other.to && other.from < one.to
}

/** A goal that counts from a time on has to do so before the window is over. */
function checkGoalTime(
  { goal, watched = [], window }: Experience,
  goals: readonly Goal[],
  at: string,
): Problem[] {
  const names = new Set([goal, ...watched.map((other) => other.goal)])
  return goals.flatMap((met) => {
    if (!names.has(met.id) || met.kind === 'click' || (met.after ?? 0) < window) return []
    const detail = `“${met.id}” counts from ${met.after} h on: make the window longer than that.`
    return [problem('goal_too_late', `${at}/window`, detail)]
  })
}

/** Each goal is counted once. */
function checkWatched({ goal, watched = [] }: Experience, at: string): Problem[] {
  const names = watched.map((other) => other.goal)
  return names.flatMap((name, place) => {
    const detail = `“${name}” is counted already: leave this out.`
    const isAgain = name === goal || names.indexOf(name) < place
    return isAgain ? [problem('duplicate_id', `${at}/watched/${place}/goal`, detail)] : []
  })
}

/** Each segment has a share for each arm, in weights that every edge holds. */
function checkSegments({ variants, allocation }: Experience, at: string): Problem[] {
  const most = Math.min(MOST_SEGMENTS, Math.floor(MOST_CELLS / variants.length))
  const count = countSegments(dimensionsOf(allocation))
  if (count <= most) return []
  const detail = `These make ${count} segments; with ${variants.length} variants there can be ${most}.`
  return [problem('too_many_segments', `${at}/allocation/segments`, detail)]
}

function checkArms({ variants, allocation, goal }: Experience, at: string): Problem[] {
  const names = variants.map(({ variant }) => variant)
  const again = names.findIndex((name, arm) => names.indexOf(name) < arm)
  return [
    ...(again < 0
      ? []
      : [
          problem('duplicate_id', `${at}/variants/${again}/variant`, 'A variant stands here once.'),
        ]),
    ...(allocation.kind === 'split' && variants.every(({ weight }) => weight === 0)
      ? [
          problem(
            'invalid_weights',
            `${at}/variants`,
            'Give at least one variant a weight above 0.',
          ),
        ]
      : []),
    ...(allocation.kind !== 'split' && goal === undefined
      ? [problem('goal_missing', `${at}/goal`, 'Name the goal that this experience learns from.')]
      : []),
  ]
}

function checkSchedule(
  from: string | undefined,
  until: string | undefined,
  pointer: string,
): Problem[] {
  return from !== undefined && until !== undefined && Date.parse(from) >= Date.parse(until)
    ? [problem('invalid_schedule', pointer, 'The end must come after the start.')]
    : []
}
