import { sentenceOf } from '../../model/condition-sentence.ts'
import type { Configuration, Kind } from '../../model/configuration.ts'
import { experienceSentence } from '../experiences/experience-sentence.ts'
import { toNames } from '../experiences/names.ts'
import type { DocOf } from './things.ts'

type Draft = Configuration | null

/** How each kind is told apart in its list. */
const SUMMARIES: { readonly [K in Kind]: (doc: DocOf<K>, draft: Draft) => string } = {
  slots: ({ selector, pages }) => `${selector} on ${pages.join(', ')}`,
  modules: ({ fields }) => {
    const labels = Object.entries(fields).map(([name, { label }]) => label || name)
    return labels.length === 0 ? 'Has no fields' : `Fields: ${labels.join(', ')}`
  },
  variants: ({ module, content, offer }, draft) => {
    const words = Object.values(content).find((value) => typeof value === 'string' && value !== '')
    const kind = draft?.modules.find(({ id }) => id === module)?.name || module
    return [kind, ...(offer ? ['offer'] : []), ...(words ? [`“${words}”`] : [])].join(' · ')
  },
  attributes: ({ type, maxAge }) => (maxAge ? `${type}, believed for ${maxAge} days` : type),
  counters: ({ event, sum }) => (sum ? `${event}, adding up ${sum}` : event),
  policies: ({ kind, products }) => `${kind} · ${products?.join(', ') ?? 'all variants'}`,
  audiences: ({ condition }) => sentenceOf(condition),
  goals: (goal) => {
    if (goal.kind === 'click') return 'A click inside the variant'
    return goal.kind === 'page' ? `A page: ${goal.pages.join(', ')}` : `An event: ${goal.event}`
  },
  experiences: (doc, draft) => experienceSentence(doc, toNames(draft)),
}

/** A thing in a line. */
export function summaryOf<K extends Kind>(kind: K, doc: DocOf<K>, draft: Draft): string {
  return SUMMARIES[kind](doc, draft)
}
