import type { SiteRows } from '../db/site-report.ts'
import type { Configuration } from '../model/configuration.ts'
import type { Experience } from '../model/experience.ts'
import type { Insight, Standing } from '../model/overview.ts'
import type { SlotHealth } from '../model/slot-health.ts'

/** What is known of a site beside its counts. */
export interface Circumstances {
  readonly standings: readonly Standing[]
  readonly slots: readonly SlotHealth[]
  readonly caps: readonly {
    readonly kind: 'group' | 'stock'
    readonly id: string
    readonly most: number
    readonly free: number
  }[]
  /** Imports of attributes, the newest first. */
  readonly imports: readonly {
    readonly source: string
    readonly kind: string
    readonly finished: number | null
  }[]
  /** When what is published now was published; nothing where nothing is. */
  readonly publishedAt: number | null
  /** Epoch ms. */
  readonly now: number
}

const DAY_MS = 86_400_000

/** Pages that must have looked for a slot in vain before it is called gone. */
const LEAST_PAGES = 20
/** Exposures under the newest weights that would long have made others: a tenth more is enough. */
const LEAST_STUCK = 1_000
const STUCK_PART = 0.5

type Rule = (draft: Configuration, rows: SiteRows, known: Circumstances) => readonly Insight[]

/** What needs a person comes first, then what changed. */
const RULES: readonly Rule[] = [
  (_, __, { slots }) =>
    slots.filter(isGone).map(({ slot, lastFoundAt }) => {
      return { kind: 'slot_gone', slot, lastFoundAt }
    }),
  (_, __, { standings }) => withCaveat(standings, 'sample_ratio'),
  (_, __, { standings }) => withCaveat(standings, 'odd_source'),
  (draft, rows) => draft.experiences.flatMap((experience) => stuck(experience, rows)),
  (draft, _, known) => staleImports(draft, known),
  (_, __, { caps }) =>
    caps
      .filter(({ free }) => free <= 0)
      .map(({ kind, id, most }) => {
        return { kind: 'cap_full', of: kind, id, most }
      }),
  (_, __, { standings }) =>
    standings.flatMap(({ id, worth }): Insight[] => {
      return worth?.clear === 'below' ? [{ kind: 'harm', experience: id }] : []
    }),
  (_, __, { standings }) =>
    standings.flatMap(({ id, harmed }) =>
      harmed.map(({ arm, goal }) => ({ kind: 'guardrail', experience: id, arm, goal })),
    ),
  (_, __, { standings }) => standings.flatMap(toWinner),
  (draft, _, known) => draft.experiences.flatMap((experience) => nobody(experience, known)),
]

/** What somebody should know of a site; nothing is told that nobody could do anything about. */
export function toInsights(draft: Configuration, rows: SiteRows, known: Circumstances): Insight[] {
  return RULES.flatMap((rule) => rule(draft, rows, known))
}

function isGone({ pages, missing }: SlotHealth): boolean {
  return pages >= LEAST_PAGES && missing === pages
}

function withCaveat(
  standings: readonly Standing[],
  kind: 'sample_ratio' | 'odd_source',
): Insight[] {
  return standings
    .filter(({ caveats }) => caveats.includes(kind))
    .map(({ id }) => ({ kind, experience: id }))
}

/** Half of everything was counted under one version: another should long have followed. */
function stuck(experience: Experience, rows: SiteRows): Insight[] {
  const { id, allocation } = experience
  const { totals, current } = rows.of(experience)
  if (allocation.kind === 'split' || !current) return []
  const sum = (list: typeof totals) => list.reduce((all, { counts }) => all + counts.delivered, 0)
  const own = sum(totals.filter(({ version }) => version === current.version))
  if (own < LEAST_STUCK || own < STUCK_PART * sum(totals)) return []
  return [{ kind: 'weights_stuck', experience: id, since: current.at }]
}

/** Sources whose newest import is older than the shortest life of an attribute. */
function staleImports({ attributes }: Configuration, { imports, now }: Circumstances): Insight[] {
  const lives = attributes.flatMap(({ maxAge }) => maxAge ?? [])
  if (lives.length === 0) return []
  const days = Math.min(...lives)
  const newest = new Map<string, number>()
  for (const { source, finished } of imports) {
    newest.set(source, Math.max(newest.get(source) ?? 0, finished ?? 0))
  }
  return [...newest]
    .filter(([, at]) => at > 0 && now - at > days * DAY_MS)
    .map(([source, at]) => ({ kind: 'stale_import', source, at, days }))
}

function toWinner({ id, verdict }: Standing): Insight[] {
  if (verdict.kind === 'better') return [{ kind: 'winner', experience: id, arm: verdict.arm }]
  if (verdict.kind === 'control') {
    return [{ kind: 'control_best', experience: id, arm: verdict.arm }]
  }
  return []
}

/** It could have been shown for a week, and was not. */
function nobody(
  { id, paused, from, until }: Experience,
  { standings, publishedAt, now }: Circumstances,
): Insight[] {
  const since = Math.max(publishedAt ?? now, from ? Date.parse(from) : 0)
  const isOver = until !== undefined && Date.parse(until) <= now
  if (paused || isOver || now - since < 7 * DAY_MS) return []
  const standing = standings.find((one) => one.id === id)
  return standing?.lately === 0 ? [{ kind: 'nobody', experience: id }] : []
}
