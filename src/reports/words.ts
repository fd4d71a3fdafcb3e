import type { Insight, Overview, Standing } from '../model/overview.ts'
import type { Caveat, Lift, Verdict } from '../model/report.ts'
import type { Format } from './format.ts'

/** What a verdict is on: names of the variants, and the lift of the one that it names. */
export interface Judged {
  readonly verdict: Verdict
  readonly control: string | null
  readonly lift: Lift | null
  readonly nameOf: (arm: string) => string
}

/** What can be said of an experience, in one sentence that holds however often one looks. */
export function verdictWords({ verdict, control, lift, nameOf }: Judged, format: Format): string {
  const base = `“${nameOf(control ?? '')}”`
  switch (verdict.kind) {
    case 'nothing':
      return 'Nobody has been shown this yet.'
    case 'no_goal':
      return 'No goal is set, so there is nothing to compare.'
    case 'single':
      return `“${nameOf(verdict.arm)}” is the only variant.`
    case 'listed':
      return `A list; “${nameOf(verdict.arm)}” comes first most often.`
    case 'too_few':
      return `Not enough to say yet: nothing can be compared for about ${format.round(verdict.more)} more visitors.`
    case 'open':
      return openWords(verdict, `“${nameOf(verdict.arm)}”`, format)
    case 'better':
      return `“${nameOf(verdict.arm)}” is better than ${base}${byHowMuch(lift, format)}.`
    case 'control':
      return `${base} is better than anything else here.`
    case 'alike':
      return `It makes no difference worth having: none is more than ${format.rate(verdict.within)} from ${base}.`
  }
}

function openWords(
  { more }: Extract<Verdict, { kind: 'open' }>,
  front: string,
  format: Format,
): string {
  if (more === null) return `Not enough to say: ${front} is in front, by too little to wait for.`
  return `Not enough to say yet: ${front} is in front, and about ${format.round(more)} more visitors would settle it if that stays so.`
}

function byHowMuch(lift: Lift | null, format: Format): string {
  const range = lift?.relative?.always
  if (!lift?.relative || !range) return ''
  const [low, high] = range
  return `: ${format.lift(lift.relative.estimate)}, between ${format.lift(low)} and ${format.lift(high)}`
}

/** What an overview says of an experience. */
export function standingWords(standing: Standing, format: Format): string {
  return verdictWords({ ...standing, nameOf: (arm) => standing.names[arm] || arm }, format)
}

/** What is to be done, and where; `need` comes with what is broken. */
export interface Told {
  readonly tone: 'need' | 'news'
  readonly words: string
  /** The experience or the kind of thing to go to. */
  readonly to:
    | { readonly experience: string }
    | { readonly kind: 'slots' | 'experiences' | 'variants'; readonly id: string }
    | null
}

/** An insight in plain words. */
export function insightWords(
  insight: Insight,
  nameOf: (experience: string) => string,
  armOf: (experience: string, arm: string) => string,
  format: Format,
): Told {
  switch (insight.kind) {
    case 'slot_gone':
      return {
        tone: 'need',
        words: `The slot “${insight.slot}” is on no page any more: the site has changed, or its selector has to.`,
        to: { kind: 'slots', id: insight.slot },
      }
    case 'sample_ratio':
      return {
        tone: 'need',
        words: `“${nameOf(insight.experience)}” is not shown as its shares say. Do not read its figures before that is found: a cache in front of us may keep one variant.`,
        to: { experience: insight.experience },
      }
    case 'odd_source':
      return {
        tone: 'need',
        words: `Some visitors of “${nameOf(insight.experience)}” are rewarded unlike all others: robots, or a goal that is reported twice.`,
        to: { experience: insight.experience },
      }
    case 'weights_stuck':
      return {
        tone: 'need',
        words: `“${nameOf(insight.experience)}” has not learned since ${format.moment(insight.since)}, though visitors came.`,
        to: { experience: insight.experience },
      }
    case 'stale_import':
      return {
        tone: 'need',
        words: `Attributes from “${insight.source}” were last imported ${format.moment(insight.at)}; rules believe them for ${format.amount(insight.days)} days.`,
        to: null,
      }
    case 'cap_full':
      return {
        tone: 'need',
        words: `All ${format.count(insight.most)} places of “${insight.id}” are taken: nobody else gets it.`,
        to: { kind: insight.of === 'stock' ? 'variants' : 'experiences', id: insight.id },
      }
    case 'harm':
      return {
        tone: 'need',
        words: `Visitors who are left alone do better than those who get “${nameOf(insight.experience)}”.`,
        to: { experience: insight.experience },
      }
    case 'guardrail':
      return {
        tone: 'need',
        words: `“${armOf(insight.experience, insight.arm)}” does harm to “${insight.goal}” in “${nameOf(insight.experience)}”.`,
        to: { experience: insight.experience },
      }
    case 'winner':
      return {
        tone: 'news',
        words: `“${armOf(insight.experience, insight.arm)}” has won in “${nameOf(insight.experience)}”.`,
        to: { experience: insight.experience },
      }
    case 'control_best':
      return {
        tone: 'news',
        words: `In “${nameOf(insight.experience)}” nothing beats “${armOf(insight.experience, insight.arm)}”.`,
        to: { experience: insight.experience },
      }
    case 'nobody':
      return {
        tone: 'news',
        words: `Nobody got “${nameOf(insight.experience)}” for a week: does anybody match its audience?`,
        to: { experience: insight.experience },
      }
  }
}

/** An overview's insights in words, in its own order. */
export function toTold({ insights, experiences }: Overview, format: Format): readonly Told[] {
  const known = new Map(experiences.map((experience) => [experience.id, experience]))
  const nameOf = (id: string) => known.get(id)?.name ?? id
  const armOf = (id: string, arm: string) => known.get(id)?.names[arm] || arm
  return insights.map((insight) => insightWords(insight, nameOf, armOf, format))
}

/** What has to be known to read a report right. */
export const CAVEAT_WORDS: Readonly<Record<Caveat, string>> = {
  sample_ratio:
    'Variants are not shown as their shares say. Until it is found why, nothing here can be believed; most often a cache in front of us keeps one variant.',
  odd_source:
    'Some visitors are rewarded far more often, or more rarely, than all others: robots, or a goal that is reported twice.',
  aggregate:
    'Visitors without consent are counted with the variants, but cannot be left alone: compared with the holdout they may be other people.',
  window:
    'Many of these visitors came so recently that their rewards may be still to come. Comparisons hold, rates will rise.',
  mixed:
    'Segments are shown variants by shares of their own, so plain rates mix other people for each variant. Comparisons, and what is believed, do not.',
  reshared:
    'Its shares were changed on the way, so plain rates mix other times for each variant. Comparisons, and what is believed, do not.',
  shut: 'Some variants are kept from some visitors, by dates, stock or audience: those who got them are not quite like those who did not.',
}
